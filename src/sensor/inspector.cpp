// SPDX-License-Identifier: Apache-2.0
#include "sensor/inspector.hpp"

#include <algorithm>

#include "event/flow.hpp"

namespace ward::sensor {
namespace {

protocol::Transport transport_of(const Flow& flow) {
    return flow.key.ip_protocol == wire::tcp ? protocol::Transport::tcp : protocol::Transport::udp;
}

void leave_out(Flow& flow, protocol::Uninspected why, std::uint64_t bytes) {
    flow.uninspected[static_cast<std::size_t>(why)] += bytes;
}

/// Whether the first bytes at hand are not the conversation's first.
bool is_begun(const Flow& flow) { return flow.midstream || flow.recognition->torn; }

constexpr unsigned anomaly_of_protocol = 7;

}   // namespace

Inspector::Inspector(InspectionLimits limits, const protocol::Pseudonymise* pseudonymise, Sink& sink)
    : limits_(limits), sink_(sink) {
    output_.pseudonymise = pseudonymise;
}

void Inspector::feed(Flow& flow, Side from, Bytes bytes, event::Time now, std::uint64_t packet) {
    output_.now = now;
    packet_ = packet;
    if (flow.session != nullptr) {
        decode(flow, from, bytes);
    } else if (flow.recognition != nullptr) {
        recognise(flow, from, bytes);
    } else {
        leave_out(flow, protocol::Uninspected::unknown, bytes.size());
        // Somebody who sends junk first must not blind the sensor to what comes later.
        if (++flow.unread < limits_.unread_max) return;
        flow.unread = 0;
        flow.recognition = std::make_unique<Recognition>();
        flow.recognition->torn = true;
    }
}

void Inspector::cut(Flow& flow, Side from, std::uint64_t missing) {
    leave_out(flow, protocol::Uninspected::gap, missing);
    flow.torn[event::index(from)] = true;
}

void Inspector::pass_by(Flow& flow, std::size_t bytes) {
    using enum protocol::Uninspected;
    leave_out(flow, flow.key.ip_protocol == wire::esp ? encrypted : unknown, bytes);
}

void Inspector::gap(Flow& flow, Side from, std::uint64_t lost, event::Time now, std::uint64_t packet) {
    output_.now = now;
    packet_ = packet;
    leave_out(flow, protocol::Uninspected::gap, lost);
    if (flow.session != nullptr) {
        flow.session->gap(from, lost, output_);
        collect(flow, from);
    } else if (flow.recognition != nullptr) {
        // What was begun cannot be joined with what comes.
        auto& recognition = *flow.recognition;
        std::erase_if(recognition.pieces, [&](const auto& piece) { return piece.from == from; });
        leave_out(flow, protocol::Uninspected::unknown, recognition.sizes[event::index(from)]);
        recognition.sizes[event::index(from)] = 0;
        recognition.hopeless[event::index(from)] = false;
        recognition.torn = true;
    }
    flow.torn[event::index(from)] = true;
}

/// A side's first bytes together; of a flow that was picked up late, each chunk may be the beginning of a
/// message.
protocol::Guess Inspector::guess(const Flow& flow, Side from, Bytes bytes) {
    const auto port = flow.between.server.port;
    const auto transport = transport_of(flow);
    if (transport == protocol::Transport::tcp && flow.recognition->sizes[event::index(from)] > 0) {
        joined_.clear();
        for (const auto& piece : flow.recognition->pieces)
            if (piece.from == from) append(joined_, piece.bytes);
        append(joined_, bytes);
        const auto together = protocol::recognise(transport, port, joined_, from);
        if (together.protocol != nullptr || !is_begun(flow)) return together;
    }
    const auto alone = protocol::recognise(transport, port, bytes, from);
    if (alone.protocol != nullptr || transport == protocol::Transport::tcp) return alone;
    std::vector<Bytes> series;
    for (const auto& piece : flow.recognition->pieces)
        if (piece.from == from) series.emplace_back(piece.bytes);
    series.push_back(bytes);
    const auto several = protocol::recognise_series(transport, series);
    return several.protocol != nullptr ? several : alone;
}

void Inspector::recognise(Flow& flow, Side from, Bytes bytes) {
    auto& recognition = *flow.recognition;
    auto& size = recognition.sizes[event::index(from)];
    ++recognition.attempts;
    const auto guessed = guess(flow, from, bytes);
    if (guessed.protocol != nullptr) {
        open(flow, guessed);
        const auto waited = std::move(flow.recognition);
        for (std::size_t i = 0; i < waited->pieces.size(); ++i) {
            const auto& [speaker, piece] = waited->pieces[i];
            feed(flow, speaker, piece, output_.now, packet_);
        }
        return feed(flow, from, bytes, output_.now, packet_);
    }
    recognition.hopeless[event::index(from)] = !guessed.undecided;
    const bool room = size + bytes.size() <= limits_.recognition_bytes_max;
    const bool is_udp = transport_of(flow) == protocol::Transport::udp;
    if (room) {
        auto& pieces = recognition.pieces;
        if (is_udp || pieces.empty() || pieces.back().from != from) pieces.push_back({from, {}});
        append(pieces.back().bytes, bytes);
        size += bytes.size();
    } else {
        leave_out(flow, protocol::Uninspected::unknown, bytes.size());
    }
    const bool hopeless = recognition.hopeless[0] && recognition.hopeless[1];
    const bool patient = is_begun(flow) || is_udp;
    // Who sends its first bytes one by one must not be overlooked for that.
    const bool exhausted =
        recognition.attempts >= (patient ? limits_.recognition_attempts_max : limits_.recognition_chunks_max);
    if (exhausted || (!patient && (hopeless || !room))) give_up(flow);
}

void Inspector::open(Flow& flow, const protocol::Guess& guess) {
    flow.session = guess.protocol->open();
    flow.grounds = guess.grounds;
    flow.between.app_protocol = guess.protocol->name;
    flow.failures = 0;
}

/// Nothing that is known speaks like this.
void Inspector::give_up(Flow& flow) {
    for (const auto size : flow.recognition->sizes) leave_out(flow, protocol::Uninspected::unknown, size);
    flow.recognition.reset();
}

void Inspector::decode(Flow& flow, Side from, Bytes bytes) {
    flow.session->data(from, bytes, output_);
    const auto restart = std::exchange(output_.restart, std::nullopt);
    if (restart) flow.session->end(output_);
    collect(flow, from);
    if (!restart) return;
    flow.session.reset();
    if (++flow.restarts > limits_.restarts_max) {
        leave_out(flow, protocol::Uninspected::unknown, restart->size());
        return;
    }
    flow.recognition = std::make_unique<Recognition>();
    if (!restart->empty()) recognise(flow, from, *restart);
}

/// After a loss the rest of a message is not the fault of who sent it, until something is understood again.
void Inspector::forgive(Flow& flow, Side from) {
    auto& torn = flow.torn[event::index(from)];
    if (!torn) return;
    output_.violation = {};
    auto& malformed = output_.uninspected[static_cast<std::size_t>(protocol::Uninspected::malformed)];
    leave_out(flow, protocol::Uninspected::gap, std::exchange(malformed, 0));
    if (output_.events.empty()) return;
    torn = false;
    // An answer that was understood had a question that was.
    if (from == Side::server) flow.torn[event::index(Side::client)] = false;
}

/// Takes what the session said.
void Inspector::collect(Flow& flow, Side from) {
    forgive(flow, from);
    for (auto& payload : output_.events) tell(flow, std::move(payload));
    for (std::size_t i = 0; i < flow.uninspected.size(); ++i) flow.uninspected[i] += output_.uninspected[i];
    if (output_.patient_items > 0)
        exposures_.add(flow.between, std::max(output_.patient_messages, 1U), output_.patient_items,
                       output_.now, sink_);
    if (!output_.events.empty()) flow.failures = 0;
    const auto violation = std::exchange(output_.violation, {});
    output_.events.clear();
    output_.uninspected = {};
    output_.patient_items = output_.patient_messages = 0;
    output_.restart.reset();   // means something after data() only, and borrows its bytes
    if (violation.empty()) return;
    flow.violation = violation;
    anomaly(flow, anomaly_of_protocol, "applayer", violation, output_.now, packet_);
    if (++flow.failures < limits_.failures_max || flow.session == nullptr) return;
    flow.session->end(output_);
    flow.session.reset();
    flow.failures = 0;
    collect(flow, Side::client);
    if (++flow.restarts > limits_.restarts_max) return;
    flow.recognition = std::make_unique<Recognition>();
    flow.recognition->torn = true;
}

void Inspector::end(Flow& flow) {
    output_.now = flow.last;
    packet_ = 0;   // what is told now, no packet completed
    if (flow.session != nullptr) {
        flow.session->end(output_);
        collect(flow, Side::client);
    } else if (flow.recognition != nullptr) {
        give_up(flow);
    }
}

void Inspector::anomaly(Flow& flow, unsigned kind, std::string_view layer, std::string_view what,
                        event::Time now, std::uint64_t packet) {
    const auto bit = static_cast<std::uint8_t>(1U << kind);
    if ((flow.anomalies & bit) != 0) return;
    flow.anomalies |= bit;
    sink_({now, packet, flow.between, event::Anomaly{layer, what}});
}

void Inspector::tell(const Flow& flow, event::Payload payload) {
    sink_({output_.now, packet_, flow.between, std::move(payload)});
}

}   // namespace ward::sensor
