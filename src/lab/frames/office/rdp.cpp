// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/rdp.hpp"

#include "lab/frames/office/bytes_out.hpp"

namespace ward::lab {
namespace {

constexpr std::uint8_t connection_request = 0xe0, connection_confirm = 0xd0;   // X.224, 13.3 and 13.4
constexpr std::uint8_t negotiation_request = 1, negotiation_answer = 2;

Buffer in_tpkt(std::uint8_t kind, std::uint16_t source, Bytes rest) {
    Buffer out;
    append_big_endian<std::uint16_t>(out, 0x0300);   // version 3
    append_big_endian(out, static_cast<std::uint16_t>(11 + rest.size()));
    append_big_endian(out, static_cast<std::uint8_t>(6 + rest.size()));
    append_big_endian(out, kind);
    append_big_endian<std::uint16_t>(out, 0);
    append_big_endian(out, source);
    append_big_endian<std::uint8_t>(out, 0);
    append(out, rest);
    return out;
}

// MS-RDPBCGR 2.2.1.1.1 and 2.2.1.2.1.
void append_negotiation(Buffer& out, std::uint8_t type, std::uint8_t flags, std::uint32_t protocols) {
    append_little_endian(out, type);
    append_little_endian(out, flags);
    append_little_endian<std::uint16_t>(out, 8);
    append_little_endian(out, protocols);
}

constexpr std::size_t cookie_letters_max = 9;   // as mstsc.exe cuts it

}   // namespace

// MS-RDPBCGR 2.2.1.1.
Buffer rdp_request(std::string_view login, std::uint32_t protocols) {
    auto rest = to_buffer("Cookie: mstshash=");
    append(rest, as_bytes(login.substr(0, cookie_letters_max)));
    append(rest, as_bytes("\r\n"));
    append_negotiation(rest, negotiation_request, 0, protocols);
    return in_tpkt(connection_request, 0, rest);
}

// MS-RDPBCGR 2.2.1.2; 3.3.5.3.2: the source is 0x1234.
Buffer rdp_confirm(std::uint8_t flags, std::uint32_t protocol) {
    Buffer rest;
    append_negotiation(rest, negotiation_answer, flags, protocol);
    return in_tpkt(connection_confirm, 0x1234, rest);
}

}   // namespace ward::lab
