// SPDX-License-Identifier: Apache-2.0
// The one who fills a spool: numbers events, keeps them on disk, and gives up the oldest when it is full.
#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <string_view>

#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "spool/segment.hpp"

namespace ward::spool {

struct WriterLimits {
    std::uint64_t bytes_max = std::uint64_t{4} << 30U;        // of all segments
    std::uint64_t segment_bytes = std::uint64_t{16} << 20U;   // then the next one begins
    std::chrono::milliseconds sync_every{1000};               // at the most, while events come
};

struct WriterCounts {
    std::uint64_t events = 0;     // that were accepted
    std::uint64_t given_up = 0;   // of accepted ones, before they were stored
};

/// Not for several threads. It waits for the disk, so that packets must not wait for it.
class Writer {
public:
    /// Goes on in a folder, which must be there: what is torn at the end is cut. An empty one is a new
    /// publisher. Errc::conflict when another Writer has it, Errc::unavailable when the disk refuses.
    static Result<Writer> open(std::filesystem::path folder, WriterLimits limits = {});

    /// Whole lines. They are there also after a kill, and after a power cut once they were synced. On an
    /// error none of them from the first that did not fit a record is there: Errc::unavailable when the disk
    /// is full, Errc::limit_exceeded for a line that is too long.
    Result<> append(std::string_view lines);
    Result<> sync();

    PublisherId publisher() const { return publisher_; }
    Sequence next() const { return next_; }
    const WriterCounts& counts() const { return counts_; }

private:
    using Steady = std::chrono::steady_clock;
    Writer(std::filesystem::path folder, WriterLimits limits, UniqueFd lock)
        : folder_(std::move(folder)), limits_(limits), lock_(std::move(lock)) {}

    Result<> go_on();
    Result<> go_on_in(Segment& last);
    Result<> begin_segment(Sequence first);
    Result<> append_one(std::string_view lines);
    Result<> write(Bytes record);
    Result<> heed_stored();
    bool give_up_oldest();
    void remove_oldest();
    std::uint64_t bytes() const;

    std::filesystem::path folder_;
    WriterLimits limits_;
    UniqueFd lock_;
    PublisherId publisher_;
    Sequence next_ = 1;
    Sequence stored_ = 0;            // as the publisher says
    std::deque<Segment> segments_;   // the last one is written
    UniqueFd file_;
    Buffer record_;
    WriterCounts counts_;
    Steady::time_point synced_ = Steady::now();
};

}   // namespace ward::spool
