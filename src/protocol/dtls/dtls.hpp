// SPDX-License-Identifier: Apache-2.0
// TLS over datagrams: DTLS 1.0 (RFC 4347), 1.2 (RFC 6347) and 1.3 (RFC 9147). The handshake is told as that
// of TLS; the rest is encrypted. Media that uses its keys (RFC 5764) is counted.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::dtls {

struct Limits {
    std::size_t message_bytes_max = std::size_t{64} << 10;   // of a handshake, put together
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::dtls
