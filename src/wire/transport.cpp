// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "wire/packet.hpp"
#include "wire/wire_reader.hpp"

namespace ward::wire {
namespace {

std::optional<Segment> decode_tcp(const Ip& ip) {
    WireReader in{ip.payload};
    Segment segment;
    segment.source_port = in.u16();
    segment.target_port = in.u16();
    Tcp tcp;
    tcp.sequence = in.u32();
    tcp.acknowledged = in.u32();
    const std::size_t header = static_cast<std::size_t>(in.u8() >> 4U) * 4;
    tcp.flags = in.u8() & 0x3fU;
    tcp.window = in.u16();
    in.skip(2);
    tcp.urgent = in.u16();
    if (in.truncated() || header < 20 || header > ip.payload.size()) return std::nullopt;
    tcp.options = in.take(header - 20);
    segment.payload = in.rest();
    segment.tcp = tcp;
    return segment;
}

std::optional<Segment> decode_udp(const Ip& ip) {
    WireReader in{ip.payload};
    Segment segment;
    segment.source_port = in.u16();
    segment.target_port = in.u16();
    const std::size_t length = in.u16();
    in.skip(2);
    if (in.truncated()) return std::nullopt;
    if (length > 0 && length < 8) return std::nullopt;
    // RFC 2675: zero stands for a jumbogram, the rest of the packet.
    const auto size = length == 0 ? in.remaining() : std::min(length - 8, in.remaining());
    segment.payload = in.take(size);
    return segment;
}

/// The messages of ICMP that answer each other, as the community id pairs them.
struct Pairing {
    std::uint8_t asks;
    std::uint8_t answers;
};
constexpr std::array icmp_pairs{Pairing{8, 0}, Pairing{13, 14}, Pairing{15, 16}, Pairing{10, 9},
                                Pairing{17, 18}};
constexpr std::array icmpv6_pairs{Pairing{128, 129}, Pairing{133, 134}, Pairing{135, 136},
                                  Pairing{130, 131}, Pairing{139, 140}, Pairing{144, 145}};

std::optional<std::uint8_t> counterpart(std::uint16_t type, const auto& pairs) {
    for (const auto& pair : pairs) {
        if (type == pair.asks) return pair.answers;
        if (type == pair.answers) return pair.asks;
    }
    return std::nullopt;
}

std::optional<Segment> decode_icmp(const Ip& ip) {
    WireReader in{ip.payload};
    const auto type = in.u8();
    const auto code = in.u8();
    if (in.truncated()) return std::nullopt;
    Segment segment;
    segment.source_port = type;
    segment.icmp_code = code;
    segment.target_port = icmp_counterpart(ip.protocol, type).value_or(code);
    segment.payload = in.rest();
    return segment;
}

}   // namespace

std::optional<std::uint8_t> icmp_counterpart(std::uint8_t ip_protocol, std::uint16_t type) {
    if (ip_protocol == icmp) return counterpart(type, icmp_pairs);
    if (ip_protocol == icmpv6) return counterpart(type, icmpv6_pairs);
    return std::nullopt;
}

std::optional<Segment> decode_transport(const Ip& ip) {
    switch (ip.protocol) {
        case tcp: return decode_tcp(ip);
        case udp: return decode_udp(ip);
        case icmp:
        case icmpv6: return decode_icmp(ip);
        case sctp: {
            WireReader in{ip.payload};
            Segment segment;
            segment.source_port = in.u16();
            segment.target_port = in.u16();
            in.skip(8);   // verification tag, checksum
            segment.payload = in.rest();
            if (in.truncated()) return std::nullopt;
            return segment;
        }
        default: {
            Segment segment;
            segment.payload = ip.payload;
            return segment;
        }
    }
}

}   // namespace ward::wire
