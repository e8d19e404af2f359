// SPDX-License-Identifier: Apache-2.0
#include "history/history.hpp"

#include <gmock/gmock.h>

#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// `count` flows of Monday, a second apart, from 10.0.0.1 to a server that each has of its own.
std::vector<std::string> flows(int first, int count) {
    std::vector<std::string> all;
    for (int i = first; i < first + count; ++i)
        all.push_back(
            flow_at(std::chrono::seconds{i}, "10.0.0.1", fmt::format("10.9.{}.{}", i / 250, i % 250)));
    return all;
}

TEST_F(Storing, WhatWasStoredIsFoundTheNewestFirst) {
    auto history = open();
    ASSERT_TRUE(history) << history.error().what;
    const auto old = question_at(1s, "a.example"), young = question_at(2s, "b.example");
    EXPECT_EQ(append(*history, 1, {old, flow_at(1500ms, "10.0.0.7", "10.0.0.1"), young}), 3U);
    EXPECT_THAT(lines("event_type = dns"), ElementsAre(young, old));
    EXPECT_THAT(lines("dns.rrname = A.example"), ElementsAre(old));
    EXPECT_THAT(lines("ip = 10.0.0.7"), SizeIs(3));
    EXPECT_THAT(lines("src_ip = 10.0.0.1"), IsEmpty());
}

TEST_F(Storing, WhatFillsBlocksIsFoundByTheIndex) {
    auto history = open();
    EXPECT_EQ(append(*history, 1, flows(0, 20'000)), 20'000U);
    const auto found = page("dest_ip = 10.9.3.7");
    ASSERT_THAT(found.hits, SizeIs(1));
    EXPECT_EQ(found.hits[0].line, flow_at(757s, "10.0.0.1", "10.9.3.7"));
    EXPECT_EQ(found.effort.blocks, 2U) << "its own, and the one that is not full yet";
    EXPECT_EQ(page("dest_ip = 10.9.200.7").effort.blocks, 1U);
    EXPECT_THAT(lines("src_ip = 10.0.0.1", 30'000), SizeIs(20'000));
    EXPECT_THAT(found.damage, IsEmpty());
}

TEST_F(Storing, ABatchThatComesAgainIsStoredOnce) {
    auto history = open();
    EXPECT_EQ(append(*history, 1, flows(0, 3'000)), 3'000U);
    EXPECT_EQ(append(*history, 1, flows(0, 3'000)), 3'000U);
    EXPECT_EQ(append(*history, 2'500, flows(2'499, 1'000)), 3'499U) << "cut otherwise";
    EXPECT_THAT(lines("", 10'000), SizeIs(3'499));
    EXPECT_EQ(history->counts().stored, 3'499U);
    EXPECT_EQ(history->counts().repeated, 3'501U);
}

TEST_F(Storing, PublishersAreNumberedApart) {
    auto history = open();
    EXPECT_EQ(append(*history, 1, flows(0, 2), "east"), 2U);
    EXPECT_EQ(append(*history, 1, flows(10, 3), "west"), 3U);
    EXPECT_THAT(lines(""), SizeIs(5));
    EXPECT_EQ(history->watermark("east"), 2U);
    EXPECT_EQ(history->watermark("nobody"), 0U);
}

TEST_F(Storing, AStoreThatIsOpenedAgainGoesOn) {
    {
        auto before = open();
        EXPECT_EQ(append(*before, 1, flows(0, 1'500)), 1'500U);
    }
    auto history = open();
    EXPECT_EQ(history->watermark("sensor"), 1'500U);
    EXPECT_EQ(append(*history, 1'501, flows(1'500, 1'500)), 3'000U);
    EXPECT_THAT(lines("", 10'000), SizeIs(3'000));
    EXPECT_THAT(lines("dest_ip = 10.9.4.200"), SizeIs(1));
    EXPECT_EQ(page("dest_ip = 10.9.4.200").effort.blocks, 2U);
}

TEST_F(Storing, WhatIsNoEventIsCountedAndBlocksNothing) {
    auto history = open();
    EXPECT_EQ(append(*history, 1,
                     {"", "garbage", "{}", R"({"timestamp":"yesterday"})", question_at(1s, "a.example"),
                      "{\"timestamp\":\"2026-03-02T08:00:00Z\",\n\"event_type\":\"dns\"}"}),
              6U);
    EXPECT_EQ(history->counts().refused, 5U);
    EXPECT_THAT(lines(""), SizeIs(1));
}

TEST_F(Storing, NumbersThatWereLeftOutAreCounted) {
    auto history = open();
    EXPECT_EQ(append(*history, 11, flows(0, 5)), 15U);
    EXPECT_EQ(append(*history, 14, flows(3, 2)), 15U);
    EXPECT_EQ(append(*history, 20, flows(5, 1)), 20U);
    EXPECT_EQ(history->counts().missing, 14U);
    EXPECT_FALSE(append(*history, 0, flows(0, 1)));
    EXPECT_FALSE(append(*history, 1, flows(0, 1), ""));
    EXPECT_FALSE(append(*history, 1, flows(0, 1), std::string(300, 'p')));
    EXPECT_FALSE(append(*history, 21, std::vector<std::string>(History::batch_lines_max + 1)));
}

TEST_F(Storing, DatesThatCannotBeMakeNoFiles) {
    auto history = open();
    std::vector<std::string> odd;
    for (int days = 2; days < 400; ++days) odd.push_back(flow_at(days * 24h, "10.0.0.1", "10.0.0.2"));
    for (int days = 36; days < 400; ++days) odd.push_back(flow_at(-days * 24h, "10.0.0.1", "10.0.0.2"));
    EXPECT_EQ(append(*history, 1, odd), odd.size());
    EXPECT_EQ(history->counts().misdated, odd.size());
    EXPECT_THAT(*days_in(folder_.path()), IsEmpty());
}

TEST_F(Storing, ABatchMayBeOfSeveralDays) {
    auto history = open();
    std::vector<std::string> days;
    for (int i = 30; i > 0; --i) days.push_back(flow_at(-24h * i, "10.0.0.1", "10.0.0.2"));
    EXPECT_EQ(append(*history, 1, days), 30U);
    EXPECT_EQ(append(*history, 1, days), 30U);
    EXPECT_THAT(*days_in(folder_.path()), SizeIs(30));
    std::ranges::reverse(days);
    EXPECT_EQ(lines("dest_ip = 10.0.0.2"), days);
}

TEST_F(Storing, OnlyOneMayWrite) {
    auto history = open();
    const auto other = open();
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::conflict);
}

TEST_F(Storing, PagesFollowOneAnotherWithoutAGapAndWithoutDoubles) {
    auto history = open();
    std::vector<std::string> same_time(100, flow_at(5s, "10.0.0.1", "10.0.0.2"));
    EXPECT_TRUE(append(*history, 1, same_time, "east"));
    EXPECT_TRUE(append(*history, 1, same_time, "west"));
    EXPECT_TRUE(append(*history, 101, flows(0, 3'000), "east"));
    std::vector<Place> places;
    std::optional<Place> after;
    for (bool more = true; more;) {
        const auto next = page("ip = 10.0.0.1", 77, after);
        for (const auto& hit : next.hits) places.push_back(hit.place);
        more = next.more;
        ASSERT_FALSE(next.hits.empty());
        after = parse_place(to_text(places.back()));
        ASSERT_TRUE(after);
    }
    EXPECT_THAT(places, SizeIs(3'200));
    EXPECT_EQ(std::ranges::adjacent_find(places, std::ranges::less_equal{}), places.end());
}

}   // namespace
}   // namespace ward::history
