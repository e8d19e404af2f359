// SPDX-License-Identifier: Apache-2.0
// The file of one day, as a reader has it: all that it sees is of one moment.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "history/block.hpp"
#include "history/files.hpp"
#include "history/plan.hpp"

namespace ward::history {

/// Where events stand together: a block, or a row of those that are in none yet.
struct Stretch {
    std::int64_t id = 0;
    bool is_recent = false;
    std::int64_t first = 0;   // microseconds of its oldest event
    std::int64_t last = 0;
};

class DayReader {
public:
    /// Errc::not_found where there is no file, or one that its writer is about to fill for the first time.
    static Result<DayReader> open(const std::filesystem::path& path);

    /// Those that may hold a match, the newest first. What of the index is damaged is told in `damage`, and
    /// all that it is of taken.
    Result<std::vector<Stretch>> stretches(const std::optional<Plan>& plan, std::vector<std::string>& damage);

    Result<Block> read(const Stretch& stretch);
    /// Of a number of this day.
    std::string publisher(std::uint32_t number) const;

private:
    struct Segment {
        std::int64_t id = 0;
        std::int64_t first_block = 0;   // with the class in it
        std::int64_t blocks = 0;
        std::int64_t generation = 0;
    };

    explicit DayReader(std::unique_ptr<store::Database> database, store::Transaction moment)
        : database_(std::move(database)), moment_(std::move(moment)) {}
    Result<> add_recent(std::vector<Stretch>& found);
    Result<> add_all_blocks(std::vector<Stretch>& found);
    Result<> add_blocks(std::int64_t from, std::span<const std::uint32_t> wanted,
                        std::vector<Stretch>& found);
    Result<std::vector<Segment>> segments();
    /// Those of a segment that may hold a match; all of them where its index does not say.
    std::vector<std::uint32_t> blocks_of(const Segment& segment, const Plan& plan,
                                         std::vector<std::string>& damage);
    Result<std::vector<std::uint32_t>> look_up(std::int64_t segment, Key key);

    std::unique_ptr<store::Database> database_;
    store::Transaction moment_;
    std::map<std::uint32_t, std::string> publishers_;
};

}   // namespace ward::history
