// SPDX-License-Identifier: Apache-2.0
// TLS over a non-blocking socket: every call does what it can at once and says what it waits for.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "http/tls_identity.hpp"

struct ssl_st;
struct ssl_ctx_st;
struct bio_method_st;

namespace ward::http {

enum class TlsStep { done, wants_read, wants_write, closed, failed };

struct TlsAmount {
    TlsStep step = TlsStep::failed;
    std::size_t count = 0;   // bytes, if the step is done
};

/// Of a client that proved to hold the key of a certificate.
struct PeerCertificate {
    std::string subject;   // as RFC 2253 writes it
    Digest fingerprint;    // SHA-256 of the certificate
};

/// Whose certificates a server trusts, and whether a client must have one.
struct TlsClients {
    enum class Need { optional, required };
    std::string authorities_pem;   // or the clients' own certificates
    Need need = Need::required;
};

/// One side of one connection. The socket belongs to someone else and outlives it.
class TlsLink {
public:
    TlsStep handshake();
    TlsAmount read(std::span<char> target);
    TlsAmount write(std::string_view source);

    /// Bytes have come that no read has returned yet: waiting for the socket could wait for ever.
    bool has_pending() const;

    /// Once the handshake is done; nothing if the client showed none.
    std::optional<PeerCertificate> peer_certificate() const;

    /// Why the last step failed, in OpenSSL's fixed phrases; empty if the peer just went.
    std::string_view failure() const { return failure_; }

    /// Sends close_notify if that is possible at once; does not wait for the peer's.
    void close();

private:
    friend class TlsRole;
    struct Free {
        void operator()(ssl_st* link) const noexcept;
    };
    explicit TlsLink(ssl_st* link) : link_(link) {}
    TlsStep why_not(int result);

    std::unique_ptr<ssl_st, Free> link_;
    std::string_view failure_;
};

/// What all links of a server, or of a client, share. Safe to use from many threads.
class TlsRole {
public:
    /// TLS 1.2 or newer, forward secret AEAD suites only; no renegotiation, no compression.
    static Result<TlsRole> server(const TlsIdentity& identity);

    /// The same, asking clients for a certificate too (mutual TLS).
    static Result<TlsRole> server(const TlsIdentity& identity, const TlsClients& clients);

    /// Trusts these certificates (or what they signed), and nothing else.
    static Result<TlsRole> client(std::string_view trusted_certificate_pem);

    /// The same, with a certificate of its own for a server that asks for one.
    static Result<TlsRole> client(std::string_view trusted_certificate_pem, const TlsIdentity& identity);

    Result<TlsLink> accept(int socket) const;

    /// `host` is the name or address that the server's certificate must be valid for.
    Result<TlsLink> connect(int socket, const std::string& host) const;

private:
    struct Free {
        void operator()(ssl_ctx_st* role) const noexcept;
        void operator()(bio_method_st* method) const noexcept;
    };
    TlsRole(std::unique_ptr<bio_method_st, Free> method, std::unique_ptr<ssl_ctx_st, Free> role);
    static Result<TlsRole> make(const void* method);
    Result<TlsLink> link(int socket) const;

    std::unique_ptr<bio_method_st, Free> method_;
    std::unique_ptr<ssl_ctx_st, Free> role_;
};

}   // namespace ward::http
