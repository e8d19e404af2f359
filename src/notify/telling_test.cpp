// SPDX-License-Identifier: Apache-2.0
#include "notify/telling.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "core/scratch_folder.hpp"
#include "desk/desk.hpp"

namespace ward::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

/// A desk, and who tells of it.
class ATelling : public ::testing::Test {
protected:
    static constexpr desk::Time begin{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

    void SetUp() override { desk_.emplace(desk::Desk::open(folder_.path()).value()); }

    struct What {
        std::string_view kind = "worm";
        std::vector<std::string> systems{"10.1.2.3"};
        int confidence = 60;   // of a medium one: 21 %, of a high one: 42 %
        detect::Severity severity = detect::Severity::high;
    };
    /// A minute after the one before.
    void find(const What& what) {
        const std::vector<detect::Finding> all{{.kind = what.kind,
                                                .at = now_ += 1min,
                                                .severity = what.severity,
                                                .confidence = what.confidence,
                                                .sentence = fmt::format("A {}.", what.kind),
                                                .harmless_if = "If meant.",
                                                .systems = what.systems}};
        ASSERT_TRUE(desk_->keep(all, now_));
    }
    void say(std::int64_t in_case, desk::Said said = desk::Said::benign) {
        ASSERT_TRUE(
            desk_->say({.in_case = in_case, .said = said, .reason = "asked", .by = "eve"}, now_ += 1min));
    }
    /// What is told of each, which is told from then on.
    std::vector<std::string> take() {
        auto news = telling_.take(desk_->book().value(), now_, told_);
        for (const auto& [thread, one] : news.told) told_[thread] = one;
        notices_.clear();
        std::vector<std::string> all;
        for (auto& [notice, finding] : news.drafts) {
            add_words(notice, desk_->words(finding).value());
            all.push_back(fmt::format("{} {} {}", name(notice.what), notice.in_case, notice.level));
            notices_.push_back(notice);
        }
        return all;
    }

    ScratchFolder folder_;
    std::optional<desk::Desk> desk_;
    Telling telling_{Sites{}};
    Told told_;
    std::vector<Notice> notices_;
    desk::Time now_ = begin;
};

TEST_F(ATelling, ACaseIsNewWhenItIsShown) {
    find({.severity = detect::Severity::medium});
    EXPECT_THAT(take(), IsEmpty());
    find({.kind = "beacon", .severity = detect::Severity::medium});
    EXPECT_THAT(take(), ElementsAre("new 1 1"));
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ATelling, ANoticeSaysWhatTheRiskiestFindingSays) {
    find({.kind = "beacon", .systems = {"10.1.2.3", "203.0.113.9"}, .confidence = 90});
    find({.kind = "worm", .systems = {"10.1.2.3", "10.1.2.4"}});
    take();
    const auto& notice = notices_.at(0);
    EXPECT_EQ(notice.sentence, "A beacon.");
    EXPECT_EQ(notice.harmless_if, "If meant.");
    EXPECT_THAT(notice.kinds, ElementsAre("beacon", "worm"));
    EXPECT_THAT(notice.machines, ElementsAre("10.1.2.3", "203.0.113.9", "10.1.2.4"));
    EXPECT_EQ(notice.risk, 79);
    EXPECT_EQ(notice.level, 2);
    EXPECT_EQ(to_instant(notice.at), "2026-03-02T00:01:00.000Z") << "when it was shown";
}

TEST_F(ATelling, ACaseHasRisenWhenItsClassIsWorse) {
    find({});
    EXPECT_THAT(take(), ElementsAre("new 1 1"));
    find({.confidence = 65});
    EXPECT_THAT(take(), IsEmpty()) << "46 % is of the same class";
    find({.kind = "beacon", .severity = detect::Severity::medium});
    EXPECT_THAT(take(), ElementsAre("risen 1 2"));
    EXPECT_EQ(notices_.at(0).sentence, "A beacon.") << "the newest one says why";
    find({.kind = "ransomware", .confidence = 90, .severity = detect::Severity::critical});
    EXPECT_THAT(take(), ElementsAre("risen 1 2"));
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ATelling, WhatIsToldOfACaseIsOneThreadWithIdsOfItsOwn) {
    find({});
    take();
    const auto first = notices_.at(0);
    find({.kind = "beacon"});
    take();
    EXPECT_EQ(notices_.at(0).thread, first.thread);
    EXPECT_NE(notices_.at(0).id, first.id);
}

TEST_F(ATelling, ARestartTellsNothingTwiceAndTheSameUnderTheSameId) {
    find({.systems = {"10.1.2.3"}});
    take();
    const auto first = notices_.at(0).id;
    telling_ = Telling{Sites{}};
    EXPECT_THAT(take(), IsEmpty());
    told_.clear();   // it was killed before it kept anything
    EXPECT_THAT(take(), ElementsAre("new 1 1"));
    EXPECT_EQ(notices_.at(0).id, first);
}

TEST_F(ATelling, WhatWasJoinedIsNotToldAgain) {
    find({.kind = "kerberoasting", .systems = {"10.1.1.1"}});
    find({.kind = "share-theft", .systems = {"10.3.3.3"}});
    EXPECT_THAT(take(), ElementsAre("new 1 1", "new 2 1"));
    ASSERT_TRUE(desk_->join(1, 2, "eve", "the same intruder", now_));
    EXPECT_THAT(take(), ElementsAre("risen 1 2"));
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ATelling, WhatIsAnsweredIsNotToldUntilItIsOpenAgain) {
    find({});
    take();
    say(1);
    EXPECT_THAT(take(), IsEmpty());
    find({.kind = "beacon"});
    EXPECT_THAT(take(), ElementsAre("new 1 1"));
    const auto first = notices_.at(0);
    EXPECT_EQ(to_instant(first.at), "2026-03-02T00:03:00.000Z");
    say(1);
    take();
    find({.kind = "worm", .systems = {"10.1.2.3"}});
    EXPECT_THAT(take(), IsEmpty()) << "a verdict covers it";
    find({.kind = "kerberoasting"});
    EXPECT_THAT(take(), ElementsAre("new 1 1"));
    EXPECT_NE(notices_.at(0).id, first.id);
}

TEST_F(ATelling, AnAttackThatIsKnownAndGetsWorseIsTold) {
    find({});
    take();
    say(1, desk::Said::true_attack);
    EXPECT_THAT(take(), ElementsAre("risen 1 2")) << "by the verdict itself";
    find({.kind = "ransomware", .confidence = 90, .severity = detect::Severity::critical});
    EXPECT_THAT(take(), IsEmpty()) << "it is of the worst class already";
}

TEST_F(ATelling, EachStepOfWhatNobodyAnswersIsToldOnce) {
    find({.kind = "ransomware", .confidence = 90, .severity = detect::Severity::critical});
    EXPECT_THAT(take(), ElementsAre("new 1 2"));
    now_ += 15min;
    ASSERT_EQ(desk_->escalate(now_)->size(), 1U);
    EXPECT_THAT(take(), ElementsAre("escalated 1 1"));
    EXPECT_THAT(take(), IsEmpty());
    now_ += 30min;
    ASSERT_EQ(desk_->escalate(now_)->size(), 1U);
    now_ += 15min;
    ASSERT_EQ(desk_->escalate(now_)->size(), 1U);
    EXPECT_THAT(take(), ElementsAre("escalated 1 3")) << "one of two steps that were missed says it";
    EXPECT_TRUE(notices_.at(0).pages());
    EXPECT_EQ(notices_.at(0).at, std::chrono::floor<std::chrono::milliseconds>(now_));
}

TEST_F(ATelling, AStepIsToldThoughNobodyWroteItDown) {
    find({.kind = "ransomware", .confidence = 90, .severity = detect::Severity::critical});
    take();
    now_ += 20min;
    EXPECT_THAT(take(), ElementsAre("escalated 1 1"));
    const auto first = notices_.at(0);
    EXPECT_EQ(to_instant(first.at), "2026-03-02T00:16:00.000Z") << "when it was due";
    ASSERT_EQ(desk_->escalate(now_)->size(), 1U);
    EXPECT_THAT(take(), IsEmpty());
    told_.clear();
    EXPECT_THAT(take(), ElementsAre("new 1 2", "escalated 1 1"));
    EXPECT_EQ(notices_.at(1).id, first.id);
}

TEST_F(ATelling, WhatSomebodyLooksAtHasNoStepToTell) {
    find({.kind = "ransomware", .confidence = 90, .severity = detect::Severity::critical});
    take();
    ASSERT_TRUE(desk_->escalate(now_ + 15min));
    ASSERT_TRUE(desk_->acknowledge(1, "eve", "", now_ + 16min));
    now_ += 17min;
    EXPECT_THAT(take(), IsEmpty());
}

TEST_F(ATelling, TheSameSiteOutsideCalledFromTwoSitesPagesOnce) {
    const auto beacon = [&](const char* who) {
        find({.kind = "beacon", .systems = {who, "203.0.113.9", "c2.example"}, .confidence = 10});
    };
    beacon("10.1.2.3");
    EXPECT_THAT(take(), IsEmpty());
    beacon("10.2.2.3");
    EXPECT_THAT(take(), ElementsAre("paging 2 3"));
    EXPECT_TRUE(notices_.at(0).pages());
    EXPECT_EQ(notices_.at(0).indicator, "c2.example");
    EXPECT_THAT(notices_.at(0).sites, ElementsAre("10.1.0.0/16", "10.2.0.0/16"));
    const auto id = notices_.at(0).id;
    beacon("10.2.2.4");
    EXPECT_THAT(take(), IsEmpty());
    telling_ = Telling{Sites{}};
    EXPECT_THAT(take(), ElementsAre("paging 2 3"));
    EXPECT_EQ(notices_.at(0).id, id);
}

TEST_F(ATelling, WhatIsExplainedIsOfNoSite) {
    find({.kind = "beacon", .systems = {"10.1.2.3", "203.0.113.9"}});
    say(1);
    find({.kind = "beacon", .systems = {"10.2.2.3", "203.0.113.9"}});
    EXPECT_THAT(take(), ElementsAre("new 2 1"));
}

TEST_F(ATelling, NamesTooMuchOfNothingAndBreaksNoLine) {
    std::vector<std::string> systems{"10.1.2.3", "two\nlines"};
    for (int i = 0; i < 60; ++i) systems.push_back(std::string(2'000, 'x') + std::to_string(i));
    find({.systems = systems});
    take();
    const auto& machines = notices_.at(0).machines;
    EXPECT_LE(machines.size(), Notice::machines_max);
    EXPECT_EQ(machines.at(1), "two lines");
    for (const auto& machine : machines) EXPECT_LE(machine.size(), 1'000U);
}

}   // namespace
}   // namespace ward::notify
