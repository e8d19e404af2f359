// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/arp.hpp"

#include "wire/wire_reader.hpp"

namespace ward::lab {
namespace {

void append_mac(Buffer& out, const Mac& mac) {
    for (const auto byte : mac) append_big_endian(out, byte);
}

}   // namespace

// RFC 826, "Packet format": Ethernet (1), IPv4, addresses of 6 and 4 bytes.
Buffer arp_frame(const ArpMessage& message) {
    Buffer out;
    append_mac(out, message.to);
    append_mac(out, message.sender_mac);
    append_big_endian<std::uint16_t>(out, 0x0806);
    append_big_endian<std::uint16_t>(out, 1);
    append_big_endian<std::uint16_t>(out, 0x0800);
    append_big_endian<std::uint16_t>(out, 0x0604);
    append_big_endian(out, static_cast<std::uint16_t>(message.operation));
    append_mac(out, message.sender_mac);
    append_big_endian(out, message.sender);
    append_mac(out, message.target_mac);
    append_big_endian(out, message.target);
    out.resize(60);   // as short as Ethernet allows
    return out;
}

}   // namespace ward::lab
