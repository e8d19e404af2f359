// SPDX-License-Identifier: Apache-2.0
// The file of one day, as its only writer has it.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/block.hpp"
#include "history/files.hpp"
#include "history/postings.hpp"

namespace ward::history {

/// An event to be stored; its line and keys are borrowed.
struct Arrival {
    std::uint64_t sequence = 0;
    std::int64_t microseconds = 0;
    Class kind{};
    std::string_view line{};
    std::span<const Key> keys{};
};

/// Keeps the newest events of each class in memory, too, until they fill a block. After an error it must be
/// opened anew, for it may know what the file does not.
class Day {
public:
    static Result<Day> open(const std::filesystem::path& path);

    /// Stores those that the file does not have yet, as one: `arrivals` are all that a batch of `publisher`,
    /// which goes up to `last`, has for this day. How many were new, once they are on disk.
    Result<std::size_t> append(std::string_view publisher, std::uint64_t last,
                               std::span<const Arrival> arrivals);

    /// What fills no block makes one all the same, where it is much: no more is expected of this day, and a
    /// block is found by the index.
    Result<> seal();

    /// Removes all events of these classes, and gives their room on the disk back. Whether any others are
    /// left.
    Result<bool> forget(std::span<const Class> gone);

private:
    static constexpr std::size_t levels = 4;   // segments of 1, 8, 64 and 512 blocks
    static constexpr std::size_t merged_at = 8;
    static constexpr std::size_t sealed_from = 64;   // events: fewer are read as fast as they are looked up

    struct Publisher {
        std::uint32_t number = 0;
        std::uint64_t highest = 0;
    };
    struct Segment {
        std::int64_t id = 0;
        std::int64_t first_block = 0;
        std::int64_t blocks = 0;
        std::int64_t generation = 0;   // of the oldest index in it
    };
    /// What is in no block yet.
    struct Open {
        Block block;
        std::vector<Key> keys;
        std::size_t kept = 0;   // events, with the bytes of their lines, that are on disk
        std::size_t kept_bytes = 0;
        std::vector<std::int64_t> rows;   // where
        std::int64_t next_block = 0;
        std::array<std::vector<Segment>, levels> segments;
    };

    explicit Day(store::Database database) : database_(std::move(database)) {}
    Result<> load();
    Result<bool> has_any(std::string_view query);
    Result<> load_recent();
    Result<> load_segments();
    Result<Publisher*> find_publisher(std::string_view name);
    Result<> add(Publisher& publisher, const Arrival& arrival);
    Result<> keep_open(Class kind);
    Result<> close_block(Class kind);
    Result<> add_segment(Class kind, std::size_t level, Segment segment, std::span<const Posting> postings);
    Result<> merge_segments(Class kind, std::size_t level);
    Result<std::vector<Posting>> read_segments(std::span<const Segment> segments);

    store::Database database_;
    std::map<std::string, Publisher, std::less<>> publishers_;
    std::array<Open, classes.size()> open_;
    std::int64_t next_segment_ = 1;
};

}   // namespace ward::history
