// SPDX-License-Identifier: Apache-2.0
// Days as the leaves of a tree of intervals, four children to a node: a day has a node on each level, and any
// range of days is a few nodes. So an index that knows only equality can answer ranges.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace ward::vault {

/// `index` of the node at `level`, which covers 4^level days.
struct DayNode {
    unsigned level;
    std::int32_t index;
    bool operator==(const DayNode&) const = default;
};

inline constexpr unsigned day_levels = 8;

/// Days since 1970. What lies beyond these years is counted as their first or last day.
inline constexpr std::int32_t day_min = -62'091;   // 1800-01-01
inline constexpr std::int32_t day_max = 84'005;    // 2199-12-31

/// The day of an instant in milliseconds since 1970 UTC.
std::int32_t day_of(std::int64_t milliseconds);

/// The nodes that contain a day, one a level.
std::array<DayNode, day_levels> nodes_above(std::int32_t day);

/// The fewest nodes that together are just the days `first..last`, both included; none if first > last.
std::vector<DayNode> nodes_covering(std::int32_t first, std::int32_t last);

}   // namespace ward::vault
