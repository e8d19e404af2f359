// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "core/assert.hpp"
#include "json/document.hpp"
#include "sensor/engine.hpp"
#include "sensor/eve.hpp"
#include "wire/wire_reader.hpp"

// Frames as the sensor sees them: a byte for the pause before it (and, in its top bit, for another link
// type), two bytes of length, and the frame. Every event is a line of JSON, and all flows fit their memory.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ward;
    using namespace ward::sensor;
    constexpr std::size_t memory_max = std::size_t{1} << 20;
    // Of the flow that a packet belongs to, which is never ended for its own memory.
    constexpr std::size_t one_flow_max = std::size_t{2} << 20;
    EngineLimits limits;
    limits.flows.memory_max = memory_max;
    std::string line;
    const auto tell = [&](const event::Event& event) {
        line.clear();
        append_eve(line, event);
        WARD_ASSERT(line.back() == '\n');
        WARD_ASSERT(json::Document::parse(line));
    };
    const protocol::Pseudonymise by_size = [](std::string_view id) {
        return event::Pseudonym{std::to_string(id.size())};
    };
    Engine engine{limits, &by_size, tell};
    Unwrapper unwrapper;
    WireReader in{std::as_bytes(std::span{data, size})};
    wire::Frame frame;
    frame.at = wire::FrameTime{std::chrono::seconds{1'700'000'000}};
    std::uint64_t number = 0;
    while (in.remaining() > 0) {
        const auto header = in.u8();
        const auto pause = header & 0x7fU;
        frame.at += pause < 0x70   ? std::chrono::milliseconds{pause}
                    : pause < 0x7f ? std::chrono::seconds{pause}
                                   : std::chrono::hours{30};
        frame.link = (header & 0x80U) != 0 ? wire::LinkType::raw : wire::LinkType::ethernet;
        frame.bytes = in.take(std::min<std::size_t>(in.u16(), in.remaining()));
        frame.wire_length = static_cast<std::uint32_t>(frame.bytes.size());
        unwrapper.frame(
            frame, ++number, [&](const Sighting& packet) { engine.packet(packet); }, tell);
    }
    engine.finish();
    WARD_ASSERT(engine.counts().memory_peak <= memory_max + one_flow_max);
    return 0;
}
