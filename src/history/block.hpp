// SPDX-License-Identifier: Apache-2.0
// Events of one day and one class, pressed together: docs/formats/event-store.md.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace ward::history {

constexpr std::size_t line_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t block_events_max = 1024;
/// A block is closed when its lines have this many bytes, so it may have one line more.
constexpr std::size_t block_bytes_full = std::size_t{2} << 20U;

/// What is known of an event beside its line.
struct Mark {
    std::int64_t microseconds = 0;   // of event time, since 1970
    std::uint64_t sequence = 0;      // of its publisher
    std::uint32_t publisher = 0;     // its number in this day's file
    std::uint32_t line_bytes = 0;

    bool operator==(const Mark&) const = default;
};

struct Block {
    std::vector<Mark> marks;
    std::string lines;   // one after the other, without ends

    bool operator==(const Block&) const = default;
    bool is_full() const noexcept {
        return marks.size() >= block_events_max || lines.size() >= block_bytes_full;
    }
};

/// Events from the one numbered `begin` on; `lines` are theirs.
Buffer encode_block(const Block& block, std::size_t begin = 0, std::size_t lines_begin = 0);

/// Errc::corrupt for what encode_block() does not write.
Result<Block> decode_block(Bytes bytes);

}   // namespace ward::history
