// SPDX-License-Identifier: Apache-2.0
#include "feeds/pace.hpp"

#include <future>
#include <gtest/gtest.h>
#include <thread>

namespace ward::feeds {
namespace {

using std::chrono::milliseconds;

class PaceTest : public testing::Test {
protected:
    /// Whether there is room for one more, when asked by somebody who does not wait.
    bool has_room(Time arrived) {
        std::stop_source stop;
        std::promise<void> began;
        auto beginning = began.get_future();
        std::thread asker{[&] {
            const auto turn = pace_.map(arrived, stop.get_token());
            began.set_value();
        }};
        const bool has = beginning.wait_for(milliseconds{200}) == std::future_status::ready;
        stop.request_stop();
        asker.join();
        return has;
    }

    const Time start_{std::chrono::sys_days{std::chrono::year{2026} / 9 / 11}};
    ManualClock clock_{start_};
    Pace pace_{clock_, {.at_once_max = 3, .step = milliseconds{1'000}}};
    std::stop_source nothing_stops_;
    std::stop_token running_ = nothing_stops_.get_token();
};

TEST_F(PaceTest, WithoutAnythingComingInManyAreMappedAtOnce) {
    const auto first = pace_.map(start_, running_);
    const auto second = pace_.map(start_, running_);
    EXPECT_TRUE(has_room(start_));
    const auto third = pace_.map(start_, running_);
    EXPECT_FALSE(has_room(start_));
}

TEST_F(PaceTest, WhileMessagesComeInOneIsMappedAtATime) {
    const auto coming = pace_.take_in();
    EXPECT_TRUE(has_room(start_));
    const auto mapping = pace_.map(start_, running_);
    EXPECT_FALSE(has_room(start_));
}

TEST_F(PaceTest, WhatHasWaitedLongIsMappedBesideWhatComesIn) {
    const auto coming = pace_.take_in();
    const auto mapping = pace_.map(start_, running_);
    clock_.advance(milliseconds{1'000});
    EXPECT_TRUE(has_room(start_));
    EXPECT_FALSE(has_room(clock_.now())) << "but not what came just now";
    clock_.advance(std::chrono::hours{24});
    const auto second = pace_.map(start_, running_);
    const auto third = pace_.map(start_, running_);
    EXPECT_FALSE(has_room(start_)) << "and never more than the most";
}

TEST_F(PaceTest, AClockThatGoesBackTakesNoRoomAway) {
    const auto coming = pace_.take_in();
    EXPECT_TRUE(has_room(start_ + std::chrono::hours{1}));
}

TEST_F(PaceTest, WhoWaitsGoesOnWhenNothingComesInAnyMore) {
    const auto mapping = pace_.map(start_, running_);
    std::thread waiting;
    {
        const auto coming = pace_.take_in();
        waiting = std::thread{[&] { const auto turn = pace_.map(start_, running_); }};
    }
    waiting.join();   // or the test does not end
}

}   // namespace
}   // namespace ward::feeds
