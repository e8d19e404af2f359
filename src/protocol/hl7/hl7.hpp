// SPDX-License-Identifier: Apache-2.0
// HL7 v2 over MLLP (HL7 Implementation Support Guide, appendix C.4; HL7 v2.5.1, chapter 2).
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::hl7 {

struct Limits {
    std::size_t segment_bytes_max = std::size_t{16} << 10;   // of a longer one the beginning is read
    std::size_t devices_max = 16;                            // of one message
    std::size_t draft_bytes_max = std::size_t{4} << 10;      // what its fields and devices take at most
    std::size_t unanswered_max = 64;   // of one direction; the oldest is told without answer
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::hl7
