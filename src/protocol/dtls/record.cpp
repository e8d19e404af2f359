// SPDX-License-Identifier: Apache-2.0
#include "protocol/dtls/record.hpp"

#include "wire/wire_reader.hpp"

namespace ward::protocol::dtls {

Decode<Record> decode_record(Bytes datagram) {
    constexpr std::size_t header_bytes = 13;
    if (datagram.empty()) return NeedMore{header_bytes};
    WireReader in{datagram};
    Record record;
    const auto type = in.u8();
    // RFC 9147, section 4: the unified header of what is encrypted begins with the bits 001.
    if (type >> 5U == 1) {
        record.sealed = true;
        record.body = datagram;
        return Decoded<Record>{record, datagram.size()};
    }
    if (type < 20 || type > 26) return Malformed{"no DTLS record"};
    record.type = static_cast<tls::ContentType>(type);
    const auto version = in.u16();
    // 0x0100 is what OpenSSL wrote before the RFC was done, and what Cisco's VPN still writes.
    if (datagram.size() >= 3 && version != 0xfeff && version != 0xfefd && version != 0x0100)
        return Malformed{"no DTLS record"};
    record.epoch = in.u16();
    in.skip(6);   // sequence number
    const std::size_t length = in.u16();
    if (in.truncated()) return NeedMore{header_bytes - datagram.size()};
    if (in.remaining() < length) return NeedMore{length - in.remaining()};
    record.body = in.take(length);
    return Decoded<Record>{record, header_bytes + length};
}

Decode<Fragment> decode_fragment(Bytes body) {
    constexpr std::size_t header_bytes = 12;
    if (body.size() < header_bytes) return NeedMore{header_bytes - body.size()};
    WireReader in{body};
    Fragment fragment;
    fragment.type = in.u8();
    fragment.length = in.u24();
    fragment.sequence = in.u16();
    fragment.offset = in.u24();
    const std::size_t size = in.u24();
    if (fragment.offset + size > fragment.length) return Malformed{"DTLS fragment past its message"};
    if (in.remaining() < size) return NeedMore{size - in.remaining()};
    fragment.part = in.take(size);
    return Decoded<Fragment>{fragment, header_bytes + size};
}

}   // namespace ward::protocol::dtls
