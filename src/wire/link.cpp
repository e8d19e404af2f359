// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "wire/packet.hpp"
#include "wire/wire_reader.hpp"

namespace ward::wire {
namespace {

// EtherType values (IEEE 802 numbers, IANA).
constexpr std::uint16_t ipv4 = 0x0800;
constexpr std::uint16_t ipv6 = 0x86dd;
constexpr std::uint16_t vlan = 0x8100;
constexpr std::uint16_t qinq = 0x88a8;
constexpr std::uint16_t old_qinq = 0x9100;
constexpr std::uint16_t mpls = 0x8847;
constexpr std::uint16_t pppoe_session = 0x8864;

MacAddress mac(WireReader& in) {
    MacAddress address;
    std::ranges::copy(in.take(6), address.bytes.begin());
    return address;
}

bool is_vlan(std::uint16_t type) { return type == vlan || type == qinq || type == old_qinq; }

/// IP without a link layer: the first digit is its version.
std::uint16_t type_of_ip(Bytes packet) {
    if (packet.empty()) return 0;
    const auto version = std::to_integer<unsigned>(packet[0]) >> 4U;
    return version == 4 ? ipv4 : version == 6 ? ipv6 : std::uint16_t{0};
}

/// What stands between Ethernet and IP: tags (IEEE 802.1Q), labels (RFC 3032), PPPoE (RFC 2516).
void unwrap(Link& link) {
    WireReader in{link.payload};
    while (is_vlan(link.ethertype)) {
        const auto tag = in.u16();
        const auto type = in.u16();
        if (in.truncated()) return;
        if (link.vlans.count < vlans_max) link.vlans.ids[link.vlans.count++] = tag & 0x0fffU;
        link.ethertype = type;
        link.payload = in.rest();
    }
    if (link.ethertype == mpls) {
        for (bool bottom = false; !bottom && !in.truncated();) bottom = (in.u32() & 0x100U) != 0;
        link.payload = in.rest();
        link.ethertype = type_of_ip(link.payload);
    } else if (link.ethertype == pppoe_session) {
        in.skip(6);
        const auto protocol = in.u16();   // RFC 1661: 0x0021 is IPv4, 0x0057 IPv6
        link.payload = in.rest();
        link.ethertype = protocol == 0x0021 ? ipv4 : protocol == 0x0057 ? ipv6 : std::uint16_t{0};
    }
}

std::optional<Link> decode_raw(Bytes frame) {
    Link link;
    link.ethertype = type_of_ip(frame);
    link.payload = frame;
    return link;
}

/// draft-ietf-opsawg-pcaplinktype: LINUX_SLL has the sender's address only, LINUX_SLL2 another order.
std::optional<Link> decode_cooked(LinkType type, Bytes frame) {
    WireReader in{frame};
    Link link;
    if (type == LinkType::linux_cooked) {
        in.skip(4);
        const auto address_size = in.u16();
        if (address_size == 6) link.source = mac(in);
        in.skip(address_size == 6 ? 2 : 8);
        link.ethertype = in.u16();
    } else {
        link.ethertype = in.u16();
        in.skip(9);
        const auto address_size = in.u8();
        if (address_size == 6) link.source = mac(in);
        in.skip(address_size == 6 ? 2 : 8);
    }
    if (in.truncated()) return std::nullopt;
    link.payload = in.rest();
    unwrap(link);
    return link;
}

}   // namespace

std::optional<Link> decode_ethernet(Bytes frame) {
    WireReader in{frame};
    Link link;
    link.target = mac(in);
    link.source = mac(in);
    link.ethertype = in.u16();
    if (in.truncated()) return std::nullopt;
    link.payload = in.rest();
    if (link.ethertype == ipv4) return link;
    if (link.ethertype < 0x0600) {
        // IEEE 802.3 with a length; LLC and SNAP (RFC 1042) in front of an EtherType.
        const bool snap = in.u24() == 0xaaaa03;
        const bool ethertypes = in.u24() == 0;   // other organisations number their protocols themselves
        const auto type = in.u16();
        link.ethertype = snap && ethertypes && !in.truncated() ? type : std::uint16_t{0};
        link.payload = in.rest();
    }
    unwrap(link);
    return link;
}

std::optional<Link> decode_link(LinkType type, Bytes frame) {
    switch (type) {
        case LinkType::ethernet: return decode_ethernet(frame);
        case LinkType::raw:
        case LinkType::raw_bsd:
        case LinkType::raw_openbsd:
        case LinkType::ipv4:
        case LinkType::ipv6: return decode_raw(frame);
        case LinkType::null:
        case LinkType::loop:
            // Four bytes of address family, whose values and order differ from system to system.
            if (frame.size() < 4) return std::nullopt;
            return decode_raw(frame.subspan(4));
        case LinkType::linux_cooked:
        case LinkType::linux_cooked_2: return decode_cooked(type, frame);
    }
    return std::nullopt;
}

std::optional<Arp> decode_arp(Bytes payload) {
    WireReader in{payload};
    const bool ethernet = in.u16() == 1;
    const bool ip = in.u16() == ipv4;
    const bool sizes = in.u8() == 6 && in.u8() == 4;
    Arp arp;
    arp.operation = in.u16();
    const auto address = [&] {
        IpAddress result{{}, IpAddress::Family::v4};
        std::ranges::copy(in.take(4), result.bytes.begin());
        return result;
    };
    arp.sender_mac = mac(in);
    arp.sender = address();
    arp.target_mac = mac(in);
    arp.target = address();
    if (in.truncated() || !ethernet || !ip || !sizes) return std::nullopt;
    return arp;
}

}   // namespace ward::wire
