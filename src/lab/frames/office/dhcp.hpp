// SPDX-License-Identifier: Apache-2.0
// How machines get their addresses: RFC 2131, with options of RFC 2132.
#pragma once

#include <vector>

#include "core/bytes.hpp"
#include "lab/network.hpp"

namespace ward::lab {

enum class DhcpType : std::uint8_t { discover = 1, offer = 2, request = 3, acknowledge = 5 };

struct DhcpOption {
    std::uint8_t code = 0;
    Buffer value;
};

struct DhcpMessage {
    DhcpType type{};
    std::uint32_t transaction = 0;
    std::uint16_t seconds = 0;
    Address client = 0;    // ciaddr: what it has
    Address offered = 0;   // yiaddr: what it gets
    Address relay = 0;     // giaddr
    Mac hardware{};
    std::vector<DhcpOption> options{};   // after the type
};

DhcpOption dhcp_option(std::uint8_t code, std::string_view text);
DhcpOption dhcp_option(std::uint8_t code, std::uint32_t number);

Buffer dhcp_message(const DhcpMessage& message);

}   // namespace ward::lab
