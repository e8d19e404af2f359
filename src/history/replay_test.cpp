// SPDX-License-Identifier: Apache-2.0
#include "history/replay.hpp"

#include <fstream>
#include <gmock/gmock.h>

#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class Replaying : public Storing {
protected:
    std::vector<std::string> replayed(Known& known, const Replay& wanted = {}, ReplayLimits limits = {}) {
        std::vector<std::string> lines;
        const auto done = replay(
            folder_.path(), known, wanted, [&](std::string_view line) { lines.emplace_back(line); }, limits);
        EXPECT_TRUE(done) << done.error().what;
        if (done) last_ = *done;
        return lines;
    }

    Replayed last_;
};

TEST_F(Replaying, TellsWhatCameSinceInTheOrderInWhichItCame) {
    auto history = open();
    const auto seen = question_at(1h, "seen"), late = question_at(2h, "late"),
               early = question_at(1h, "early");
    ASSERT_TRUE(append(*history, 1, {seen, late}));
    ASSERT_TRUE(append(*history, 3, {early}));
    Known known{{"sensor", 1}};
    EXPECT_THAT(replayed(known), ElementsAre(late, early));
    EXPECT_THAT(known, ElementsAre(Pair("sensor", 3)));
    EXPECT_THAT(replayed(known), IsEmpty());
}

TEST_F(Replaying, EventsOfSeveralPublishersAreInTheOrderOfTime) {
    auto history = open();
    const auto first = question_at(1s, "first"), second = question_at(2s, "second"),
               third = question_at(3s, "third");
    ASSERT_TRUE(append(*history, 1, {first, third}, "a"));
    ASSERT_TRUE(append(*history, 1, {second}, "b"));
    Known known;
    EXPECT_THAT(replayed(known), ElementsAre(first, second, third));
    EXPECT_THAT(known, ElementsAre(Pair("a", 2), Pair("b", 1)));
    EXPECT_EQ(*history->watermarks(), known);
}

TEST_F(Replaying, WhereItIsKnownInWhichTurnsTheyCameThatIsTheirOrder) {
    auto history = open();
    const auto first = question_at(3s, "first"), second = question_at(1s, "second"),
               third = question_at(4s, "third"), last = question_at(2s, "last");
    ASSERT_TRUE(append(*history, 1, {first}, "a"));
    ASSERT_TRUE(append(*history, 1, {second}, "b"));
    ASSERT_TRUE(append(*history, 2, {third}, "a"));
    ASSERT_TRUE(append(*history, 2, {last}, "b"));
    const std::array order{Turn{"a", 1, 1}, Turn{"b", 1, 1}, Turn{"a", 2, 2}};
    Known known;
    EXPECT_THAT(replayed(known, {.order = order}), ElementsAre(first, second, third, last));
}

TEST_F(Replaying, ADayThatIsDamagedIsToldOfAndKeepsNoOtherFromBeingRead) {
    auto history = open();
    const auto before = question_at(-1h, "before"), today = question_at(1h, "today");
    ASSERT_TRUE(append(*history, 1, {before, today}));
    history = fail(Errc::unavailable, "closed");
    std::ofstream{day_path(folder_.path(), monday - std::chrono::days{1})} << "no database";
    Known known;
    EXPECT_THAT(replayed(known), ElementsAre(today));
    EXPECT_EQ(last_.damage.size(), 1U);
}

TEST_F(Replaying, WhatIsOlderIsLeftOutAlsoOnOtherDays) {
    auto history = open();
    const auto old = question_at(-20h, "old"), young = question_at(-1h, "young"),
               today = question_at(1h, "today");
    ASSERT_TRUE(append(*history, 1, {old, young, today}));
    Known known;
    EXPECT_THAT(replayed(known, {.since = event::Time{monday} - 2h}), ElementsAre(young, today));
}

TEST_F(Replaying, BlocksAndWhatIsInNoneAreBothTold) {
    auto history = open();
    std::vector<std::string> all;
    for (int i = 0; i < 2'500; ++i)
        all.push_back(question_at(std::chrono::seconds{i}, fmt::format("n{}", i)));
    ASSERT_TRUE(append(*history, 1, all));
    Known known{{"sensor", 700}};
    EXPECT_EQ(replayed(known), (std::vector<std::string>{all.begin() + 700, all.end()}));
}

TEST_F(Replaying, WhatThereIsNoRoomForIsCounted) {
    auto history = open();
    const auto one = question_at(1s, "one"), other = question_at(2s, "two");
    ASSERT_TRUE(append(*history, 1, {one, other}));
    Known known;
    EXPECT_THAT(replayed(known, {}, {.bytes_max = one.size()}), ElementsAre(one));
    EXPECT_EQ(last_.events, 1U);
    EXPECT_EQ(last_.passed_over, 1U);
}

TEST_F(Replaying, WithoutAStoreThereIsNothingToTell) {
    Known known;
    const auto done = replay(folder_.path() / "none", known, Replay{}, [](std::string_view) {});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::not_found);
}

}   // namespace
}   // namespace ward::history
