// SPDX-License-Identifier: Apache-2.0
// What the messages of one handshake tell, in whatever records or datagrams they came.
#pragma once

#include <optional>

#include "event/tls.hpp"
#include "protocol/session.hpp"
#include "protocol/tls/hello.hpp"

namespace ward::protocol::tls {

// RFC 8446, section 4, and RFC 5246, section 7.4.
enum class MessageType : std::uint8_t {
    client_hello = 1,
    server_hello = 2,
    hello_verify_request = 3,   // of DTLS: the client says its hello once more
    certificate = 11,
    certificate_request = 13,
    client_key_exchange = 16,
};

class Handshake {
public:
    explicit Handshake(Carrier carrier) noexcept : carrier_(carrier) {}

    /// False where the message is not what its type says.
    bool message(Side from, std::uint8_t type, Bytes body);
    /// SSLv2's own hello (draft-hickman-netscape-ssl-00), with which old clients began even TLS.
    void old_client_hello(std::uint16_t version, std::vector<std::uint16_t> ciphers);
    void alert(std::uint8_t description);
    /// From here on that side encrypts. True when nothing more can be read of either side.
    bool change_cipher_spec(Side from);

    bool has_hello() const noexcept { return client_seen_ || server_seen_; }
    /// TLS 1.3 encrypts all that follows the server's hello.
    bool is_encrypted_from_hello() const noexcept { return server_seen_ && negotiated_ == 0x0304; }
    /// The server asked for another hello (RFC 8446, section 4.1.4), so that its own is still to come.
    bool retried() const noexcept { return retried_; }
    bool server_seen() const noexcept { return server_seen_; }
    event::TlsHandshake take() noexcept { return std::move(told_); }
    std::size_t memory() const noexcept;

private:
    void client_hello(const Hello& hello);
    void server_hello(const Hello& hello);
    void certificates(Side from, Bytes body);

    event::TlsHandshake told_;
    std::uint16_t negotiated_ = 0;
    Carrier carrier_;
    bool client_seen_ = false;
    bool retried_ = false;
    bool server_seen_ = false;
    bool keys_exchanged_ = false;
};

}   // namespace ward::protocol::tls
