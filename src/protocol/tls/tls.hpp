// SPDX-License-Identifier: Apache-2.0
// TLS on any port, from SSLv2's hello to TLS 1.3 (RFC 8446): the handshake is read, the rest is encrypted.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::tls {

struct Limits {
    std::size_t message_bytes_max = std::size_t{64} << 10;   // of a handshake: long chains have 20 KiB
};

// RFC 8446, section 5.1.
enum class ContentType : std::uint8_t {
    change_cipher_spec = 20,
    alert = 21,
    handshake = 22,
    application_data = 23,
    heartbeat = 24,
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::tls
