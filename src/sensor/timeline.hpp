// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

#include "event/fields.hpp"

namespace ward::sensor {

/// The packets' own time. It never goes back by a little, and never follows one packet that is far from all
/// others: a single wrong time stamp must neither end all flows nor keep them for ever.
class Timeline {
public:
    static constexpr std::chrono::hours leap_max{24};

    event::Time now() const noexcept { return now_; }
    bool is_doubting() const noexcept { return doubted_ != event::Time{}; }

    enum class Step : std::uint8_t { on, doubted, forth, back };
    /// A packet of this time was seen. One that is far from the others is doubted; two in a row that are far
    /// from the others, but not from each other, are believed: the capture paused, or its clock was set.
    Step see(event::Time at) noexcept {
        if (is_near(at, now_) || now_ == event::Time{}) {
            doubted_ = {};
            now_ = std::max(now_, at);
            return Step::on;
        }
        if (doubted_ == event::Time{} || !is_near(at, doubted_)) {
            doubted_ = at;
            return Step::doubted;
        }
        doubted_ = {};
        const auto before = std::exchange(now_, at);
        return at > before ? Step::forth : Step::back;
    }

private:
    static bool is_near(event::Time a, event::Time b) noexcept {
        return a - b <= leap_max && b - a <= leap_max;
    }

    event::Time now_{};
    event::Time doubted_{};   // of a packet that was far away; zero: none
};

}   // namespace ward::sensor
