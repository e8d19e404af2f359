// SPDX-License-Identifier: Apache-2.0
#include "sensor/timeline.hpp"

#include <gtest/gtest.h>

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;

const event::Time morning{std::chrono::seconds{1'700'000'000}};

Timeline begun() {
    Timeline time;
    EXPECT_TRUE(time.see(morning));
    return time;
}

TEST(Timeline, GoesOnWithThePacketsAndNeverBackByALittle) {
    auto time = begun();
    EXPECT_TRUE(time.see(morning + 5s));
    EXPECT_TRUE(time.see(morning + 2s));
    EXPECT_EQ(time.now(), morning + 5s);
}

TEST(Timeline, DoubtsOnePacketFarAhead) {
    auto time = begun();
    time.see(morning + 9000h);
    EXPECT_EQ(time.now(), morning);
    time.see(morning + 1s);
    EXPECT_EQ(time.now(), morning + 1s);
}

TEST(Timeline, BelievesTwoInARow) {
    auto time = begun();
    time.see(morning + 9000h);
    EXPECT_TRUE(time.see(morning + 9001h));
    EXPECT_EQ(time.now(), morning + 9001h);
}

TEST(Timeline, SaysWhenTheClockWasSetBack) {
    auto time = begun();
    EXPECT_TRUE(time.see(morning - 9000h));
    EXPECT_FALSE(time.see(morning - 8999h));
    EXPECT_EQ(time.now(), morning - 8999h);
}

TEST(Timeline, RecoversWhereTheFirstPacketLied) {
    Timeline time;
    time.see(morning + 90'000h);
    time.see(morning);
    time.see(morning + 1s);
    EXPECT_EQ(time.now(), morning + 1s);
}

}   // namespace
}   // namespace ward::sensor
