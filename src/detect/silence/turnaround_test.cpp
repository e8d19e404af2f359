// SPDX-License-Identifier: Apache-2.0
#include "detect/silence/turnaround.hpp"

#include <gtest/gtest.h>
#include <map>
#include <random>

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

/// Orders at odd times, whose results come after fifty to ninety minutes.
class Results : public ::testing::Test {
protected:
    static constexpr Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    void watch(std::chrono::minutes until) {
        std::map<Time, bool> all;   // at it, an order or else a result
        std::minstd_rand random{7};
        for (auto at = begin; at < begin + until; at += std::chrono::seconds{60 + random() % 1'500}) {
            all[at] = true;
            all[at + 50min + std::chrono::seconds{random() % 2'400}] = false;
        }
        for (const auto& [at, is_order] : all) {
            if (at > begin + until) continue;
            if (is_order) turnaround_.order(at);
            if (!is_order) turnaround_.result(at);
        }
    }
    Turnaround turnaround_;
};

TEST_F(Results, AreOwedWhenTheyAreOverdue) {
    watch(30h);
    EXPECT_LT(turnaround_.owed(begin + 30h), 4);
    const auto early = turnaround_.owed(begin + 30h + 15min);
    const auto late = turnaround_.owed(begin + 30h + 45min);
    EXPECT_LT(early, late);
    EXPECT_GT(turnaround_.owed(begin + 31h + 30min), late);
    EXPECT_GT(turnaround_.missed(begin + 31h + 30min), 4);
}

TEST_F(Results, AreNotOwedWhereNothingWasOrdered) {
    watch(30h);
    turnaround_.result(begin + 32h);
    EXPECT_LT(turnaround_.owed(begin + 40h), 0.5);
}

TEST_F(Results, AreNotOwedAnyMoreOnceTheyAreForgiven) {
    watch(30h);
    turnaround_.owed(begin + 30h);
    for (int i = 0; i < 10; ++i) turnaround_.order(begin + 30h + 6min * i);
    auto unforgiving = turnaround_;
    turnaround_.forgive();
    for (auto* one : {&turnaround_, &unforgiving}) one->result(begin + 31h + 5min);
    EXPECT_LT(turnaround_.owed(begin + 33h), unforgiving.owed(begin + 33h) - 4);
}

TEST_F(Results, AreNotOwedByWhomNobodyKnows) {
    watch(20h);
    EXPECT_EQ(turnaround_.owed(begin + 22h), 0);
}

TEST_F(Results, AreForgottenAfterALongGap) {
    watch(30h);
    EXPECT_EQ(turnaround_.owed(begin + 400h), 0);
    turnaround_.order(begin);
    EXPECT_EQ(turnaround_.owed(begin + 400h), 0) << "what is told when it is long over";
}

}   // namespace
}   // namespace ward::detect
