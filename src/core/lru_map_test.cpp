// SPDX-License-Identifier: Apache-2.0
#include "core/lru_map.hpp"

#include <gtest/gtest.h>
#include <string>

namespace ward {
namespace {

TEST(LruMap, ForgetsWhatWasUsedLongestAgo) {
    LruMap<int, std::string> map{2};
    map.at(1) = "one";
    map.at(2) = "two";
    EXPECT_EQ(map.at(1), "one");
    map.at(3) = "three";
    EXPECT_EQ(map.find(2), nullptr);
    EXPECT_EQ(*map.find(1), "one");
    EXPECT_EQ(map.size(), 2U);
    EXPECT_EQ(map.forgotten(), 1U);
}

}   // namespace
}   // namespace ward
