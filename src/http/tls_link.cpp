// SPDX-License-Identifier: Apache-2.0
#include "http/tls_link.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include "http/openssl_pointer.hpp"

namespace ward::http {
namespace {

// OpenSSL's own socket BIO raises SIGPIPE when the peer is gone.
int send_without_signal(BIO* bio, const char* source, int size) {
    int socket = -1;
    BIO_get_fd(bio, &socket);
    BIO_clear_retry_flags(bio);
    const auto sent = ::send(socket, source, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_retry_write(bio);
    return static_cast<int>(sent);
}

BIO_METHOD* make_socket_method() {
    const auto* model = BIO_s_socket();
    auto* method =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "ward socket");
    if (method == nullptr) return nullptr;
    BIO_meth_set_write(method, send_without_signal);
    BIO_meth_set_read(method, BIO_meth_get_read(model));
    BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(model));
    BIO_meth_set_create(method, BIO_meth_get_create(model));
    BIO_meth_set_destroy(method, BIO_meth_get_destroy(model));
    return method;
}

CertificatePointer next_certificate(BIO& pem) {
    CertificatePointer certificate{PEM_read_bio_X509(&pem, nullptr, nullptr, nullptr)};
    if (!certificate) ERR_clear_error();   // the end of the file is an error, too
    return certificate;
}

BioPointer borrow(std::string_view text) {
    return BioPointer{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

bool use_certificates(SSL_CTX& role, std::string_view pem) {
    const auto bytes = borrow(pem);
    const auto leaf = next_certificate(*bytes);
    if (!leaf || SSL_CTX_use_certificate(&role, leaf.get()) != 1) return false;
    while (const auto intermediate = next_certificate(*bytes))
        if (SSL_CTX_add1_chain_cert(&role, intermediate.get()) != 1) return false;
    return true;
}

bool use_key(SSL_CTX& role, const PrivateKey& key) {
    const auto der = key.reveal();
    const auto* octets = static_cast<const unsigned char*>(static_cast<const void*>(der.data()));
    const KeyPointer parsed{d2i_AutoPrivateKey(nullptr, &octets, static_cast<long>(der.size()))};
    return parsed && SSL_CTX_use_PrivateKey(&role, parsed.get()) == 1 &&
           SSL_CTX_check_private_key(&role) == 1;
}

Result<> use(SSL_CTX& role, const TlsIdentity& identity) {
    if (!use_certificates(role, identity.certificate_pem))
        return openssl_failure(Errc::malformed, "read the TLS certificate");
    if (!use_key(role, identity.key)) return openssl_failure(Errc::malformed, "read the TLS private key");
    return {};
}

// RFC 7301: whoever offers protocols and http/1.1 among them gets it; others are served as if they had not
// asked.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
    unsigned char* found = nullptr;
    const int result = SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offered_size);
    *chosen = found;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

bool set_up(SSL_CTX& role) {
    SSL_CTX_set_options(&role,
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_clear_options(&role, SSL_OP_LEGACY_SERVER_CONNECT);
    // Idle connections give their 34 KiB of buffers back; a write may continue from a buffer that has moved.
    SSL_CTX_set_mode(&role, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_read_ahead(&role, 1);   // one recv a record, not two
    SSL_CTX_set_session_cache_mode(&role, SSL_SESS_CACHE_OFF);
    return SSL_CTX_set_min_proto_version(&role, TLS1_2_VERSION) == 1 &&
           SSL_CTX_set_cipher_list(&role, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1 &&
           SSL_CTX_set1_groups_list(&role, "X25519:P-256:P-384") == 1;
}

/// Every certificate of the text. A pinned one need not be an authority's.
Result<> trust(SSL_CTX& role, std::string_view pem) {
    auto* store = SSL_CTX_get_cert_store(&role);
    const auto bytes = borrow(pem);
    auto trusted = next_certificate(*bytes);
    if (!trusted) return fail(Errc::malformed, "read the trusted certificate");
    for (; trusted; trusted = next_certificate(*bytes))
        if (X509_STORE_add_cert(store, trusted.get()) != 1)
            return openssl_failure(Errc::unavailable, "trust a certificate");
    if (X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN) != 1)
        return openssl_failure(Errc::unavailable, "trust a certificate");
    return {};
}

}   // namespace

void TlsLink::Free::operator()(ssl_st* link) const noexcept { SSL_free(link); }
void TlsRole::Free::operator()(ssl_ctx_st* role) const noexcept { SSL_CTX_free(role); }
void TlsRole::Free::operator()(bio_method_st* method) const noexcept { BIO_meth_free(method); }

TlsRole::TlsRole(std::unique_ptr<bio_method_st, Free> method, std::unique_ptr<ssl_ctx_st, Free> role)
    : method_(std::move(method)), role_(std::move(role)) {}

Result<TlsRole> TlsRole::make(const void* method) {
    std::unique_ptr<bio_method_st, Free> socket_method{make_socket_method()};
    std::unique_ptr<ssl_ctx_st, Free> role{SSL_CTX_new(static_cast<const SSL_METHOD*>(method))};
    if (!socket_method || !role || !set_up(*role)) return openssl_failure(Errc::unavailable, "set up TLS");
    return TlsRole{std::move(socket_method), std::move(role)};
}

Result<TlsRole> TlsRole::server(const TlsIdentity& identity) {
    auto made = TRY(make(TLS_server_method()));
    auto& role = *made.role_;
    TRY(use(role, identity));
    SSL_CTX_set_alpn_select_cb(&role, choose_protocol, nullptr);
    SSL_CTX_set_num_tickets(&role, 1);
    return made;
}

Result<TlsRole> TlsRole::server(const TlsIdentity& identity, const TlsClients& clients) {
    auto made = TRY(server(identity));
    auto& role = *made.role_;
    TRY(trust(role, clients.authorities_pem));
    const bool required = clients.need == TlsClients::Need::required;
    // A resumed session is one of a client that was verified by this server.
    constexpr std::array<unsigned char, 4> session_context{'w', 'a', 'r', 'd'};
    if (SSL_CTX_set_session_id_context(&role, session_context.data(), session_context.size()) != 1)
        return openssl_failure(Errc::unavailable, "set up TLS");
    SSL_CTX_set_verify(&role, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
    return made;
}

Result<TlsRole> TlsRole::client(std::string_view trusted_certificate_pem) {
    auto made = TRY(make(TLS_client_method()));
    TRY(trust(*made.role_, trusted_certificate_pem));
    SSL_CTX_set_verify(made.role_.get(), SSL_VERIFY_PEER, nullptr);
    return made;
}

Result<TlsRole> TlsRole::client(std::string_view trusted_certificate_pem, const TlsIdentity& identity) {
    auto made = TRY(client(trusted_certificate_pem));
    TRY(use(*made.role_, identity));
    return made;
}

Result<TlsLink> TlsRole::link(int socket) const {
    TlsLink made{SSL_new(role_.get())};
    BioPointer bio{BIO_new(method_.get())};
    if (!made.link_ || !bio) return openssl_failure(Errc::unavailable, "begin a TLS connection");
    BIO_set_fd(bio.get(), socket, BIO_NOCLOSE);
    auto* shared = bio.release();
    SSL_set_bio(made.link_.get(), shared, shared);
    return made;
}

Result<TlsLink> TlsRole::accept(int socket) const {
    auto made = TRY(link(socket));
    SSL_set_accept_state(made.link_.get());
    return made;
}

Result<TlsLink> TlsRole::connect(int socket, const std::string& host) const {
    auto made = TRY(link(socket));
    auto* ssl = made.link_.get();
    SSL_set_connect_state(ssl);
    auto* checks = SSL_get0_param(ssl);
    // An address is matched against the certificate's addresses, anything else against its names.
    const bool is_address = X509_VERIFY_PARAM_set1_ip_asc(checks, host.c_str()) == 1;
    const bool ok = is_address || (SSL_set1_host(ssl, host.c_str()) == 1 &&
                                   SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                                            const_cast<char*>(host.c_str())) == 1);
    ERR_clear_error();
    if (!ok) return fail(Errc::malformed, "not a host: " + host);
    return made;
}

TlsStep TlsLink::why_not(int result) {
    switch (SSL_get_error(link_.get(), result)) {
        case SSL_ERROR_WANT_READ: return TlsStep::wants_read;
        case SSL_ERROR_WANT_WRITE: return TlsStep::wants_write;
        case SSL_ERROR_ZERO_RETURN: return TlsStep::closed;
        default: break;
    }
    const auto* reason = ERR_reason_error_string(ERR_peek_error());
    failure_ = reason == nullptr ? std::string_view{} : std::string_view{reason};
    return TlsStep::failed;
}

TlsStep TlsLink::handshake() {
    ERR_clear_error();
    const int result = SSL_do_handshake(link_.get());
    return result == 1 ? TlsStep::done : why_not(result);
}

TlsAmount TlsLink::read(std::span<char> target) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(link_.get(), target.data(), target.size(), &count);
    return result == 1 ? TlsAmount{TlsStep::done, count} : TlsAmount{why_not(result), 0};
}

TlsAmount TlsLink::write(std::string_view source) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(link_.get(), source.data(), source.size(), &count);
    return result == 1 ? TlsAmount{TlsStep::done, count} : TlsAmount{why_not(result), 0};
}

bool TlsLink::has_pending() const { return SSL_has_pending(link_.get()) == 1; }

std::optional<PeerCertificate> TlsLink::peer_certificate() const {
    const CertificatePointer certificate{SSL_get1_peer_certificate(link_.get())};
    if (!certificate) return std::nullopt;
    PeerCertificate peer;
    unsigned int size = 0;
    auto* digest = static_cast<unsigned char*>(static_cast<void*>(peer.fingerprint.data()));
    if (X509_digest(certificate.get(), EVP_sha256(), digest, &size) != 1) return std::nullopt;
    const BioPointer text{BIO_new(BIO_s_mem())};
    if (!text || X509_NAME_print_ex(text.get(), X509_get_subject_name(certificate.get()), 0,
                                    XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) < 0)
        return std::nullopt;
    char* bytes = nullptr;
    const auto count = BIO_get_mem_data(text.get(), &bytes);
    peer.subject.assign(bytes, static_cast<std::size_t>(count));
    return peer;
}

void TlsLink::close() {
    ERR_clear_error();
    SSL_shutdown(link_.get());   // refuses by itself on a link that is broken or has not shaken hands
    ERR_clear_error();
}

}   // namespace ward::http
