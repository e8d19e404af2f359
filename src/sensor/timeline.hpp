// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "event/fields.hpp"

namespace ward::sensor {

/// The packets' own time. It never goes back by a little, and never follows one packet that is far from all
/// others: a single wrong time stamp must neither end all flows nor keep them for ever.
class Timeline {
public:
    static constexpr std::chrono::hours leap_max{24};

    event::Time now() const noexcept { return now_; }

    /// A packet of this time was seen. Two in a row that are far from the others, but not from each other,
    /// are believed: the capture paused, or its clock was set. False if that took the time back.
    bool see(event::Time at) noexcept {
        if (is_near(at, now_) || now_ == event::Time{}) {
            doubted_ = {};
            now_ = std::max(now_, at);
            return true;
        }
        if (doubted_ == event::Time{} || !is_near(at, doubted_)) {
            doubted_ = at;
            return true;
        }
        doubted_ = {};
        const bool forth = at > now_;
        now_ = at;
        return forth;
    }

private:
    static bool is_near(event::Time a, event::Time b) noexcept {
        return a - b <= leap_max && b - a <= leap_max;
    }

    event::Time now_{};
    event::Time doubted_{};   // of a packet that was far away; zero: none
};

}   // namespace ward::sensor
