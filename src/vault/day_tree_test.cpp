// SPDX-License-Identifier: Apache-2.0
#include "vault/day_tree.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <random>

namespace ward::vault {
namespace {

bool covered(std::int32_t day, const std::vector<DayNode>& nodes) {
    return std::ranges::any_of(
        nodes_above(day), [&](const DayNode& node) { return std::ranges::find(nodes, node) != nodes.end(); });
}

TEST(DayTree, CountsDaysDownwardsBefore1970) {
    EXPECT_EQ(day_of(0), 0);
    EXPECT_EQ(day_of(86'399'999), 0);
    EXPECT_EQ(day_of(-1), -1);
    EXPECT_EQ(day_of(-86'400'000), -1);
    EXPECT_EQ(day_of(-86'400'001), -2);
}

TEST(DayTree, AnyRangeIsCoveredExactly) {
    const auto seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    std::mt19937 random{seed};
    std::uniform_int_distribution<std::int32_t> days{day_min, day_max};
    for (int round = 0; round < 2'000; ++round) {
        auto first = days(random);
        auto last = days(random);
        if (first > last) std::swap(first, last);
        const auto nodes = nodes_covering(first, last);
        ASSERT_TRUE(covered(first, nodes) && covered(last, nodes)) << "seed " << seed;
        ASSERT_FALSE(covered(first - 1, nodes) || covered(last + 1, nodes)) << "seed " << seed;
        const auto day = days(random);
        ASSERT_EQ(covered(day, nodes), day >= first && day <= last) << "seed " << seed;
        ASSERT_LE(nodes.size(), 60U);
    }
}

TEST(DayTree, AnEmptyRangeIsNoNodes) { EXPECT_TRUE(nodes_covering(5, 4).empty()); }

}   // namespace
}   // namespace ward::vault
