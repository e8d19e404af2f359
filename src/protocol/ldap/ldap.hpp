// SPDX-License-Identifier: Apache-2.0
// LDAP 3 (RFC 4511) over TCP, and its connectionless form (MS-ADTS 6.3.3) over UDP.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::ldap {

struct Limits {
    std::size_t message_bytes_max = std::size_t{32} << 10;   // of one that is read; entries are passed by
    std::size_t entry_bytes_max = 1024;   // of one that is read: a domain controller's answer to a ping
    std::size_t unanswered_max = 32;
    std::size_t filter_attributes_max = 16;
    int filter_depth_max = 8;
};
inline constexpr Limits limits;

Verdict probe_tcp(Bytes first, Side from);
Verdict probe_udp(Bytes first, Side from);
std::unique_ptr<Session> open_tcp_session();
std::unique_ptr<Session> open_udp_session();

}   // namespace ward::protocol::ldap
