// SPDX-License-Identifier: Apache-2.0
// The one who takes from a spool what is to be published, while another process fills it.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>

#include "core/result.hpp"
#include "core/unique_fd.hpp"
#include "spool/segment.hpp"

namespace ward::spool {

/// Whole records, one after the other without a gap between them.
struct Chunk {
    Buffer records;
    Sequence after = 0;   // what comes before them: more than first - 1 was given up, if it is less
    Sequence first = 0;
    Sequence last = 0;

    bool empty() const noexcept { return records.empty(); }
};

struct ChunkLimits {
    std::size_t bytes_max = std::size_t{512} << 10U;   // but one record at least
    std::size_t text_bytes_max = std::size_t{4} << 20U;
};

class Reader {
public:
    explicit Reader(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Whose events the folder holds; nothing while it holds none.
    Result<std::optional<PublisherId>> publisher() const;

    /// From then on next() gives what comes after this number.
    void seek(Sequence after);

    /// What comes next, and is on the disk; empty where there is nothing yet. What is damaged is passed over
    /// and told. Errc::unavailable.
    Result<Chunk> next(const ChunkLimits& limits = {});

private:
    using Steady = std::chrono::steady_clock;
    Result<bool> open_first();
    Result<bool> open(const Segment& segment);
    Result<std::optional<Segment>> following() const;
    Result<> read_ahead();
    Result<Decode<Record>> look();
    Result<bool> pass_over(bool is_last);
    Bytes rest() const;

    std::filesystem::path folder_;
    Sequence position_ = 0;   // the last one that was taken, or is not wanted
    UniqueFd file_;
    Sequence segment_ = 0;   // its first sequence number
    std::uint64_t offset_ = 0;
    std::uint64_t synced_ = 0;   // bytes of the file that are known to be on the disk
    Buffer ahead_;               // of the file, from ahead_at_ on
    std::uint64_t ahead_at_ = 0;
    std::optional<Steady::time_point> damage_seen_;
};

}   // namespace ward::spool
