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

/// Reads the input as pieces: a byte that says who speaks (bit 0) and whether bytes were lost before (bits 1
/// and 2), a length of two bytes, and the bytes. Each event must be writable and the session's memory
/// bounded.
inline void fuzz_session(Bytes input, std::unique_ptr<Session> (*open)(), Verdict (*probe)(Bytes, Side)) {
    const auto session = open();
    WireReader in{input};
    std::string json;
    while (in.remaining() > 0) {
        const auto header = in.u8();
        const auto bytes = in.take(std::min<std::size_t>(in.u16(), in.remaining()));
        const auto from = (header & 1U) != 0 ? Side::server : Side::client;
        if (!bytes.empty()) static_cast<void>(probe(bytes, from));
        Output out;
        if ((header & 6U) == 6) session->gap(from, 100, out);
        if (!bytes.empty()) session->data(from, bytes, out);
        WARD_ASSERT(session->memory() <= session_memory_max);
        json.clear();
        json::Writer writer{json};
        for (const auto& event : out.events) event.write(writer);
        if (out.restart) break;
    }
    Output out;
    session->end(out);
}

}   // namespace ward::protocol
