// SPDX-License-Identifier: Apache-2.0
#include "vault/day_tree.hpp"

#include <algorithm>

namespace ward::vault {
namespace {

constexpr std::int64_t day_milliseconds = 86'400'000;
constexpr unsigned fan_out_bits = 2;
constexpr std::int32_t fan_out = 1 << fan_out_bits;

}   // namespace

std::int32_t day_of(std::int64_t milliseconds) {
    // Shifting right rounds down for negative numbers too; dividing would round towards zero.
    const auto day = milliseconds / day_milliseconds - (milliseconds % day_milliseconds < 0 ? 1 : 0);
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(day, day_min, day_max));
}

std::array<DayNode, day_levels> nodes_above(std::int32_t day) {
    std::array<DayNode, day_levels> nodes{};
    for (unsigned level = 0; level < day_levels; ++level)
        nodes[level] = {level, day >> (fan_out_bits * level)};
    return nodes;
}

std::vector<DayNode> nodes_covering(std::int32_t first, std::int32_t last) {
    std::vector<DayNode> nodes;
    for (unsigned level = 0; level < day_levels; ++level) {
        const bool top = level + 1 == day_levels;
        // What does not fill a parent stands for itself; the rest goes up.
        while (first <= last && (top || (first & (fan_out - 1)) != 0)) nodes.push_back({level, first++});
        while (first <= last && ((last + 1) & (fan_out - 1)) != 0) nodes.push_back({level, last--});
        if (first > last) break;
        first >>= fan_out_bits;
        last >>= fan_out_bits;
    }
    return nodes;
}

}   // namespace ward::vault
