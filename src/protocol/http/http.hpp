// SPDX-License-Identifier: Apache-2.0
// HTTP/1.x: RFC 9110 and RFC 9112.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::http {

struct Limits {
    std::size_t head_bytes_max = std::size_t{64} << 10;
    std::size_t chunk_line_max = 1024;
    std::size_t body_read_max = std::size_t{8} << 10;   // of a body that somebody reads: FHIR, SDC
    std::size_t unread_body_max = 256;                  // of JSON that may turn out to be FHIR
    std::size_t inflated_max = std::size_t{32} << 10;
    std::size_t unanswered_max = 32;   // requests of one connection; the oldest is told without answer
};
inline constexpr Limits limits;

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::http
