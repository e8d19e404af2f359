// SPDX-License-Identifier: Apache-2.0
#include "lab/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace ward::lab {
namespace {

TEST(Random, ASeedGivesTheSameNumbersAndAnotherOthers) {
    Random one{7}, same{7}, other{8};
    for (int i = 0; i < 100; ++i) EXPECT_EQ(one.next(), same.next());
    EXPECT_NE(one.next(), other.next());
}

// Of the reference implementation, for the state that its SplitMix64 makes of 0.
TEST(Random, IsXoshiro) {
    Random zero{0};
    EXPECT_EQ(zero.next(), 0x99ec5f36cb75f2b4U);
    EXPECT_EQ(zero.next(), 0xbf6e1f784956452aU);
    EXPECT_EQ(zero.next(), 0x1a5f849d4933e6e0U);
}

TEST(Random, AStreamDoesNotChangeWithWhatOthersDraw) {
    Random root{7};
    auto before = root.stream("care");
    root.next();
    auto after = root.stream("care");
    EXPECT_EQ(before.next(), after.next());
    EXPECT_NE(root.stream("care").next(), root.stream("mail").next());
    EXPECT_NE(root.stream(1).next(), root.stream(2).next());
}

TEST(Random, DistributionsHaveTheMeansTheySay) {
    Random random{7};
    constexpr int draws = 100'000;
    double normal = 0, exponential = 0, heads = 0;
    std::vector<double> around;
    for (int i = 0; i < draws; ++i) {
        normal += random.normal(5, 2);
        exponential += random.exponential(3);
        heads += random.chance(0.25) ? 1 : 0;
        around.push_back(random.around(10, 2));
    }
    EXPECT_NEAR(normal / draws, 5, 0.05);
    EXPECT_NEAR(exponential / draws, 3, 0.05);
    EXPECT_NEAR(heads / draws, 0.25, 0.01);
    std::ranges::sort(around);
    EXPECT_NEAR(around[draws / 2], 10, 0.3);
    EXPECT_NEAR(around[draws * 84 / 100], 20, 1);
}

TEST(Random, WhatIsDrawnStaysWithinItsBounds) {
    Random random{7};
    std::array<int, 6> faces{};
    for (int i = 0; i < 60'000; ++i) ++faces[static_cast<std::size_t>(random.between(1, 6) - 1)];
    for (const auto count : faces) EXPECT_NEAR(count, 10'000, 500);
    std::array<int, 3> places{};
    const std::array<double, 3> weights{1, 0, 3};
    for (int i = 0; i < 40'000; ++i) ++places[random.weighted(weights)];
    EXPECT_NEAR(places[0], 10'000, 500);
    EXPECT_EQ(places[1], 0);
}

}   // namespace
}   // namespace ward::lab
