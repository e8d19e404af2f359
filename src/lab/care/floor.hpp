// SPDX-License-Identifier: Apache-2.0
// What all who care for patients share.
#pragma once

#include <chrono>

#include "lab/care/desk.hpp"
#include "lab/story.hpp"

namespace ward::lab {

struct Floor {
    Story& story;
    Desk& desk;
    Moment end;   // nothing is begun after it
};

/// A time from `low` to `high`, to the microsecond.
inline std::chrono::microseconds between(Random& random, std::chrono::microseconds low,
                                         std::chrono::microseconds high) {
    return low +
           std::chrono::microseconds{random.below(static_cast<std::uint64_t>((high - low).count()) + 1)};
}

}   // namespace ward::lab
