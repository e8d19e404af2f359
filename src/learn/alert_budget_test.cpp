// SPDX-License-Identifier: Apache-2.0
#include "learn/alert_budget.hpp"

#include <gtest/gtest.h>

#include "learn/dice.hpp"

namespace ward::learn {
namespace {

using namespace std::chrono_literals;

/// A day of normals, `rows` of them, whose p-values are as chance has them.
int quiet_day(AlertBudget& budget, Time& now, int rows, Dice& dice) {
    int alerts = 0;
    for (int i = 0; i < rows; ++i)
        alerts += budget.observe(now += std::chrono::milliseconds{24h} / rows, 1 - dice.uniform());
    return alerts;
}

TEST(AlertBudget, ManyRowsADayGiveNoMoreAlertsThanFew) {
    for (const int rows : {1000, 100'000}) {
        AlertBudget budget{5};
        Time now{};
        Dice dice{1};
        int alerts = 0;
        for (int day = 0; day < 10; ++day) alerts += quiet_day(budget, now, rows, dice);
        EXPECT_GE(alerts, 20) << rows;
        EXPECT_LE(alerts, 60) << rows;
    }
}

TEST(AlertBudget, AFloodOfOddThingsIsCountedButShownOnlyUpToTheBudget) {
    AlertBudget budget{5};
    Time now{};
    Dice dice{1};
    quiet_day(budget, now, 10'000, dice);
    now += 24h;
    int alerts = 0;
    for (int i = 0; i < 1000; ++i) alerts += budget.observe(now += 1s, 1e-12);
    EXPECT_EQ(alerts, 5);
    EXPECT_GE(budget.withheld(), 995U);
    EXPECT_TRUE(budget.observe(now + 25h, 1e-12));   // the next day has alerts of its own
}

TEST(AlertBudget, TheNumberSaysHowManySuchADayChanceWouldGive) {
    AlertBudget budget{5};
    Time now{};
    Dice dice{1};
    quiet_day(budget, now, 24'000, dice);
    EXPECT_NEAR(budget.by_chance(0.001), 24, 1.1);
}

TEST(AlertBudget, RestoredItGoesOnAlike) {
    AlertBudget budget{5};
    Time now{};
    Dice dice{1};
    quiet_day(budget, now, 1000, dice);
    auto again = state::restored<AlertBudget>(state::saved(budget));
    ASSERT_TRUE(again.has_value());
    for (int i = 0; i < 2000; ++i) {
        const double odd = dice.uniform() / 100;
        now += 1min;
        ASSERT_EQ(budget.observe(now, odd), again->observe(now, odd));
    }
}

}   // namespace
}   // namespace ward::learn
