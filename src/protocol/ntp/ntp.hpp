// SPDX-License-Identifier: Apache-2.0
// The Network Time Protocol (RFC 5905): which clocks devices trust.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::ntp {

struct Limits {
    std::size_t waiting_max = 16;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::ntp
