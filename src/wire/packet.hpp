// SPDX-License-Identifier: Apache-2.0
// The layers of one packet, from the link to the transport. Pure functions; all views borrow the frame.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "core/address.hpp"
#include "core/bytes.hpp"
#include "wire/frame.hpp"

namespace ward::wire {

inline constexpr std::size_t vlans_max = 4;
inline constexpr unsigned tunnels_max = 4;   // one inside the other

/// IANA's numbers of protocols over IP.
enum IpProtocol : std::uint8_t {
    icmp = 1,
    ip_in_ip = 4,
    tcp = 6,
    udp = 17,
    ipv6_in_ip = 41,
    gre = 47,
    esp = 50,
    icmpv6 = 58,
    sctp = 132
};

struct Vlans {
    std::array<std::uint16_t, vlans_max> ids{};   // outermost first
    std::uint8_t count = 0;
};

/// What the link layer says of a frame, and what it carries.
struct Link {
    MacAddress source;
    MacAddress target;
    Vlans vlans;
    std::uint16_t ethertype = 0;   // of the payload: 0x0800, 0x86dd, 0x0806, …
    Bytes payload;
};

/// Nothing for a frame that is too short for its link type, or of a link type that Ward does not know.
std::optional<Link> decode_link(LinkType type, Bytes frame);
/// An Ethernet frame, as tunnels carry them too.
std::optional<Link> decode_ethernet(Bytes frame);

struct Arp {                       // RFC 826, for Ethernet and IPv4
    std::uint16_t operation = 0;   // 1 asks, 2 answers
    MacAddress sender_mac;
    IpAddress sender;
    MacAddress target_mac;
    IpAddress target;
};
std::optional<Arp> decode_arp(Bytes payload);

/// A piece of a larger IP packet (RFC 791, section 3.1; RFC 8200, section 4.5).
struct Fragment {
    std::uint32_t id = 0;
    std::uint16_t offset = 0;   // bytes
    bool more = false;          // not the last one
};

struct Ip {
    IpAddress source;
    IpAddress target;
    std::uint8_t protocol = 0;   // of the payload, past IPv6's extension headers
    std::uint8_t ttl = 0;
    std::uint32_t length = 0;    // as the header says, header included
    std::uint32_t missing = 0;   // bytes of it that the capture cut off
    std::optional<Fragment> fragment;
    Bytes payload;   // without Ethernet's padding
};
/// IPv4 or IPv6 by its first digit. Nothing for a header that contradicts itself.
std::optional<Ip> decode_ip(Bytes packet);
/// Moves the payload and the protocol past IPv6's extension headers, as decode_ip() does it: for a packet
/// that was put together, whose first fragment may hide some. False where one contradicts itself.
bool skip_extensions(Ip& ip);

struct TcpFlag {
    static constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16, urg = 32;
};

struct Tcp {
    std::uint32_t sequence = 0;
    std::uint32_t acknowledged = 0;
    std::uint16_t window = 0;
    std::uint16_t urgent = 0;
    std::uint8_t flags = 0;
    Bytes options;
    bool has(std::uint8_t flag) const noexcept { return (flags & flag) != 0; }
};

/// What flows are made of. `payload` is the transport's, or IP's where Ward knows no ports.
struct Segment {
    std::uint16_t source_port = 0;   // of ICMP its type and code, as community ids have them
    std::uint16_t target_port = 0;
    std::uint8_t icmp_code = 0;
    Bytes payload;
    std::optional<Tcp> tcp;
};
/// The type of ICMP (or ICMPv6) that answers this one, or that this one answers, as community ids pair them.
/// Nothing for a message of one direction.
std::optional<std::uint8_t> icmp_counterpart(std::uint8_t ip_protocol, std::uint16_t type);
/// Nothing for a header that is cut off or contradicts itself.
std::optional<Segment> decode_transport(const Ip& ip);

/// The frame or packet that another one carries: GRE, ERSPAN, VXLAN, Geneve, IP in IP.
struct Inner {
    bool is_ethernet = false;   // else IP
    std::uint32_t network =
        0;   // VXLAN's and Geneve's number of it: addresses mean something within one only
    Bytes bytes;
};
/// Nothing if it carries none.
std::optional<Inner> decode_tunnel(const Ip& ip);

}   // namespace ward::wire
