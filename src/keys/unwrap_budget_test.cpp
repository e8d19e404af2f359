// SPDX-License-Identifier: Apache-2.0
#include "keys/unwrap_budget.hpp"

#include <limits>

#include <gtest/gtest.h>

namespace ward::keys {
namespace {

using namespace std::chrono_literals;

constexpr Time start = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr UnwrapLimits limits{.burst = 20, .per_hour = 60, .window = 60min};

/// How many of `count` owners who were not open yet may be opened now.
int opened_of(UnwrapBudget& budget, int count, Time now) {
    int opened = 0;
    for (int i = 0; i < count; ++i)
        opened += budget.ask(now, std::nullopt).verdict == Verdict::counted ? 1 : 0;
    return opened;
}

TEST(UnwrapBudget, LetsABurstThroughAndThenTheRate) {
    auto budget = UnwrapBudget::full(limits, start);
    EXPECT_EQ(opened_of(budget, 1000, start), 20);
    EXPECT_EQ(opened_of(budget, 1000, start + 59s), 0);
    EXPECT_EQ(opened_of(budget, 1000, start + 60s), 1);
    EXPECT_EQ(opened_of(budget, 1000, start + 10min), 9);
    EXPECT_EQ(opened_of(budget, 1000, start + 24h), 20);   // no more than a burst is saved up
}

TEST(UnwrapBudget, GivesNoMoreInAnHourHoweverOftenItIsAsked) {
    auto budget = UnwrapBudget::full(limits, start);
    int opened = 0;
    for (Time now = start; now < start + 1h; now += 137ms) opened += opened_of(budget, 3, now);
    EXPECT_LE(opened, 20 + 60);
    EXPECT_GE(opened, 20 + 59);
}

TEST(UnwrapBudget, CountsAnOwnerOnceAWindow) {
    auto budget = UnwrapBudget::full(limits, start);
    EXPECT_EQ(budget.ask(start + 59min, start).verdict, Verdict::repeated);
    EXPECT_EQ(budget.ask(start + 60min, start).verdict, Verdict::counted);
    opened_of(budget, 1000, start + 60min);
    EXPECT_EQ(budget.ask(start + 60min, start + 1min).verdict, Verdict::repeated);   // care goes on
    EXPECT_EQ(budget.ask(start + 60min, start).verdict, Verdict::refused);
}

TEST(UnwrapBudget, GainsNothingFromAClockThatIsMoved) {
    auto budget = UnwrapBudget::full(limits, start);
    opened_of(budget, 1000, start);
    EXPECT_EQ(opened_of(budget, 1000, start - 24h), 0);
    EXPECT_EQ(opened_of(budget, 1000, start - 24h + 60s), 1);              // and the rate goes on from there
    EXPECT_EQ(budget.ask(start - 24h, start).verdict, Verdict::refused);   // opened in what is now the future
    EXPECT_EQ(opened_of(budget, 1000, start + 24h * 36'500), 20);
}

TEST(UnwrapBudget, SurvivesARestart) {
    auto budget = UnwrapBudget::full(limits, start);
    opened_of(budget, 15, start);
    auto resumed = UnwrapBudget::resumed(limits, budget.state());
    EXPECT_EQ(resumed.owners_left(start), 5);
    EXPECT_EQ(opened_of(resumed, 1000, start), 5);
    EXPECT_EQ(resumed.state().counted, 20U);
}

TEST(UnwrapBudget, IsNeverMoreThanTheLimitsOfToday) {
    const auto yesterday = UnwrapBudget::full({.burst = 500, .per_hour = 60}, start).state();
    EXPECT_EQ(UnwrapBudget::resumed(limits, yesterday).owners_left(start), 20);
    EXPECT_EQ(UnwrapBudget::resumed(limits, {.left = -7, .updated = start}).owners_left(start), 0);
    EXPECT_EQ(
        UnwrapBudget::resumed(limits, {.left = std::numeric_limits<std::int64_t>::max(), .updated = start})
            .owners_left(start),
        20);
}

TEST(UnwrapBudget, AlarmsOnceForEachTimeItRunsDry) {
    auto budget = UnwrapBudget::full(limits, start);
    const auto ask = [&budget](Time now) { return budget.ask(now, std::nullopt).alarm; };
    for (int i = 0; i < 15; ++i) EXPECT_EQ(ask(start), Alarm::none);
    EXPECT_EQ(ask(start), Alarm::running_low);   // under a quarter is left
    for (int i = 0; i < 4; ++i) EXPECT_EQ(ask(start), Alarm::none);
    EXPECT_EQ(ask(start), Alarm::exhausted);
    EXPECT_EQ(ask(start), Alarm::none);
    EXPECT_EQ(ask(start + 1min), Alarm::none);   // one drips in: still the same alarm
    EXPECT_EQ(ask(start + 1min), Alarm::none);
    EXPECT_EQ(budget.state().alarms, 2U);

    opened_of(budget, 1000, start + 1h);   // it was half full in between
    EXPECT_EQ(budget.state().alarms, 4U);
    EXPECT_EQ(budget.state().refused, 3U + 980U);
}

}   // namespace
}   // namespace ward::keys
