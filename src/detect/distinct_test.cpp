// SPDX-License-Identifier: Apache-2.0
#include "detect/distinct.hpp"

#include <gtest/gtest.h>
#include <set>

#include "core/hash.hpp"

namespace ward::detect {
namespace {

TEST(Distinct, ItAgreesWithASet) {
    Distinct distinct;
    std::set<std::uint64_t> set;
    for (std::uint64_t i = 0; i < 2000; ++i) {
        const auto word = folded(i % 377 + 1, 5, 0);
        ASSERT_EQ(distinct.add(word), set.insert(word).second) << i;
    }
    EXPECT_EQ(distinct.size(), set.size());
    std::set<std::uint64_t> kept;
    distinct.each([&](std::uint64_t word) { kept.insert(word); });
    EXPECT_EQ(kept, set);
}

TEST(Distinct, WhatFindsNoRoomWasNotThere) {
    Distinct distinct;
    unsigned added = 0;
    for (std::uint64_t i = 0; i < 5000; ++i)
        if (distinct.add(folded(i, 5, 11))) ++added;
    EXPECT_EQ(added, Distinct::kept_max);
    EXPECT_EQ(distinct.size(), Distinct::kept_max);
    distinct.clear();
    EXPECT_EQ(distinct.size(), 0U);
    EXPECT_TRUE(distinct.add(folded(1, 5, 11)));
    EXPECT_FALSE(distinct.add(folded(1, 5, 11)));
}

TEST(Distinct, ZeroIsAWordToo) {
    Distinct distinct;
    EXPECT_TRUE(distinct.add(0));
    EXPECT_FALSE(distinct.add(0));
}

}   // namespace
}   // namespace ward::detect
