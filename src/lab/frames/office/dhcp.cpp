// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/dhcp.hpp"

#include <algorithm>

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::uint32_t cookie = 0x63825363;   // RFC 2131, 3: 99.130.83.99
constexpr std::size_t bytes_min = 300;         // RFC 1542, 2.1: as BOOTP

}   // namespace

DhcpOption dhcp_option(std::uint8_t code, std::string_view text) { return {code, to_buffer(text)}; }

DhcpOption dhcp_option(std::uint8_t code, std::uint32_t number) {
    DhcpOption option{code, {}};
    append_big_endian(option.value, number);
    return option;
}

// RFC 2131, 2: the fixed part, of which names of servers and files stay empty, and the options.
Buffer dhcp_message(const DhcpMessage& message) {
    const bool is_answer = message.type == DhcpType::offer || message.type == DhcpType::acknowledge;
    Buffer out;
    append_big_endian<std::uint8_t>(out, is_answer ? 2 : 1);
    append_big_endian<std::uint8_t>(out, 1);   // Ethernet
    append_big_endian<std::uint8_t>(out, 6);
    append_big_endian(out, static_cast<std::uint8_t>(message.relay != 0 ? 1 : 0));   // hops
    append_big_endian(out, message.transaction);
    append_big_endian(out, message.seconds);
    append_big_endian<std::uint16_t>(out, 0);
    append_big_endian(out, message.client);
    append_big_endian(out, message.offered);
    append_big_endian<std::uint32_t>(out, 0);
    append_big_endian(out, message.relay);
    for (const auto byte : message.hardware) append_big_endian(out, byte);
    out.resize(out.size() + 10 + 64 + 128);
    append_big_endian(out, cookie);
    append_big_endian<std::uint16_t>(out, 53 << 8 | 1);   // RFC 2132, 9.6
    append_big_endian(out, static_cast<std::uint8_t>(message.type));
    for (const auto& option : message.options) {
        append_big_endian(out, option.code);
        append_big_endian(out, static_cast<std::uint8_t>(option.value.size()));
        append(out, option.value);
    }
    append_big_endian<std::uint8_t>(out, 255);
    out.resize(std::max(out.size(), bytes_min));
    return out;
}

}   // namespace ward::lab
