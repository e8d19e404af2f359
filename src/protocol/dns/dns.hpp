// SPDX-License-Identifier: Apache-2.0
// The DNS over UDP and TCP (RFC 1035), and LLMNR (RFC 4795), which is the DNS for a link without a server.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::dns {

struct Limits {
    std::size_t waiting_max = 64;   // questions of one flow; the oldest is told without answer
    std::size_t answers_max = 16;   // that an event keeps
    int questions_max = 16;         // of one message that are passed to reach the answers
};

Verdict probe(Bytes first, Side from);
Verdict probe_stream(Bytes first, Side from);
Verdict probe_llmnr(Bytes first, Side from);
std::unique_ptr<Session> open_session();
std::unique_ptr<Session> open_stream_session();
std::unique_ptr<Session> open_llmnr_session();

}   // namespace ward::protocol::dns
