// SPDX-License-Identifier: Apache-2.0
// SNMP versions 1 (RFC 1157), 2c (RFC 1901) and 3 (RFC 3412) over UDP.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::snmp {

struct Limits {
    std::size_t waiting_max = 32;
    std::size_t variables_max = 8;   // whose names an event keeps
    std::size_t engine_bytes_max = 32;
};

Verdict probe(Bytes first, Side from);
std::unique_ptr<Session> open_session();

}   // namespace ward::protocol::snmp
