// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string alarm_at(std::chrono::milliseconds since) {
    return event_at(since, R"("event_type":"anomaly","anomaly":{"event":"urgent data"})");
}

TEST_F(Storing, EachClassIsKeptForItsDays) {
    auto history = open({.flow_days = 2, .protocol_days = 4, .alarm_days = 10});
    ASSERT_TRUE(
        append(*history, 1, {flow_at(0s, "10.0.0.1", "10.0.0.2"), question_at(0s, "a"), alarm_at(0s)}));
    const auto left_after = [&](std::chrono::days days) {
        clock_.advance(days);
        EXPECT_TRUE(history->forget());
        return lines("").size();
    };
    EXPECT_EQ(left_after(std::chrono::days{2}), 3U);
    EXPECT_EQ(left_after(std::chrono::days{1}), 2U);
    EXPECT_THAT(lines("event_type = flow"), IsEmpty());
    EXPECT_EQ(left_after(std::chrono::days{2}), 1U);
    EXPECT_THAT(lines("event_type = anomaly"), SizeIs(1));
    EXPECT_EQ(left_after(std::chrono::days{6}), 0U);
    EXPECT_THAT(*days_in(folder_.path()), IsEmpty());
}

TEST_F(Storing, AFileGoesAsSoonAsNothingIsLeftInIt) {
    auto history = open();
    ASSERT_TRUE(append(*history, 1, {flow_at(0s, "10.0.0.1", "10.0.0.2")}));
    clock_.advance(std::chrono::days{36});
    const auto forgotten = history->forget();
    ASSERT_TRUE(forgotten);
    EXPECT_EQ(forgotten->days, 1U);
    EXPECT_THAT(*days_in(folder_.path()), IsEmpty());
}

TEST_F(Storing, WhatIsForgottenGivesItsRoomBack) {
    auto history = open();
    std::vector<std::string> all;
    for (int i = 0; i < 30'000; ++i)
        all.push_back(i % 1'000 == 0
                          ? alarm_at(std::chrono::seconds{i})
                          : flow_at(std::chrono::seconds{i}, "10.0.0.1", fmt::format("10.9.8.{}", i)));
    ASSERT_TRUE(append(*history, 1, all));
    clock_.advance(std::chrono::days{36});
    ASSERT_TRUE(history->forget());
    EXPECT_THAT(lines(""), SizeIs(30));
    history = fail(Errc::unavailable, "closed");
    EXPECT_LT(std::filesystem::file_size(day_path(folder_.path(), monday)), 60'000U);
}

TEST_F(Storing, WhatComesTooLateIsNotTakenBack) {
    auto history = open();
    ASSERT_TRUE(append(*history, 1, {flow_at(0s, "10.0.0.1", "10.0.0.2")}));
    clock_.advance(std::chrono::days{36});
    ASSERT_TRUE(history->forget());
    ASSERT_TRUE(append(*history, 2, {flow_at(1s, "10.0.0.1", "10.0.0.2"), alarm_at(1s)}));
    EXPECT_THAT(lines(""), ElementsAre(alarm_at(1s)));
    EXPECT_EQ(history->counts().misdated, 1U);
}

TEST_F(Storing, AReaderIsNotDisturbedByForgetting) {
    auto history = open();
    ASSERT_TRUE(
        append(*history, 1, {flow_at(0s, "10.0.0.1", "10.0.0.2"), flow_at(24h, "10.0.0.1", "10.0.0.2")}));
    auto filter = parse_filter("");
    std::size_t days_seen = 0;
    const auto found = find(folder_.path(), {.filter = std::move(*filter)}, [&](DayOfEvents, const Effort&) {
        if (++days_seen > 1) return;
        clock_.advance(std::chrono::days{40});
        EXPECT_TRUE(history->forget());
    });
    ASSERT_TRUE(found);
    EXPECT_THAT(found->hits, SizeIs(1)) << "the older day was gone when it was asked for";
    EXPECT_THAT(found->damage, IsEmpty());
}

}   // namespace
}   // namespace ward::history
