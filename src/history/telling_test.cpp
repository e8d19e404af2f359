// SPDX-License-Identifier: Apache-2.0
#include "history/telling.hpp"

#include <gtest/gtest.h>

#include "history/moment.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;

TEST(Telling, SaysWhenWhatBetweenWhomAndWhatTellsMost) {
    EXPECT_EQ(
        telling(R"({"timestamp":"2026-03-02T08:00:00.000000+0000","event_type":"dns","src_ip":"10.0.0.7",)"
                R"("src_port":5000,"dest_ip":"10.0.0.1","dest_port":53,)"
                R"("dns":{"rrname":"a.example","rrtype":"A","answers":[{"rdata":"10.1.1.1"}]}})"),
        "2026-03-02T08:00:00.000000+0000 dns 10.0.0.7:5000 -> 10.0.0.1:53 A a.example 10.1.1.1");
}

TEST(Telling, OfAnUnknownTypeTheFirstTexts) {
    EXPECT_EQ(telling(R"({"timestamp":"t","event_type":"new","new":{"a":1,"b":"x","c":["y"],"d":"z"}})"),
              "t new x z");
}

TEST(Telling, ATerminalIsDoneNothingTo) {
    EXPECT_EQ(telling(R"({"timestamp":"t","event_type":"new","new":{"a":"\u001b[2J\u009b\u202e\u0000x"}})"),
              "t new ?[2J???x");
    EXPECT_EQ(telling("no\x1bJSON"), "no?JSON");
}

TEST(Moment, IsATimeADayOrHowLongAgo) {
    const event::Time now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 12h;
    EXPECT_EQ(parse_moment("2026-03-01T08:00:00Z", now), now - 28h);
    EXPECT_EQ(parse_moment("2026-03-02", now), now - 12h);
    EXPECT_EQ(parse_moment("90m", now), now - 90min);
    EXPECT_EQ(parse_moment("7d", now), now - 168h);
    for (const auto* const text : {"", "d", "7", "7y", "-1d", "2026-13-01", "999999d"})
        EXPECT_FALSE(parse_moment(text, now)) << text;
}

}   // namespace
}   // namespace ward::history
