// SPDX-License-Identifier: Apache-2.0
#include "sensor/timeline.hpp"

#include <gtest/gtest.h>

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using Step = Timeline::Step;

const event::Time morning{std::chrono::seconds{1'700'000'000}};

Timeline begun() {
    Timeline time;
    EXPECT_EQ(time.see(morning), Step::on);
    return time;
}

TEST(Timeline, GoesOnWithThePacketsAndNeverBackByALittle) {
    auto time = begun();
    EXPECT_EQ(time.see(morning + 5s), Step::on);
    EXPECT_EQ(time.see(morning + 2s), Step::on);
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
    EXPECT_EQ(time.see(morning + 9001h), Step::forth);
    EXPECT_EQ(time.now(), morning + 9001h);
}

TEST(Timeline, SaysWhenTheClockWasSetBack) {
    auto time = begun();
    EXPECT_EQ(time.see(morning - 9000h), Step::doubted);
    EXPECT_EQ(time.see(morning - 8999h), Step::back);
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
