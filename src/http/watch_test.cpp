// SPDX-License-Identifier: Apache-2.0
#include "http/watch.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <thread>
#include <vector>

namespace ward::http {
namespace {

using namespace std::chrono_literals;

constexpr Moment start{1h};

TEST(Deadline, ExpiresOnceItsTimeIsOver) {
    Deadline deadline;
    EXPECT_TRUE(deadline.move_on(Phase::reading, start + 10ms));
    EXPECT_EQ(deadline.expire_if_over(start + 9ms), Phase::expired);
    EXPECT_FALSE(deadline.is_expired());
    EXPECT_EQ(deadline.expire_if_over(start + 10ms), Phase::reading);
    EXPECT_TRUE(deadline.is_expired());
    EXPECT_EQ(deadline.expire_if_over(start + 11ms), Phase::expired);   // not twice
}

TEST(Deadline, DoesNotMoveOnAfterItsTimeButCanBeExtended) {
    Deadline deadline;
    deadline.extend(Phase::reading, start);
    deadline.expire_if_over(start);
    EXPECT_FALSE(deadline.move_on(Phase::answering, Deadline::never));
    EXPECT_TRUE(deadline.is_expired());
    deadline.extend(Phase::writing, start + 5ms);
    EXPECT_EQ(deadline.expire_if_over(start + 5ms), Phase::writing);
}

TEST(Deadline, TheProgramsOwnTimeNeverRunsOut) {
    Deadline deadline;
    EXPECT_TRUE(deadline.move_on(Phase::answering, Deadline::never));
    EXPECT_EQ(deadline.expire_if_over(start + std::chrono::years{100}), Phase::expired);
    EXPECT_FALSE(deadline.expire_if(Phase::idle, start));
    EXPECT_FALSE(deadline.is_expired());
}

// The connection and the sweeper race for the same moment: exactly one wins.
TEST(Deadline, MovesOnOrExpiresButNotBoth) {
    for (int i = 0; i < 2000; ++i) {
        Deadline deadline;
        deadline.extend(Phase::reading, start);
        bool expired = false;
        bool moved = false;
        {
            const std::jthread sweeper{[&] { expired = deadline.expire_if_over(start) == Phase::reading; }};
            moved = deadline.move_on(Phase::answering, Deadline::never);
        }
        ASSERT_NE(expired, moved);
    }
}

class WatchTest : public testing::Test {
protected:
    WatchTest() {
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair_.data()), 0);
        watched_.socket = pair_[0];
        watch_.add(watched_);
    }
    ~WatchTest() override {
        watch_.remove(watched_);
        ::close(pair_[0]);
        ::close(pair_[1]);
    }

    bool has_input_ended() {
        char byte = 0;
        return ::recv(pair_[0], &byte, 1, 0) == 0;
    }
    bool can_send() { return ::send(pair_[0], "a", 1, MSG_NOSIGNAL) == 1; }

    std::array<int, 2> pair_{};
    Watched watched_;
    Watch watch_;
};

TEST_F(WatchTest, WakesALateReaderWhoCanStillAnswer) {
    watched_.deadline.extend(Phase::reading, start);
    EXPECT_EQ(watch_.sweep(start - 1ms).overdue, 0U);
    EXPECT_FALSE(has_input_ended());
    EXPECT_EQ(watch_.sweep(start).overdue, 1U);
    EXPECT_TRUE(has_input_ended());
    EXPECT_TRUE(can_send());
}

TEST_F(WatchTest, EndsALateWriterAltogether) {
    watched_.deadline.extend(Phase::writing, start);
    watch_.sweep(start);
    EXPECT_FALSE(can_send());
}

TEST_F(WatchTest, EndsTheIdleAndLeavesTheBusy) {
    watched_.deadline.extend(Phase::answering, Deadline::never);
    watch_.end_idle(start);
    EXPECT_FALSE(has_input_ended());
    watched_.deadline.extend(Phase::idle, Deadline::never);
    watch_.end_idle(start);
    EXPECT_TRUE(has_input_ended());
}

TEST_F(WatchTest, WaitsUntilTheLastIsGone) {
    EXPECT_FALSE(watch_.wait_until_empty(1ms));
    const std::jthread leaving{[&] { watch_.remove(watched_); }};
    watch_.wait_until_empty();
    EXPECT_EQ(watch_.size(), 0U);
}

}   // namespace
}   // namespace ward::http
