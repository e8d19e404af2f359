// SPDX-License-Identifier: Apache-2.0
// Packets in, events out: one owner of its flows, on one thread.
#pragma once

#include "sensor/floods.hpp"
#include "sensor/flow_table.hpp"
#include "sensor/inspector.hpp"
#include "sensor/timeline.hpp"
#include "sensor/unwrap.hpp"

namespace ward::sensor {

struct EngineLimits {
    FlowLimits flows;
    wire::StreamLimits streams;
    InspectionLimits inspection;
};

struct EngineCounts {
    std::uint64_t packets = 0;
    std::uint64_t flows = 0;
    std::uint64_t flows_evicted = 0;
    std::uint64_t memory_peak = 0;   // bytes of all flows
};

class Engine {
public:
    Engine(const EngineLimits& limits, const protocol::Pseudonymise* pseudonymise, Sink sink);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    void packet(const Sighting& packet);
    /// No packet before `now` will come: ends what has been silent for too long.
    void advance(event::Time now);
    /// The capture is over: ends all flows.
    void finish();

    EngineCounts counts() const noexcept;

private:
    void sort_out_opening(const Sighting& packet);
    void sight(const Sighting& packet);
    void begin(Flow& flow, const Sighting& packet, Side from);
    void handshake(Flow& flow, const Sighting& packet, Side from);
    void payload(Flow& flow, const Sighting& packet, Side from);
    void tcp(Flow& flow, const Sighting& packet, Side from);
    void stream(Flow& flow, Side from, const wire::StreamPiece& piece, const Sighting& packet);
    void end(Flow& flow, std::string_view reason);

    EngineLimits limits_;
    Sink sink_;
    Inspector inspector_;
    FlowTable flows_;
    Floods floods_;
    EngineCounts counts_;
    Timeline time_;
    std::optional<FlowKey> doubted_;   // whose packet was far from the time of all others
};

}   // namespace ward::sensor
