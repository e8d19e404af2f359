// SPDX-License-Identifier: Apache-2.0
#include "keys/checkpoint_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace ward::keys {
namespace {

constexpr std::string_view root = "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo=\n";

TEST(CheckpointText, IsThreeLines) {
    const auto text = "ward.example/log\n1234\n" + std::string{root};
    const auto checkpoint = parse_checkpoint(text).value();
    EXPECT_EQ(checkpoint.origin, "ward.example/log");
    EXPECT_EQ(checkpoint.size, 1234U);
    EXPECT_EQ(checkpoint.root[31], std::byte{0xaa});
}

TEST(CheckpointText, HasOneSpelling) {
    const std::string end{root};
    EXPECT_TRUE(parse_checkpoint("o\n0\n" + end));
    EXPECT_TRUE(parse_checkpoint("o\n9223372036854775807\n" + end));
    for (const auto* const text :
         {"", "o\n", "\n1\n", "o\n\n", "o\n01\n", "o\n-1\n", "o\n+1\n", "o\n1 \n", "o\n 1\n", "o\n1x\n",
          "o\n9223372036854775808\n", "o\n99999999999999999999\n", "o\n1\n1\n"})
        EXPECT_FALSE(parse_checkpoint(text + end)) << text;
    EXPECT_FALSE(parse_checkpoint("o\n1\n" + end + "extension\n"));
    EXPECT_FALSE(parse_checkpoint("o\n1\n" + end.substr(0, end.size() - 1)));
    EXPECT_FALSE(parse_checkpoint("o\n1\n" + end.substr(4)));
    EXPECT_FALSE(parse_checkpoint("o\n1\n\n"));
    EXPECT_FALSE(parse_checkpoint(std::string(257, 'o') + "\n1\n" + end));
}

}   // namespace
}   // namespace ward::keys
