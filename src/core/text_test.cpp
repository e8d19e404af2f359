// SPDX-License-Identifier: Apache-2.0
#include "core/text.hpp"

#include <gtest/gtest.h>

namespace ward {
namespace {

TEST(Text, IsTrimmedAtBothEndsOnly) {
    EXPECT_EQ(trimmed(" \ta b\r\n"), "a b");
    EXPECT_EQ(trimmed(" \r\n"), "");
    EXPECT_EQ(trimmed(""), "");
}

TEST(Text, IsTakenPieceByPieceUntilNothingIsLeft) {
    std::string_view rest = "a,,b";
    EXPECT_EQ(take_until(rest, ','), "a");
    EXPECT_EQ(take_until(rest, ','), "");
    EXPECT_EQ(take_until(rest, ','), "b");
    EXPECT_EQ(rest, "");
    EXPECT_EQ(take_until(rest, ','), "");
}

TEST(Text, CaseIsIgnoredInAsciiAlone) {
    EXPECT_TRUE(equal_ignoring_case("Bearer", "bEARER"));
    EXPECT_FALSE(equal_ignoring_case("Bearer", "Bearers"));
    EXPECT_FALSE(equal_ignoring_case("\u00c4", "\u00e4"));
    EXPECT_FALSE(equal_ignoring_case("@[", "`{")) << "not letters, though a bit apart like them";
    EXPECT_TRUE(starts_ignoring_case("Bearer abc", "BEARER "));
    EXPECT_FALSE(starts_ignoring_case("Bear", "Bearer"));
    EXPECT_TRUE(contains_ignoring_case("HP LaserJet 4", "laserjet"));
    EXPECT_FALSE(contains_ignoring_case("HP Laser", "laserjet"));
    EXPECT_EQ(lowered("A\u00c4z"), "a\u00c4z");
}

TEST(Text, ANumberIsTheWholeTextOrNone) {
    EXPECT_EQ(number("0042"), 42u);
    EXPECT_EQ(number("ff", 16), 255u);
    EXPECT_EQ(number("18446744073709551615"), 18446744073709551615u);
    for (const auto* none : {"", " 1", "1 ", "+1", "-1", "1x", "18446744073709551616"})
        EXPECT_EQ(number(none), std::nullopt) << none;
}

}   // namespace
}   // namespace ward
