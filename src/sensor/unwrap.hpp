// SPDX-License-Identifier: Apache-2.0
// From a frame to the packets that two hosts exchanged: tunnels taken off, fragments put together.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include "core/function_ref.hpp"
#include "event/event.hpp"
#include "sensor/timeline.hpp"
#include "wire/fragments.hpp"
#include "wire/packet.hpp"

namespace ward::sensor {

/// One packet between two hosts. Borrows the frame.
struct Sighting {
    std::uint64_t number = 0;   // of the frame in the capture, from 1
    event::Time at{};
    wire::Link link;             // the innermost one
    std::uint32_t overlay = 0;   // the number of the virtual network that it crossed, of VXLAN or Geneve
    wire::Ip ip;
    wire::Segment segment;
};

struct UnwrapCounts {
    std::uint64_t frames = 0;
    std::uint64_t bytes = 0;          // on the wire
    std::uint64_t cut = 0;            // frames that the capture shortened
    std::uint64_t not_ip = 0;         // frames of other protocols: ARP, spanning tree, …
    std::uint64_t undecodable = 0;    // frames whose layers contradict themselves or are cut off
    std::uint64_t unknown_link = 0;   // frames of a link type that Ward does not read
    std::uint64_t tunnels = 0;        // packets inside others
};

/// Which MAC address claims which IP address, so that each claim is told once and each change again.
class ArpClaims {
public:
    ArpClaims();
    /// The event for a claim that is new; nothing for one that is known.
    std::optional<event::Payload> claim(const wire::Arp& arp);

private:
    static constexpr std::size_t claims_max = 65'536;
    struct Hash {
        std::uint64_t seed;
        std::size_t operator()(const IpAddress& address) const noexcept;
    };
    boost::unordered_flat_map<IpAddress, MacAddress, Hash> claims_;
};

class Unwrapper {
public:
    using Packets = FunctionRef<void(const Sighting&)>;
    using Claims = FunctionRef<void(event::Event&&)>;

    explicit Unwrapper(wire::FragmentLimits limits = {}) : fragments_(limits) {}

    void frame(const wire::Frame& frame, std::uint64_t number, Packets packets, Claims claims);

    const UnwrapCounts& counts() const noexcept { return counts_; }
    const wire::FragmentCounts& fragment_counts() const noexcept { return fragments_.counts(); }

private:
    struct Readers;
    bool network(Sighting& sighting, unsigned depth, const Readers& readers);
    bool transport(Sighting& sighting, unsigned depth, const Readers& readers);
    bool tunnel(const Sighting& outer, unsigned depth, const Readers& readers);

    wire::Fragments fragments_;
    Timeline time_;
    ArpClaims claims_;
    UnwrapCounts counts_;
};

}   // namespace ward::sensor
