// SPDX-License-Identifier: Apache-2.0
// What is kept no more: cases that are over, with all that was said of them.
#pragma once

#include <set>

#include "desk/rows.hpp"

namespace ward::desk {

struct Leaving {
    std::set<std::int64_t> cases{};
    std::set<std::int64_t> findings{};
    std::set<std::int64_t> verdicts{};
    std::set<std::int64_t> declarations{};
};

/// Of cases to which nothing happened for so long, by the clock on the wall, and that nobody has to look at.
/// What explains something that stays, or was in force within that time, stays with its case; and so do cases
/// between which somebody moved findings, as long as one of them does.
Leaving leaving(const Book& book, Time now, std::chrono::days kept, const DeskLimits& limits);

}   // namespace ward::desk
