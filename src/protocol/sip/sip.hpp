// SPDX-License-Identifier: Apache-2.0
// SIP over UDP and TCP: RFC 3261, with SDP (RFC 8866).
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::sip {

struct Limits {
    std::size_t head_bytes_max = std::size_t{8} << 10;   // it is searched again with every piece
    std::size_t message_bytes_max = std::size_t{64} << 10;
    std::size_t unanswered_max = 32;   // the oldest is told without response
    std::size_t list_max = 16;         // media, codecs
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::sip
