// SPDX-License-Identifier: Apache-2.0
// How the sensor itself is doing, told by each of its threads.
#pragma once

#include <cstdint>

#include "event/event.hpp"

namespace ward::event {

struct Statistics {
    static constexpr std::string_view event_type = "stats";

    std::uint64_t thread = 0;
    std::uint64_t uptime = 0;   // seconds
    std::uint64_t kernel_packets = 0;
    std::uint64_t kernel_drops = 0;         // for want of room: the sensor was too slow
    std::uint64_t packets = 0;              // of flows
    std::uint64_t bytes = 0;                // on the wire
    std::uint64_t cut = 0;                  // frames that the capture shortened
    std::uint64_t undecodable = 0;          // frames whose layers contradict themselves or are cut off
    std::uint64_t unknown_link = 0;         // frames of a link type that Ward does not read
    std::uint64_t fragments_given_up = 0;   // packets that waited for their fragments in vain
    std::uint64_t flows = 0;
    std::uint64_t flows_evicted = 0;   // for memory
    std::uint64_t events_lost = 0;     // nobody took them: a slow reader, or a full disk
    std::uint64_t memory = 0;          // bytes of all flows, at most

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("thread", thread);
        visit("uptime", uptime);
        visit("kernel_packets", kernel_packets);
        visit("kernel_drops", kernel_drops);
        visit("packets", packets);
        visit("bytes", bytes);
        visit("cut", cut);
        visit("undecodable", undecodable);
        visit("unknown_link", unknown_link);
        visit("fragments_given_up", fragments_given_up);
        visit("flows", flows);
        visit("flows_evicted", flows_evicted);
        visit("events_lost", events_lost);
        visit("memory", memory);
    }
};

}   // namespace ward::event
