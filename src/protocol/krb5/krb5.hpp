// SPDX-License-Identifier: Apache-2.0
// Kerberos 5 (RFC 4120), over UDP and over TCP.
#pragma once

#include <memory>

#include "protocol/protocols.hpp"

namespace ward::protocol::krb5 {

struct Limits {
    std::size_t message_bytes_max = std::size_t{64} << 10;   // tickets with many groups are large
    std::size_t unanswered_max = 16;
    std::size_t encryptions_max = 12;
    std::size_t name_parts_max = 4;
};

Verdict probe_tcp(Bytes first, Side from);
Verdict probe_udp(Bytes first, Side from);
std::unique_ptr<Session> open_tcp_session();
std::unique_ptr<Session> open_udp_session();

}   // namespace ward::protocol::krb5
