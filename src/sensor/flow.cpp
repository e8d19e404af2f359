// SPDX-License-Identifier: Apache-2.0
#include "sensor/flow.hpp"

#include <algorithm>

#include "core/hash.hpp"
#include "wire/wire_reader.hpp"

namespace ward::sensor {
namespace {

event::TcpEnd tcp_end(const Flow& flow) {
    const auto& client = flow.half(Side::client);
    const auto& server = flow.half(Side::server);
    event::TcpEnd end;
    end.flags_to_server = client.flags;
    end.flags_to_client = server.flags;
    end.midstream = flow.midstream;
    const bool answered = (server.flags & wire::TcpFlag::ack) != 0 && client.packets > 0;
    end.state = flow.reset                           ? "reset"
                : client.finished && server.finished ? "closed"
                : flow.midstream || answered         ? "established"
                                                     : "syn_sent";
    for (const auto& half : flow.halves) {
        end.retransmitted += half.stream.counts().retransmitted;
        end.conflicts += half.stream.counts().conflicts;
        end.overlaps += half.stream.counts().overlaps;
        end.urgent += half.stream.counts().urgent;
    }
    return end;
}

std::string_view state_of(const Flow& flow) {
    if (flow.age == Age::over) return "closed";
    return flow.half(Side::server).packets > 0 && flow.half(Side::client).packets > 0 ? "established" : "new";
}

/// ICMP where the second "port" is a code and no type.

}   // namespace

std::size_t FlowKeyHash::operator()(const FlowKey& key) const noexcept {
    const auto low = key.low.words();
    const auto high = key.high.words();
    auto hash = folded(low[0], high[0], seed);
    if (!key.low.is_v4()) hash = folded(hash ^ low[1], high[1], seed);
    return folded(hash ^ key.overlay, key.ports(), seed);
}

std::size_t memory_of(const Flow& flow) noexcept {
    // Of the hash table, at its emptiest after it has doubled, and of the allocator.
    constexpr std::size_t in_table = 2 * (sizeof(FlowKey) + 2 * sizeof(void*)) + 16;
    auto bytes = sizeof(Flow) + in_table + flow.between.vlans.capacity() * sizeof(std::uint16_t);
    for (const auto& half : flow.halves) bytes += half.stream.memory();
    if (flow.session != nullptr) bytes += flow.session->memory();
    if (flow.opening != nullptr) bytes += sizeof(Opening) + flow.opening->options.capacity();
    if (flow.recognition != nullptr) {
        bytes += sizeof(Recognition);
        for (const auto& piece : flow.recognition->pieces) bytes += sizeof piece + piece.bytes.capacity();
    }
    return bytes;
}

event::NotInspected not_inspected(const Flow& flow) noexcept {
    const auto left_out = [&](protocol::Uninspected why) {
        return flow.uninspected[static_cast<std::size_t>(why)];
    };
    using enum protocol::Uninspected;
    return {left_out(gap),     left_out(cap),       left_out(encrypted),
            left_out(unknown), left_out(malformed), left_out(content)};
}

event::Payload summary(const Flow& flow, std::string_view reason) {
    event::Flow told;
    const auto& client = flow.half(Side::client);
    const auto& server = flow.half(Side::server);
    told.packets_to_server = client.packets;
    told.packets_to_client = server.packets;
    told.bytes_to_server = client.bytes;
    told.bytes_to_client = server.bytes;
    told.start = flow.first;
    told.end = flow.last;
    told.state = state_of(flow);
    told.reason = reason;
    told.grounds = protocol::name(flow.grounds);
    told.violation = flow.violation;
    told.not_inspected = not_inspected(flow);
    if (flow.between.ip_protocol == wire::tcp) told.tcp = tcp_end(flow);
    return told;
}

}   // namespace ward::sensor
