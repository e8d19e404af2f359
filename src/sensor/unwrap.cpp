// SPDX-License-Identifier: Apache-2.0
#include "sensor/unwrap.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "crypto/random.hpp"
#include "event/flow.hpp"
#include "wire/wire_reader.hpp"

namespace ward::sensor {
namespace {

constexpr std::uint16_t ethertype_arp = 0x0806;
constexpr std::uint16_t ethertype_ipv4 = 0x0800;
constexpr std::uint16_t ethertype_ipv6 = 0x86dd;

void put_back(std::uint16_t vlan, wire::Vlans& vlans) {
    std::shift_right(vlans.ids.begin(), vlans.ids.end(), 1);
    vlans.ids[0] = vlan;
    vlans.count = static_cast<std::uint8_t>(std::min<std::size_t>(vlans.count + 1U, wire::vlans_max));
}

}   // namespace

ArpClaims::ArpClaims() : claims_(0, Hash{WireReader{crypto::random_array<8>()}.u64()}) {}

std::size_t ArpClaims::Hash::operator()(const IpAddress& address) const noexcept {
    return folded(address.words()[0], 0, seed);
}

std::optional<event::Payload> ArpClaims::claim(const wire::Arp& arp) {
    // RFC 5227: a probe asks without having an address yet.
    if (arp.sender == IpAddress{{}, IpAddress::Family::v4} || arp.sender_mac.is_zero()) return std::nullopt;
    const auto known = claims_.find(arp.sender);
    if (known != claims_.end() && known->second == arp.sender_mac) return std::nullopt;
    event::ArpBinding told{arp.sender_mac, arp.sender, {}, arp.operation == 2 ? "reply" : "request"};
    if (known != claims_.end()) {
        told.before = known->second;
        known->second = arp.sender_mac;
    } else {
        // A forger of claims makes the table forget, which tells known ones again but loses none.
        if (claims_.size() >= claims_max) claims_.clear();
        claims_.emplace(arp.sender, arp.sender_mac);
    }
    return told;
}

/// Who gets what one frame holds.
struct Unwrapper::Readers {
    Packets packets;
    Claims claims;
};

void Unwrapper::frame(const wire::Frame& frame, std::uint64_t number, Packets packets, Claims claims) {
    ++counts_.frames;
    time_.see(frame.at);
    counts_.bytes += frame.wire_length;
    if (frame.wire_length > frame.bytes.size()) ++counts_.cut;
    const auto link = wire::decode_link(frame.link, frame.bytes);
    if (!link) {
        ++counts_.unknown_link;
        return;
    }
    Sighting sighting;
    sighting.number = number;
    sighting.at = frame.at;
    sighting.link = *link;
    if (frame.vlan) put_back(*frame.vlan, sighting.link.vlans);
    network(sighting, 0, {packets, claims});
}

/// False where nothing in it can be read.
bool Unwrapper::network(Sighting& sighting, unsigned depth, const Readers& readers) {
    const auto type = sighting.link.ethertype;
    if (type == ethertype_arp) {
        ++counts_.not_ip;
        const auto arp = wire::decode_arp(sighting.link.payload);
        if (!arp) return false;
        if (auto told = claims_.claim(*arp))
            readers.claims({sighting.at, sighting.number, {}, std::move(*told)});
        return true;
    }
    if (type != ethertype_ipv4 && type != ethertype_ipv6) {
        ++counts_.not_ip;
        return false;
    }
    const auto ip = wire::decode_ip(sighting.link.payload);
    if (!ip) {
        ++counts_.undecodable;
        return false;
    }
    if (!ip->fragment) {
        sighting.ip = *ip;
        return transport(sighting, depth, readers);
    }
    const auto whole = fragments_.add(*ip, time_.now());
    if (!whole) return true;
    sighting.ip = *whole;
    return transport(sighting, depth, readers);
}

bool Unwrapper::transport(Sighting& sighting, unsigned depth, const Readers& readers) {
    if (depth < wire::tunnels_max && tunnel(sighting, depth, readers)) return true;
    const auto segment = wire::decode_transport(sighting.ip);
    if (!segment) {
        ++counts_.undecodable;
        return false;
    }
    sighting.segment = *segment;
    readers.packets(sighting);
    return true;
}

/// False for what is no tunnel, or carries what cannot be read: then the outer packet is all there is to
/// tell.
bool Unwrapper::tunnel(const Sighting& outer, unsigned depth, const Readers& readers) {
    const auto inner = wire::decode_tunnel(outer.ip);
    if (!inner) return false;
    Sighting sighting{outer.number, outer.at, outer.link, inner->network, {}, {}};
    if (inner->is_ethernet) {
        const auto link = wire::decode_ethernet(inner->bytes);
        if (!link) return false;
        sighting.link = *link;
    } else {
        sighting.link.payload = inner->bytes;
        sighting.link.ethertype = ethertype_ipv4;   // or 6: the packet itself says so
    }
    if (!network(sighting, depth + 1, readers)) return false;
    ++counts_.tunnels;
    return true;
}

}   // namespace ward::sensor
