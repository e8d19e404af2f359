// SPDX-License-Identifier: Apache-2.0
#include "http/tls_identity.hpp"

#include <arpa/inet.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>
#include <array>

#include "http/openssl_pointer.hpp"

namespace ward::http {
namespace {

// RFC 5280, 4.1.2.2: positive and at most 20 octets; random, so that it says nothing.
constexpr int serial_bits = 127;

bool is_host_name(std::string_view name) {
    return !name.empty() && name.size() <= 253 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.';
    });
}

bool is_address(const std::string& text) {
    std::array<unsigned char, 16> parsed{};
    return inet_pton(AF_INET, text.c_str(), parsed.data()) == 1 ||
           inet_pton(AF_INET6, text.c_str(), parsed.data()) == 1;
}

// The notation of OpenSSL's configuration files; the names were checked to hold none of its separators.
Result<std::string> alternative_names(const SelfSigned& wish) {
    std::string names;
    for (const auto& name : wish.host_names) {
        if (!is_host_name(name)) return fail(Errc::malformed, "not a host name: " + name);
        names += (names.empty() ? "DNS:" : ",DNS:") + name;
    }
    for (const auto& address : wish.addresses) {
        if (!is_address(address)) return fail(Errc::malformed, "not an address: " + address);
        names += (names.empty() ? "IP:" : ",IP:") + address;
    }
    if (names.empty()) return fail(Errc::malformed, "a certificate needs a name or an address");
    return names;
}

bool add_extension(X509& certificate, int nid, const std::string& value) {
    X509V3_CTX issuer{};
    X509V3_set_ctx_nodb(&issuer);
    X509V3_set_ctx(&issuer, &certificate, &certificate, nullptr, nullptr, 0);
    const ExtensionPointer extension{X509V3_EXT_conf_nid(nullptr, &issuer, nid, value.c_str())};
    return extension && X509_add_ext(&certificate, extension.get(), -1) == 1;
}

bool set_validity(X509& certificate, const SelfSigned& wish) {
    const auto begin = std::chrono::floor<std::chrono::seconds>(wish.not_before).time_since_epoch();
    const auto end = begin + std::chrono::seconds{wish.lifetime};
    return ASN1_TIME_set(X509_getm_notBefore(&certificate), begin.count()) != nullptr &&
           ASN1_TIME_set(X509_getm_notAfter(&certificate), end.count()) != nullptr;
}

bool set_serial(X509& certificate) {
    const BigNumberPointer serial{BN_new()};
    return serial && BN_rand(serial.get(), serial_bits, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
           BN_to_ASN1_INTEGER(serial.get(), X509_get_serialNumber(&certificate)) != nullptr;
}

bool set_names(X509& certificate, const SelfSigned& wish) {
    const std::string& common = wish.host_names.empty() ? wish.addresses.front() : wish.host_names.front();
    auto* subject = X509_get_subject_name(&certificate);
    const std::string shown = common.substr(0, 64);   // RFC 5280, A.1: ub-common-name
    return X509_NAME_add_entry_by_NID(
               subject, NID_commonName, MBSTRING_UTF8,
               static_cast<const unsigned char*>(static_cast<const void*>(shown.data())),
               static_cast<int>(shown.size()), -1, 0) == 1 &&
           X509_set_issuer_name(&certificate, subject) == 1;
}

Result<PrivateKey> write_key(EVP_PKEY& key) {
    const Pkcs8Pointer pkcs8{EVP_PKEY2PKCS8(&key)};
    unsigned char* allocated = nullptr;
    const int size = pkcs8 ? i2d_PKCS8_PRIV_KEY_INFO(pkcs8.get(), &allocated) : -1;
    if (size <= 0) return openssl_failure(Errc::unavailable, "write a private key");
    PrivateKey der{std::as_bytes(std::span{allocated, static_cast<std::size_t>(size)})};
    OPENSSL_clear_free(allocated, static_cast<std::size_t>(size));
    return der;
}

Result<std::string> write_pem(X509& certificate) {
    const BioPointer memory{BIO_new(BIO_s_mem())};
    if (!memory || PEM_write_bio_X509(memory.get(), &certificate) != 1)
        return openssl_failure(Errc::unavailable, "write a certificate");
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

}   // namespace

PrivateKey& PrivateKey::operator=(PrivateKey&& other) noexcept {
    std::swap(der_, other.der_);
    return *this;
}

PrivateKey::~PrivateKey() {
    if (!der_.empty()) OPENSSL_cleanse(der_.data(), der_.size());
}

tl::unexpected<Error> openssl_failure(Errc code, std::string what) {
    std::array<char, 256> reason{};
    if (const auto first = ERR_get_error(); first != 0) {
        ERR_error_string_n(first, reason.data(), reason.size());
        what += ": ";
        what += reason.data();
    }
    ERR_clear_error();
    return fail(code, std::move(what));
}

Result<TlsIdentity> make_self_signed(const SelfSigned& wish) {
    const auto names = TRY(alternative_names(wish));
    const KeyPointer key{EVP_EC_gen("P-256")};
    const CertificatePointer certificate{X509_new()};
    if (!key || !certificate) return openssl_failure(Errc::unavailable, "make a key");

    // Not a certificate authority: it can vouch for this server only, and clients pin it as it is.
    auto& made = *certificate;
    const bool ok =
        X509_set_version(&made, X509_VERSION_3) == 1 && set_serial(made) && set_validity(made, wish) &&
        set_names(made, wish) && X509_set_pubkey(&made, key.get()) == 1 &&
        add_extension(made, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(made, NID_key_usage, "critical,digitalSignature") &&
        add_extension(made, NID_ext_key_usage,
                      wish.purpose == SelfSigned::Purpose::client ? "clientAuth" : "serverAuth") &&
        add_extension(made, NID_subject_alt_name, names) &&
        add_extension(made, NID_subject_key_identifier, "hash") &&
        X509_sign(&made, key.get(), EVP_sha256()) > 0;
    if (!ok) return openssl_failure(Errc::unavailable, "make a certificate");
    auto pem = TRY(write_pem(made));
    auto der = TRY(write_key(*key));
    return TlsIdentity{std::move(pem), std::move(der)};
}

}   // namespace ward::http
