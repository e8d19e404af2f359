// SPDX-License-Identifier: Apache-2.0
// DHCP for IPv4 (RFC 2131, options of RFC 2132) and for IPv6 (RFC 8415).
#pragma once

#include <memory>
#include <optional>

#include "event/dhcp.hpp"
#include "protocol/protocols.hpp"

namespace ward::protocol::dhcp {

struct Limits {
    std::size_t options_max = 128;
    std::size_t addresses_max = 8;   // of one option
    std::size_t identifier_bytes_max = 64;
    std::size_t parameters_max = 128;
};

inline constexpr Limits limits;

/// Nothing where the datagram is no such message; options that are cut end it.
std::optional<event::Dhcp> read_dhcp(Bytes datagram);
std::optional<event::Dhcpv6> read_dhcpv6(Bytes datagram);

Verdict probe(Bytes first, Side from);
Verdict probe_v6(Bytes first, Side from);
std::unique_ptr<Session> open_session();
std::unique_ptr<Session> open_v6_session();

}   // namespace ward::protocol::dhcp
