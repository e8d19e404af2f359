// SPDX-License-Identifier: Apache-2.0
// HTTP/2 in clear: RFC 9113, with header fields as RFC 7541 packs them. It tells `http` events.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::http2 {

struct Limits {
    std::size_t block_bytes_max = std::size_t{64} << 10;   // of one header block, packed
    std::size_t streams_max = 128;   // open ones, of which servers allow 100; the oldest is told as it is
    std::size_t bodies_max = 32;     // of open streams whose bodies are read
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::http2
