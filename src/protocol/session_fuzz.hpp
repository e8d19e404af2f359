// SPDX-License-Identifier: Apache-2.0
// For the fuzz targets of sessions: a stream of both directions, cut and torn as the input says.
#pragma once

#include <algorithm>

#include "core/assert.hpp"
#include "json/writer.hpp"
#include "protocol/protocols.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol {

inline constexpr std::size_t session_memory_max = std::size_t{2} << 20;

/// One session and all that it said, as text.
struct Heard {
    std::unique_ptr<Session> session;
    std::string json{};
    bool garbled = false;
    bool restarted = false;   // the rest is another protocol's

    void read(Output& out) {
        WARD_ASSERT(session->memory() <= session_memory_max);
        for (const auto& event : out.events) {
            json::Writer writer{json};
            event.write(writer);
        }
        garbled |= out.uninspected[static_cast<std::size_t>(Uninspected::malformed)] > 0;
        restarted |= out.restart.has_value();
    }
    void hear(Side from, Bytes bytes) {
        if (bytes.empty() || restarted) return;
        Output out;
        session->data(from, bytes, out);
        read(out);
    }
    void lose(Side from) {
        Output out;
        session->gap(from, 100, out);
        read(out);
    }
    void end() {
        Output out;
        session->end(out);
        read(out);
    }
};

inline bool is_stream(std::unique_ptr<Session> (*open)()) {
    return std::ranges::any_of(protocols(), [open](const Protocol& protocol) {
        return protocol.open == open && protocol.transport == Transport::tcp;
    });
}

/// Reads the input as pieces: a byte that says who speaks (bit 0), whether bytes were lost before (bits 1 and
/// 2) and where TCP cut the piece (the others), a length of two bytes, and the bytes. Each event must be
/// writable, the session's memory bounded, and a stream must mean the same whole and cut.
inline void fuzz_session(Bytes input, std::unique_ptr<Session> (*open)(), Verdict (*probe)(Bytes, Side)) {
    Heard whole{open()};
    Heard cut{open()};
    const bool stream = is_stream(open);
    bool alike = true;
    WireReader in{input};
    while (in.remaining() > 0 && !whole.restarted) {
        const auto header = in.u8();
        const auto bytes = in.take(std::min<std::size_t>(in.u16(), in.remaining()));
        const auto from = (header & 1U) != 0 ? Side::server : Side::client;
        const bool lost = (header & 6U) == 6;
        if (!bytes.empty()) static_cast<void>(probe(bytes, from));
        if (lost) whole.lose(from);
        whole.hear(from, bytes);
        // Behind garbage, and in some protocols behind a loss, a message is what a piece begins with; and
        // what is garbage shows only when enough of it is there.
        alike = alike && !lost;
        if (!alike) continue;
        constexpr std::size_t places = 33;
        const auto at = stream ? bytes.size() * (1 + (header >> 3U)) / places : 0;
        cut.hear(from, bytes.first(at));
        cut.hear(from, bytes.subspan(at));
        alike = !whole.garbled && !cut.garbled;
        WARD_ASSERT(!alike || whole.restarted == cut.restarted);
    }
    whole.end();
    if (!alike) return;
    cut.end();
    WARD_ASSERT(whole.json == cut.json);
}

}   // namespace ward::protocol
