// SPDX-License-Identifier: Apache-2.0
#include "config/table.hpp"

#include <gmock/gmock.h>

namespace ward::config {
namespace {

using ::testing::StartsWith;

TEST(Table, HoldsWhatTheDocumentSays) {
    const auto table =
        parse_table("name = 'x'\n[[step]]\nid = 'a'\ncount = 3\n[[step]]\nshare = 0.5\nis = true\n", "t");
    ASSERT_TRUE(table) << table.error().what;
    EXPECT_EQ(std::get<std::string>(table->values.at("name")), "x");
    const auto& steps = table->tables.at("step");
    ASSERT_EQ(steps.size(), 2U);
    EXPECT_EQ(std::get<std::int64_t>(steps[0].values.at("count")), 3);
    EXPECT_EQ(steps[0].line, 2U);
    EXPECT_EQ(steps[0].lines.at("count"), 4U);
    EXPECT_EQ(table->lines.at("name"), 1U);
    EXPECT_EQ(std::get<double>(steps[1].values.at("share")), 0.5);
    EXPECT_TRUE(std::get<bool>(steps[1].values.at("is")));
}

TEST(Table, SaysWhereItIsWrong) {
    EXPECT_THAT(parse_table("a = 1\nb = [1, 2]\n", "t").error().what,
                StartsWith("t:2: b holds what is no table"));
    EXPECT_THAT(parse_table("a = 1\n[b]\nc = 1\n", "t").error().what, StartsWith("t:2: b is no text"));
    EXPECT_THAT(parse_table("a = 1\nb = \n", "t").error().what, StartsWith("t:2: "));
    EXPECT_THAT(parse_table("a = 1\n[+b]\n", "t").error().what, StartsWith("t:2: "));
}

}   // namespace
}   // namespace ward::config
