// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-sensor/statistics.hpp"

#include <cstdio>

namespace ward::sensor {
namespace {

void row(const char* what, std::uint64_t count) {
    std::fprintf(stderr, "%-34s %14llu\n", what, static_cast<unsigned long long>(count));
}

void row_unless_zero(const char* what, std::uint64_t count) {
    if (count > 0) row(what, count);
}

}   // namespace

void print(const ReplayCounts& counts) {
    row("frames", counts.unwrap.frames);
    row("bytes on the wire", counts.unwrap.bytes);
    row("packets of flows", counts.engine.packets);
    row("flows", counts.engine.flows);
    row("memory of flows at most, bytes", counts.engine.memory_peak);
    row_unless_zero("frames without IP", counts.unwrap.not_ip);
    row_unless_zero("packets in tunnels", counts.unwrap.tunnels);
    row_unless_zero("IP fragments", counts.fragments.fragments);
    row_unless_zero("packets made of fragments", counts.fragments.reassembled);
    row_unless_zero("frames cut by the capture", counts.unwrap.cut);
    row_unless_zero("frames that contradict themselves", counts.unwrap.undecodable);
    row_unless_zero("frames of an unknown link type", counts.unwrap.unknown_link);
    row_unless_zero("overlapping fragments", counts.fragments.overlaps);
    row_unless_zero("fragments given up, too old", counts.fragments.timed_out);
    row_unless_zero("fragments given up, too many", counts.fragments.evicted);
    row_unless_zero("flows given up for memory", counts.engine.flows_evicted);
    for (const auto& [type, count] : counts.events) row(("events: " + type).c_str(), count);
}

void print_what_was_not_read(const ReplayCounts& counts) {
    row_unless_zero("frames cut by the capture", counts.unwrap.cut);
    row_unless_zero("frames that contradict themselves", counts.unwrap.undecodable);
    row_unless_zero("frames of an unknown link type", counts.unwrap.unknown_link);
}

}   // namespace ward::sensor
