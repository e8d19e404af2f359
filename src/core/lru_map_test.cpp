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

TEST(LruMap, IsNotUsedByLookingAtIt) {
    LruMap<int, int> map{2};
    map.at(1) = 1;
    map.at(2) = 2;
    EXPECT_EQ(*map.look_at(1), 1);
    map.at(3) = 3;
    EXPECT_EQ(map.look_at(1), nullptr);
}

TEST(LruMap, HasRoomAgainForWhatIsErased) {
    LruMap<int, int> map{1};
    map.at(1) = 1;
    map.erase(1);
    map.erase(7);
    map.at(2) = 2;
    EXPECT_EQ(map.forgotten(), 0U);
    map.for_each([](int key, int value) { EXPECT_EQ(key, value); });
}

}   // namespace
}   // namespace ward
