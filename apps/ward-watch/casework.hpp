// SPDX-License-Identifier: Apache-2.0
// What is found while Ward runs: kept at the desk, where `ward cases` finds it, and then told.
#pragma once

#include <filesystem>

#include "core/clock.hpp"
#include "core/output.hpp"
#include "desk/desk.hpp"
#include "detect/detector.hpp"

namespace ward::watch {

struct CaseworkLimits {
    std::size_t waiting_max = 50'000;   // findings that the desk would not keep yet
    std::size_t batch_max = 1'000;      // findings of one transaction
};

/// The desk, and the file of findings beside it. Used by one thread at a time; `clock` must outlive it.
class Casework {
public:
    /// The desk is in the folder of that file. Errc::unavailable, Errc::corrupt.
    static Result<Casework> open(const std::filesystem::path& findings_file, const Clock& clock,
                                 CaseworkLimits limits = {});

    /// What was found since the last time. What the desk will not keep now, because the disk is full, is
    /// kept with what comes next.
    void keep(detect::Findings news);

    /// Moves on the cases that nobody answered for too long. To be called every few minutes.
    void escalate();

    /// Removes cases that are over for so long. To be called once a day or so.
    void forget(std::chrono::days kept);

    struct Counts {
        std::uint64_t kept = 0;
        std::uint64_t repeated = 0;    // had been kept before
        std::uint64_t explained = 0;   // by what people said, of those that were kept
        std::uint64_t lost = 0;        // for want of room among those that wait
        std::uint64_t escalated = 0;   // steps of cases
        std::uint64_t forgotten = 0;   // cases
    };
    const Counts& counts() const noexcept { return counts_; }
    std::size_t waiting() const noexcept { return waiting_.size(); }

    Result<> close() { return file_.close(); }

private:
    Casework(desk::Desk desk, Output file, const Clock& clock, CaseworkLimits limits)
        : desk_(std::move(desk)), file_(std::move(file)), clock_(&clock), limits_(limits) {}
    void wait(detect::Findings news);
    Result<> keep_batch();
    void tell(const detect::Finding& finding, const desk::Desk::Placed& placed);

    desk::Desk desk_;
    Output file_;
    const Clock* clock_;
    CaseworkLimits limits_;
    detect::Findings waiting_;
    Counts counts_;
    bool is_stuck_ = false;   // which was told
};

}   // namespace ward::watch
