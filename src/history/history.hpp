// SPDX-License-Identifier: Apache-2.0
// The store of events: a folder with a file for each day. One writer; readers (history/find.hpp) beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "history/day.hpp"
#include "history/keeping.hpp"
#include "history/roster.hpp"

namespace ward::history {

/// Lines of EVE that a publisher numbered one after the other, from 1. A publisher that begins anew takes
/// another name.
struct Batch {
    std::string_view publisher;
    std::uint64_t first_sequence = 1;
    std::span<const std::string_view> lines{};
};

/// The highest number that is known of each publisher's events.
using Known = std::map<std::string, std::uint64_t, std::less<>>;

struct Counts {
    std::uint64_t stored = 0;
    std::uint64_t repeated = 0;   // they were there already
    std::uint64_t missing = 0;    // numbers that were left out
    std::uint64_t refused = 0;    // lines that are no events
    std::uint64_t misdated = 0;   // events of days to come, or of days whose events are kept no more
};

struct Forgotten {
    std::uint64_t days = 0;    // whose files are gone
    std::uint64_t parts = 0;   // days of which others are left
};

class History {
public:
    static constexpr std::size_t batch_lines_max = 100'000;
    static constexpr std::size_t publisher_bytes_max = 256;

    /// `clock` says which days events may be of, and must outlive it. Errc::conflict where another writer
    /// has the folder; Errc::unavailable, Errc::corrupt.
    static Result<History> open(const std::filesystem::path& folder, const Clock& clock,
                                Keeping keeping = {});

    /// Stores what is new of a batch, and tells up to which number all of its publisher's events are on disk.
    /// A batch may come again, cut otherwise, from any number on, as long as those of a publisher come in
    /// their order. Lines that cannot be stored are counted, and the watermark goes past them. After an error
    /// (a full disk) the batch may be sent again.
    Result<std::uint64_t> append(const Batch& batch);

    /// Removes what is kept no more. To be called once a day or so.
    Result<Forgotten> forget();

    /// Of a publisher that is unknown: 0.
    Result<std::uint64_t> watermark(std::string_view publisher);
    /// Of all that are known.
    Result<Known> watermarks();

    /// Since it was opened.
    const Counts& counts() const noexcept { return counts_; }

private:
    struct Publisher {
        std::uint64_t watermark = 0;
        std::uint64_t missing = 0;
        std::uint64_t refused = 0;
        std::uint64_t misdated = 0;
    };
    struct OpenDay {
        DayOfEvents date;
        Day day;
    };
    /// A batch, sorted by day.
    struct Sorted {
        std::map<DayOfEvents, std::vector<Arrival>> days;
        std::vector<std::vector<Key>> keys;
        std::uint64_t refused = 0;
        std::uint64_t misdated = 0;
    };

    History(std::filesystem::path folder, UniqueFd lock, const Clock& clock, Keeping keeping,
            store::Database state, Roster roster)
        : folder_(std::move(folder)),
          lock_(std::move(lock)),
          clock_(&clock),
          keeping_(keeping),
          state_(std::move(state)),
          roster_(std::move(roster)) {}

    Result<Publisher*> find_publisher(std::string_view name);
    Sorted sort(const Batch& batch, std::uint64_t known);
    bool is_misdated(DayOfEvents day, Class kind) const;
    Result<std::uint64_t> append_sorted(const Batch& batch, std::uint64_t last, const Sorted& sorted);
    Result<Day*> open_day(DayOfEvents date);
    Result<> remove_day(DayOfEvents date);
    Result<> save(std::string_view name, const Publisher& publisher);
    Result<> forget_known();

    std::filesystem::path folder_;
    UniqueFd lock_;
    const Clock* clock_;
    Keeping keeping_;
    store::Database state_;
    Roster roster_;
    std::map<std::string, Publisher, std::less<>> publishers_;
    std::list<OpenDay> days_;   // the one that was used last is first
    Counts counts_;
};

}   // namespace ward::history
