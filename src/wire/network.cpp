// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "wire/packet.hpp"
#include "wire/wire_reader.hpp"

namespace ward::wire {
namespace {

// IPv6's extension headers (RFC 8200, section 4.1; RFC 4302).
enum Extension : std::uint8_t {
    hop_by_hop = 0,
    routing = 43,
    fragment = 44,
    authentication = 51,
    destination = 60
};

std::optional<Ip> decode_v4(Bytes packet) {
    WireReader in{packet};
    const std::size_t header = (in.u8() & 15U) * 4U;
    in.skip(1);
    const std::size_t length = in.u16();
    Ip ip;
    Fragment piece;
    piece.id = in.u16();
    const auto flags = in.u16();
    ip.ttl = in.u8();
    ip.protocol = in.u8();
    in.skip(2);
    ip.source.family = ip.target.family = IpAddress::Family::v4;
    std::ranges::copy(in.take(4), ip.source.bytes.begin());
    std::ranges::copy(in.take(4), ip.target.bytes.begin());
    if (in.truncated() || header < 20 || packet.size() < header) return std::nullopt;
    // A network card that segments by itself leaves the length zero.
    const auto whole = length == 0 ? packet.size() : length;
    if (whole < header) return std::nullopt;
    ip.length = static_cast<std::uint32_t>(whole);
    ip.missing = static_cast<std::uint32_t>(whole - std::min(whole, packet.size()));
    ip.payload = packet.subspan(header, std::min(whole, packet.size()) - header);
    piece.offset = static_cast<std::uint16_t>((flags & 0x1fffU) * 8U);
    piece.more = (flags & 0x2000U) != 0;
    if (piece.more || piece.offset != 0) ip.fragment = piece;
    return ip;
}

/// Skips what stands between the fixed header and the transport.
bool skip_extensions(WireReader& in, Ip& ip) {
    // Each takes eight bytes of the packet at least, and hosts accept as many as it holds.
    for (;;) {
        if (ip.protocol == fragment) {
            ip.protocol = in.u8();
            in.skip(1);
            const auto word = in.u16();
            // RFC 6946: a fragment that is alone is none.
            const Fragment piece{in.u32(), static_cast<std::uint16_t>(word & 0xfff8U), (word & 1U) != 0};
            if (in.truncated()) return false;
            if (!piece.more && piece.offset == 0) continue;
            ip.fragment = piece;
            return true;
        }
        const bool known = ip.protocol == hop_by_hop || ip.protocol == routing ||
                           ip.protocol == destination || ip.protocol == authentication;
        if (!known) return true;
        const bool words = ip.protocol == authentication;   // its length counts 32-bit words
        ip.protocol = in.u8();
        const std::size_t length = in.u8();
        in.skip(words ? length * 4 + 6 : length * 8 + 6);
        if (in.truncated()) return false;
    }
}

std::optional<Ip> decode_v6(Bytes packet) {
    WireReader in{packet};
    in.skip(4);
    const std::size_t length = in.u16();
    Ip ip;
    ip.protocol = in.u8();
    ip.ttl = in.u8();
    ip.source.family = ip.target.family = IpAddress::Family::v6;
    std::ranges::copy(in.take(16), ip.source.bytes.begin());
    std::ranges::copy(in.take(16), ip.target.bytes.begin());
    if (in.truncated()) return std::nullopt;
    const auto whole = length == 0 ? packet.size() - 40 : length;
    ip.length = static_cast<std::uint32_t>(whole + 40);
    ip.missing = static_cast<std::uint32_t>(whole - std::min(whole, packet.size() - 40));
    ip.payload = packet.subspan(40, std::min(whole, packet.size() - 40));
    if (!skip_extensions(ip)) return std::nullopt;
    return ip;
}

constexpr std::uint16_t vxlan_port = 4789;
constexpr std::uint16_t geneve_port = 6081;

enum GreProtocol : std::uint16_t {
    gre_ipv4 = 0x0800,
    gre_ipv6 = 0x86dd,
    transparent_ethernet = 0x6558,
    erspan_2 = 0x88be,   // types I and II
    erspan_3 = 0x22eb,
};

/// RFC 2784 and 2890; draft-foschiano-erspan.
std::optional<Inner> decode_gre(Bytes payload) {
    WireReader in{payload};
    const auto flags = in.u16();
    const auto type = in.u16();
    const bool has_sequence = (flags & 0x1000U) != 0;
    if ((flags & 0x4000U) != 0) return std::nullopt;   // RFC 1701's source routes, which RFC 2784 forbids
    if ((flags & 0x8000U) != 0) in.skip(4);            // checksum
    if ((flags & 0x2000U) != 0) in.skip(4);            // key
    if (has_sequence) in.skip(4);
    if ((flags & 7U) == 1) return std::nullopt;         // PPTP's variant carries PPP
    if (type == erspan_2 && has_sequence) in.skip(8);   // without a sequence number it is type I: no header
    bool carries_ip = false;
    if (type == erspan_3) {
        in.skip(8);
        const auto last = in.u32();
        carries_ip = (last >> 10U & 31U) == 2;   // the frame type
        if ((last & 1U) != 0) in.skip(8);        // the optional platform header
    }
    if (in.truncated()) return std::nullopt;
    if (type == gre_ipv4 || type == gre_ipv6 || carries_ip) return Inner{false, 0, in.rest()};
    if (type == transparent_ethernet || type == erspan_2 || type == erspan_3)
        return Inner{true, 0, in.rest()};
    return std::nullopt;
}

/// RFC 7348, section 5.
std::optional<Inner> decode_vxlan(WireReader in) {
    const auto flags = in.u8();
    in.skip(3);
    const auto network = in.u32() >> 8U;
    if (in.truncated() || (flags & 8U) == 0 || in.remaining() < 14) return std::nullopt;
    return Inner{true, network, in.rest()};
}

/// RFC 8926, section 3.4.
std::optional<Inner> decode_geneve(WireReader in) {
    const auto first = in.u8();
    in.skip(1);
    const auto type = in.u16();
    const auto network = in.u32() >> 8U;
    in.skip((first & 0x3fU) * std::size_t{4});
    if (in.truncated() || first >> 6U != 0) return std::nullopt;
    if (type == gre_ipv4 || type == gre_ipv6) return Inner{false, network, in.rest()};
    if (type != transparent_ethernet) return std::nullopt;
    return Inner{true, network, in.rest()};
}

}   // namespace

std::optional<Ip> decode_ip(Bytes packet) {
    if (packet.empty()) return std::nullopt;
    const auto version = std::to_integer<unsigned>(packet[0]) >> 4U;
    if (version == 4) return decode_v4(packet);
    if (version == 6) return decode_v6(packet);
    return std::nullopt;
}

bool skip_extensions(Ip& ip) {
    WireReader in{ip.payload};
    if (!skip_extensions(in, ip)) return false;
    ip.payload = in.rest();
    return true;
}

std::optional<Inner> decode_tunnel(const Ip& ip) {
    if (ip.protocol == gre) return decode_gre(ip.payload);
    if (ip.protocol == ip_in_ip || ip.protocol == ipv6_in_ip) return Inner{false, 0, ip.payload};
    if (ip.protocol != udp) return std::nullopt;
    WireReader in{ip.payload};
    in.skip(2);
    const auto port = in.u16();
    in.skip(4);
    if (port == vxlan_port) return decode_vxlan(in);
    if (port == geneve_port) return decode_geneve(in);
    return std::nullopt;
}

}   // namespace ward::wire
