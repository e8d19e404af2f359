// SPDX-License-Identifier: Apache-2.0
// ISO transport over TCP (RFC 1006), class 0 (RFC 905): what RDP, S7 and others put below themselves.
#pragma once

#include "wire/decode.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol {

enum class TpduType : std::uint8_t {
    connection_confirm = 0xd0,
    connection_request = 0xe0,
    data = 0xf0,
};

struct Tpdu {
    TpduType type{};
    Bytes header;   // behind the type: of a connection its parameters
    Bytes payload;
};

/// Both borrow the input. A TPDU that goes on in the next is told as it came.
inline Decode<Tpdu> decode_tpkt(Bytes input) {
    constexpr std::size_t smallest = 7;
    WireReader in{input};
    const auto version = in.u8();
    if (version != 3) return Malformed{"no TPKT"};
    if (input.size() < smallest) return NeedMore{smallest - input.size()};
    in.skip(1);
    const std::size_t length = in.u16();
    if (length < smallest) return Malformed{"TPKT too short"};
    if (input.size() < length) return NeedMore{length - input.size()};
    WireReader packet{input.subspan(4, length - 4)};
    Tpdu tpdu;
    const std::size_t header = packet.u8();   // without itself
    if (header < 2 || header > packet.remaining()) return Malformed{"TPDU header past its packet"};
    tpdu.type = static_cast<TpduType>(packet.u8() & 0xf0U);
    tpdu.header = packet.take(header - 1);
    tpdu.payload = packet.rest();
    return Decoded<Tpdu>{tpdu, length};
}

}   // namespace ward::protocol
