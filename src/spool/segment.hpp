// SPDX-License-Identifier: Apache-2.0
// A spool's files: which there are, and how each begins. docs/formats/spool.md
#pragma once

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <vector>

#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "spool/record.hpp"

namespace ward::spool {

/// Who numbered the events: random, and new with each spool that was empty.
struct PublisherId {
    std::array<std::byte, 16> value{};

    auto operator<=>(const PublisherId&) const = default;
    std::string hex() const { return to_hex(value); }
    /// Exactly what hex() gives.
    static std::optional<PublisherId> from_hex(std::string_view text);
};

constexpr std::size_t segment_head_bytes = 36;

struct SegmentHead {
    PublisherId publisher;
    Sequence first = 1;
};

Buffer encode(const SegmentHead& head);
Decode<SegmentHead> decode_segment_head(Bytes input) noexcept;

struct Segment {
    std::filesystem::path path;
    Sequence first = 0;
    std::uint64_t bytes = 0;
};

struct SegmentEnd {
    std::uint64_t offset = segment_head_bytes;   // behind the last whole record
    Sequence next = 0;
};

/// What is damaged in between is passed over, where its length still says how far: records behind it may have
/// been sent, and their numbers must not be given out again.
SegmentEnd end_of(Bytes segment, Sequence first);

std::filesystem::path segment_path(const std::filesystem::path& folder, Sequence first);

/// Those that are there, the oldest first.
Result<std::vector<Segment>> segments_in(const std::filesystem::path& folder);

/// `size` bytes from `offset`, or those that there are. Errc::unavailable.
Result<Buffer> read_at(int file, std::uint64_t offset, std::size_t size);

/// What was written to `file` is on the disk. Errc::unavailable.
Result<> sync_file(int file);

/// Where who stores the events said that it is: up to which sequence number of which publisher it has them.
struct Stored {
    PublisherId publisher;
    Sequence watermark = 0;
};

/// In the spool's folder, by who publishes it for who writes it. A power cut may undo it.
Result<> write_stored(const std::filesystem::path& folder, const Stored& stored);
std::optional<Stored> read_stored(const std::filesystem::path& folder);

/// How a spool looks from outside, at a moment.
struct Filling {
    std::uint64_t bytes = 0;
    Sequence oldest = 1;   // that it still has
    Sequence last = 0;
    Sequence stored = 0;   // as who publishes it says

    std::uint64_t waiting() const noexcept { return last - std::min(last, std::max(stored, oldest - 1)); }
};
Result<Filling> filling_of(const std::filesystem::path& folder);

}   // namespace ward::spool
