// SPDX-License-Identifier: Apache-2.0
#include "watch/lines.hpp"

#include <gtest/gtest.h>
#include <sstream>
#include <vector>

namespace ward::watch {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream stream{text};
    std::vector<std::string> lines;
    const auto done = read_lines(
        stream, [&](std::string_view line) { lines.emplace_back(line); },
        [&] { lines.emplace_back("too long"); });
    EXPECT_TRUE(done.has_value());
    return lines;
}

using Lines = std::vector<std::string>;

TEST(Lines, AreReadWithoutTheirEnds) {
    EXPECT_EQ(lines_of("a\n\nb"), (Lines{"a", "", "b"}));
    EXPECT_EQ(lines_of("a\nb\n"), (Lines{"a", "b", ""}));
    EXPECT_EQ(lines_of(""), Lines{""});
}

TEST(Lines, OfTheLongestAreWholeAndOfLongerOnesNothingIsKept) {
    const std::string longest(line_bytes_max, 'x');
    EXPECT_EQ(lines_of(longest + "\nb"), (Lines{longest, "b"}));
    EXPECT_EQ(lines_of(longest + "x\nb"), (Lines{"too long", "b"}));
    EXPECT_EQ(lines_of(longest + longest + longest + "\nb"), (Lines{"too long", "b"}));
    EXPECT_EQ(lines_of("a\n" + longest + longest), (Lines{"a", "too long"}));
}

}   // namespace
}   // namespace ward::watch
