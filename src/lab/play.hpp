// SPDX-License-Identifier: Apache-2.0
// A scenario played into a running Ward: its systems send as if the hospital's days went by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>

#include "lab/days.hpp"
#include "lab/mllp_line.hpp"

namespace ward::lab {

struct PlayWish : DaysWish {
    double speed = 1;   // how many times faster than the clock; 0: as fast as Ward takes it
    Receiver receiver{};
    std::chrono::seconds patience{60};                // with a Ward that does not answer
    std::function<void(Moment, Moment)> progress{};   // now and the end; each minute of the story
};

struct Played {
    std::uint64_t sent = 0;
    std::uint64_t refused = 0;   // of these, not acknowledged with AA
    std::string truth;           // JSON, as in truth.json
};

/// Returns when the last message is acknowledged. Errc::unavailable if nobody takes one within the patience.
Result<Played> play(const PlayWish& wish);

}   // namespace ward::lab
