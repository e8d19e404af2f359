// SPDX-License-Identifier: Apache-2.0
#include "sensor/engine.hpp"

#include <algorithm>

namespace ward::sensor {
namespace {

using wire::TcpFlag;

FlowKey key_of(const Sighting& packet) {
    const auto& [ip, segment] = std::tie(packet.ip, packet.segment);
    const auto& vlans = packet.link.vlans;
    FlowKey key{ip.source, ip.target, segment.source_port, segment.target_port, 0, ip.protocol};
    if (vlans.count > 0) key.vlan = vlans.ids[vlans.count - 1U];
    key.overlay = packet.overlay;
    if (std::tie(key.high, key.high_port) < std::tie(key.low, key.low_port)) {
        std::swap(key.low, key.high);
        std::swap(key.low_port, key.high_port);
    }
    return key;
}

/// A port that a protocol has for its own: whoever has it serves.
bool is_serving_port(std::uint16_t port) {
    return std::ranges::any_of(protocol::protocols(),
                               [port](const auto& known) { return known.has_port(port); });
}

/// A SYN that ends what it would begin: hosts discard it, and so does the sensor.
bool contradicts_itself(const wire::Tcp& tcp) { return tcp.has(TcpFlag::syn) && tcp.has(TcpFlag::fin); }

/// Whether the sender of the first packet that was seen is the client.
bool is_from_client(const Sighting& packet) {
    const auto& segment = packet.segment;
    if (segment.tcp && segment.tcp->has(TcpFlag::syn) && !contradicts_itself(*segment.tcp))
        return !segment.tcp->has(TcpFlag::ack);
    if (!segment.tcp && packet.ip.protocol != wire::udp && packet.ip.protocol != wire::sctp) return true;
    if (packet.ip.target.is_multicast() || packet.ip.target.is_broadcast()) return true;
    const bool ours = is_serving_port(segment.source_port);
    const bool theirs = is_serving_port(segment.target_port);
    if (ours != theirs) return theirs;
    // Without a SYN, the lower of a system port and a user port serves (RFC 6335, section 6).
    constexpr std::uint16_t system_ports = 1024;
    const bool low = segment.source_port < system_ports && segment.source_port > 0;
    return !(low && segment.target_port >= system_ports);
}

Side sender_of(const Sighting& packet, const Flow& flow) {
    const auto& client = flow.between.client;
    return packet.segment.source_port == client.port && packet.ip.source == client.address ? Side::client
                                                                                           : Side::server;
}

/// Whether both sides take part, as far as that can be seen: of a conversation that only one direction passes
/// here, some packets must have come. One forged packet must not look like one that is worth keeping.
bool is_talking(const Flow& flow) {
    constexpr std::uint64_t one_sided_min = 16;
    const auto& [client, server] = flow.halves;
    if (client.packets == 0 || server.packets == 0)
        return flow.midstream && client.packets + server.packets >= one_sided_min;
    return flow.midstream || ((client.flags | server.flags) & TcpFlag::ack) != 0;
}

bool is_opening(const Sighting& packet) {
    const auto& tcp = packet.segment.tcp;
    return tcp && tcp->has(TcpFlag::syn) && !tcp->has(TcpFlag::ack) && !contradicts_itself(*tcp);
}

bool is_accepting(const Sighting& packet) {
    const auto& tcp = packet.segment.tcp;
    return tcp && tcp->has(TcpFlag::syn) && tcp->has(TcpFlag::ack) && !contradicts_itself(*tcp);
}

/// How many bytes the sender allows the other side. Until both SYNs were seen it may have agreed on any
/// scale.
std::uint32_t window_of(const Flow& flow, Side from, const wire::Tcp& tcp) {
    constexpr std::uint8_t scale_max = 14;
    if (tcp.has(TcpFlag::syn)) return tcp.window;   // RFC 7323, section 2.2: never scaled
    const auto& [client, server] = flow.halves;
    if ((client.flags & server.flags & TcpFlag::syn) == 0) return std::uint32_t{tcp.window} << scale_max;
    const bool agreed = client.scale && server.scale;
    return std::uint32_t{tcp.window} << (agreed ? *flow.half(from).scale : 0U);
}

/// Keeps the SYN without what it borrows.
std::unique_ptr<Opening> keep(const Sighting& packet) {
    auto kept = std::make_unique<Opening>();
    auto& tcp = *packet.segment.tcp;
    kept->options.assign(tcp.options.begin(), tcp.options.end());
    kept->packet = packet;
    kept->packet.link.payload = kept->packet.ip.payload = kept->packet.segment.payload = {};
    kept->packet.segment.tcp->options = kept->options;
    return kept;
}

enum Anomalies : unsigned {
    other_content,
    overlapping,
    urgent_bytes,
    far_segment,
    late_bytes,
    contradiction
};

}   // namespace

Engine::Engine(const EngineLimits& limits, const protocol::Pseudonymise* pseudonymise, Sink sink)
    : limits_(limits),
      sink_(std::move(sink)),
      inspector_(limits.inspection, pseudonymise, sink_),
      flows_(limits.flows, [this](Flow& flow, std::string_view reason) { end(flow, reason); }) {}

void Engine::packet(const Sighting& packet) {
    ++counts_.packets;
    advance(packet.at);
    if (time_.is_doubting()) doubted_ = key_of(packet);
    if (is_opening(packet) || is_accepting(packet)) sort_out_opening(packet);
    sight(packet);
}

/// The same ports again: another connection, or only somebody who would like it to look so.
void Engine::sort_out_opening(const Sighting& packet) {
    auto* const before = flows_.find(key_of(packet));
    if (before == nullptr) return;
    if (is_opening(packet)) {
        if (before->age == Age::over) return flows_.end(*before, "closed");
        const auto& stream = before->half(sender_of(packet, *before)).stream;
        const bool repeated = stream.first_sequence() == packet.segment.tcp->sequence + 1;
        // A host that still has the connection does not accept another one (RFC 5961, section 4).
        if (before->age == Age::talking && !repeated) before->opening = keep(packet);
        return;
    }
    if (before->opening == nullptr) return;
    const auto opener = sender_of(before->opening->packet, *before);
    if (packet.segment.tcp->acknowledged != before->opening->packet.segment.tcp->sequence + 1 ||
        sender_of(packet, *before) == opener)
        return;
    const auto opening = std::move(before->opening);
    // It was counted as the old one's so far.
    --before->half(opener).packets;
    before->half(opener).bytes -= opening->packet.ip.length;
    flows_.end(*before, "closed");
    sight(opening->packet);
}

void Engine::sight(const Sighting& packet) {
    const auto key = key_of(packet);
    auto [flow, is_new] = flows_.find_or_add(key);
    const auto from =
        is_new ? (is_from_client(packet) ? Side::client : Side::server) : sender_of(packet, flow);
    if (is_new) begin(flow, packet, from);
    auto& half = flow.half(from);
    if (half.packets == 0)
        (from == Side::client ? flow.between.client : flow.between.server).mac = packet.link.source;
    ++half.packets;
    half.bytes += packet.ip.length;
    if (packet.segment.tcp) {
        tcp(flow, packet, from);
    } else {
        const bool answered = flow.halves[0].packets > 0 && flow.halves[1].packets > 0;
        flows_.touch(flow, time_.now(), answered ? Age::talking : Age::beginning);
        const auto payload = packet.segment.payload;
        if (packet.ip.missing > 0) Inspector::cut(flow, from, packet.ip.missing);
        if (packet.ip.protocol != wire::udp) {
            Inspector::pass_by(flow, payload.size());
        } else if (!payload.empty()) {
            inspector_.feed(flow, from, payload, packet.at, packet.number);
        }
    }
    // Nothing else makes a flow larger.
    if (is_new || !packet.segment.payload.empty()) flows_.charge(flow);
}

void Engine::begin(Flow& flow, const Sighting& packet, Side from) {
    ++counts_.flows;
    flow.first = packet.at;
    auto& between = flow.between;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(packet.at).time_since_epoch().count();
    // 53 bits, which every JSON reader keeps: the second, and the packet's number within it.
    between.flow_id =
        (static_cast<std::uint64_t>(seconds) & 0x1ffffffffU) << 20U | (packet.number & 0xfffffU);
    between.ip_protocol = packet.ip.protocol;
    between.icmp_code = packet.segment.icmp_code;
    auto& sender = from == Side::client ? between.client : between.server;
    auto& receiver = from == Side::client ? between.server : between.client;
    sender = {packet.ip.source, packet.segment.source_port, packet.link.source};
    receiver = {packet.ip.target, packet.segment.target_port, packet.link.target};
    const auto& vlans = packet.link.vlans;
    between.vlans.assign(vlans.ids.begin(), vlans.ids.begin() + vlans.count);
    if (packet.ip.protocol == wire::tcp || packet.ip.protocol == wire::udp)
        flow.recognition = std::make_unique<Recognition>();
    flow.midstream = packet.segment.tcp && !packet.segment.tcp->has(TcpFlag::syn);
    flow.torn = {flow.midstream, flow.midstream};
}

void Engine::stream(Flow& flow, Side from, const wire::StreamPiece& piece, const Sighting& packet) {
    const auto at = piece.at == event::Time{} ? packet.at : piece.at;
    if (piece.lost > 0) {
        inspector_.gap(flow, from, piece.lost, at, packet.number);
    } else {
        inspector_.feed(flow, from, piece.bytes, at, packet.number);
    }
}

/// Where both streams begin. Others may forge a SYN or its answer; the client's own acknowledgement settles
/// it.
void Engine::handshake(Flow& flow, const Sighting& packet, Side from) {
    const auto& tcp = *packet.segment.tcp;
    auto& half = flow.half(from);
    auto& other = flow.half(event::other(from));
    if (tcp.has(TcpFlag::syn)) {
        // The SYN that was answered counts, whatever others were forged before it or after.
        const bool answered = (other.flags & TcpFlag::ack) != 0;
        if (!half.stream.started() || !answered) {
            half.overlap = wire::overlap_of_host(packet.ip.ttl, tcp.options);
            half.scale = wire::window_scale(tcp.options);
            half.stream.start(tcp.sequence + 1);
        }
        if (tcp.has(TcpFlag::ack) && other.stream.started()) other.stream.start(tcp.acknowledged);
    } else if (from == Side::client && tcp.has(TcpFlag::ack) && half.stream.started() &&
               other.stream.started()) {
        flow.confirmed =
            tcp.sequence == half.stream.next_sequence() && tcp.acknowledged == other.stream.next_sequence();
        // Its own word of where it stands, unless bytes were lost before it.
        const bool earlier = static_cast<std::int32_t>(tcp.sequence - half.stream.next_sequence()) < 0;
        const bool elsewhere = earlier || half.stream.is_leap(tcp.sequence, limits_.streams);
        if (elsewhere && !packet.segment.payload.empty()) half.stream.start(tcp.sequence);
    }
}

void Engine::payload(Flow& flow, const Sighting& packet, Side from) {
    const auto& tcp = *packet.segment.tcp;
    auto& stream_of_sender = flow.half(from).stream;
    const auto reader = [&](const wire::StreamPiece& piece) { stream(flow, from, piece, packet); };
    const wire::StreamSegment segment{tcp.has(TcpFlag::syn) ? tcp.sequence + 1 : tcp.sequence,
                                      packet.segment.payload,
                                      tcp.has(TcpFlag::urg) ? tcp.urgent : std::uint16_t{0}, packet.at};
    const auto before = stream_of_sender.counts();
    // The host that receives decides which of two overlapping segments counts.
    stream_of_sender.segment(segment, flow.half(event::other(from)).overlap, limits_.streams, reader);
    const auto& after = stream_of_sender.counts();
    const auto tell = [&](unsigned kind, std::string_view what) {
        inspector_.anomaly(flow, kind, "stream", what, packet.at, packet.number);
    };
    if (after.conflicts > before.conflicts) tell(other_content, "retransmission with other content");
    if (after.overlaps > before.overlaps) tell(overlapping, "overlapping segments");
    if (after.urgent > before.urgent) tell(urgent_bytes, "urgent data");
    if (after.late > before.late) tell(late_bytes, "segment in a hole that was given up");
    if (after.leaps > before.leaps) tell(far_segment, "segment outside of any window");
}

void Engine::tcp(Flow& flow, const Sighting& packet, Side from) {
    const auto& tcp = *packet.segment.tcp;
    auto& half = flow.half(from);
    auto& other = flow.half(event::other(from));
    if (contradicts_itself(tcp)) {
        if (is_talking(flow))   // of a scan a flow or a flood tells
            inspector_.anomaly(flow, contradiction, "stream", "SYN and FIN in one segment", packet.at,
                               packet.number);
        Inspector::pass_by(flow, packet.segment.payload.size());
        return flows_.touch(flow, time_.now(), flow.age);
    }
    half.flags |= tcp.flags;
    if (!flow.confirmed && !tcp.has(TcpFlag::rst)) handshake(flow, packet, from);
    // What is acknowledged was sent before: the other direction goes first.
    if (tcp.has(TcpFlag::ack)) {
        const auto reader = [&](const wire::StreamPiece& piece) {
            stream(flow, event::other(from), piece, packet);
        };
        const bool speaks = !packet.segment.payload.empty() && !tcp.has(TcpFlag::rst) &&
                            half.stream.started() && half.stream.next_sequence() == tcp.sequence;
        other.stream.acknowledged({tcp.acknowledged, window_of(flow, from, tcp), speaks}, limits_.streams,
                                  reader);
        if (other.fin && tcp.acknowledged == *other.fin + 1) other.finished = true;
    }
    if (!packet.segment.payload.empty() && !tcp.has(TcpFlag::rst)) payload(flow, packet, from);
    // A FIN counts where the stream is, or once it is acknowledged: anybody can send one somewhere else.
    if (tcp.has(TcpFlag::fin))
        half.fin = tcp.sequence + static_cast<std::uint32_t>(packet.segment.payload.size());
    if (half.fin && (!half.stream.started() || half.stream.next_sequence() == *half.fin))
        half.finished = true;
    // RFC 5961, section 3.2: a reset counts only at the very next byte; a FIN takes one number too.
    if (tcp.has(TcpFlag::rst)) {
        const auto past = tcp.sequence - half.stream.next_sequence();
        if (!half.stream.started() || past == 0 || (past == 1 && half.finished)) flow.reset = true;
    }
    const bool over = flow.reset || (half.finished && other.finished);
    flows_.touch(flow, time_.now(), over ? Age::over : is_talking(flow) ? Age::talking : flow.age);
}

void Engine::end(Flow& flow, std::string_view reason) {
    Sighting nothing;
    nothing.at = flow.last;
    for (const auto side : {Side::client, Side::server}) {
        const auto reader = [&](const wire::StreamPiece& piece) { stream(flow, side, piece, nothing); };
        flow.half(side).stream.finish(flow.half(side).fin, reader);
    }
    inspector_.end(flow);
    flow.first = std::min(flow.first, flow.last);
    if (floods_.absorb(flow, time_.now(), sink_)) return;
    sink_({flow.last, 0, flow.between, summary(flow, reason)});
}

void Engine::advance(event::Time now) {
    const auto step = time_.see(now);
    if (step == Timeline::Step::back) flows_.rewind(time_.now());
    if (step == Timeline::Step::forth && doubted_) {
        // It was right, so its flow is as young as the time is now.
        if (auto* const flow = flows_.find(*doubted_)) flows_.touch(*flow, time_.now(), flow->age);
    }
    doubted_.reset();
    flows_.expire(time_.now());
    inspector_.advance(time_.now());
    floods_.advance(time_.now(), sink_);
}

void Engine::finish() {
    flows_.end_all("shutdown");
    inspector_.finish();
    floods_.finish(sink_);
}

EngineCounts Engine::counts() const noexcept {
    auto counts = counts_;
    counts.flows_evicted = flows_.evicted();
    counts.memory_peak = flows_.memory_peak();
    return counts;
}

}   // namespace ward::sensor
