// SPDX-License-Identifier: Apache-2.0
#include "notify/outbox.hpp"

#include <gmock/gmock.h>

#include "core/scratch_folder.hpp"

namespace ward::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

class AnOutbox : public ::testing::Test {
protected:
    void SetUp() override { open(); }
    void open(OutboxLimits limits = {}) {
        outbox_.reset();
        auto opened = Outbox::open(folder_.path(), limits);
        ASSERT_TRUE(opened) << opened.error().what;
        outbox_.emplace(std::move(*opened));
    }
    Notice notice(const char* id, const char* thread = "t", What what = What::opened) {
        return {.id = id,
                .thread = thread,
                .what = what,
                .in_case = 3,
                .risk = 40,
                .sentence = "It is so.",
                .kinds = {"worm", "beacon"},
                .machines = {"10.1.2.3"},
                .at = now_,
                .harmless_if = "If.",
                .indicator = "c2.example",
                .sites = {"north"}};
    }
    Outbox::Kept keep(const std::vector<Notice>& notices) {
        constexpr Channel told[]{Channel::mail};
        return outbox_->keep(notices, {}, told, now_).value();
    }
    /// The ids of the notices of each message that is due.
    std::vector<std::vector<std::string>> due(Channel channel = Channel::mail) {
        EXPECT_TRUE(outbox_->gather(now_));
        std::vector<std::vector<std::string>> all;
        last_ = outbox_->due(channel, now_).value();
        for (const auto& [number, message] : last_) {
            all.emplace_back();
            for (const auto& one : message.notices) all.back().push_back(one.id);
        }
        return all;
    }
    using Ids = std::vector<std::string>;

    ScratchFolder folder_;
    std::optional<Outbox> outbox_;
    std::vector<Pending> last_;
    Time now_{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};
};

TEST_F(AnOutbox, GathersWhatComesWithinAMinute) {
    keep({notice("a")});
    now_ += 30s;
    keep({notice("b", "u")});
    EXPECT_THAT(due(), IsEmpty());
    now_ += 30s;
    EXPECT_THAT(due(), ElementsAre(Ids{"a", "b"}));
    EXPECT_THAT(due(Channel::webhook), IsEmpty());
}

TEST_F(AnOutbox, APageWaitsForNothing) {
    keep({notice("a"), notice("p", "t", What::paging)});
    EXPECT_THAT(due(), ElementsAre(Ids{"p"}));
    now_ += 60s;
    EXPECT_THAT(due(), ElementsAre(Ids{"p"}, Ids{"a"}));
}

TEST_F(AnOutbox, KeepsEachNoticeOnceAndAsItWas) {
    const auto told = notice("a");
    EXPECT_EQ(keep({told}).added, 1U);
    open();
    EXPECT_EQ(keep({told}).known, 1U);
    now_ += 60s;
    EXPECT_THAT(due(), ElementsAre(Ids{"a"}));
    const auto& read = last_.front().message.notices.front();
    EXPECT_EQ(read.sentence, told.sentence);
    EXPECT_EQ(read.kinds, told.kinds);
    EXPECT_EQ(read.machines, told.machines);
    EXPECT_EQ(read.sites, told.sites);
    EXPECT_EQ(read.indicator, told.indicator);
    EXPECT_EQ(read.at, told.at);
    EXPECT_EQ(read.risk, 40);
}

TEST_F(AnOutbox, SendsTheSameMessageAfterAKill) {
    keep({notice("a")});
    now_ += 60s;
    due();
    const auto before = last_.front();
    keep({notice("b")});
    open();   // as if killed while it was sent
    EXPECT_THAT(due(), ElementsAre(Ids{"a"}));
    EXPECT_EQ(last_.front().number, before.number);
    EXPECT_EQ(last_.front().message.id, before.message.id);
    EXPECT_EQ(last_.front().message.made, before.message.made);
}

TEST_F(AnOutbox, WhatWasSentIsNeverDueAgain) {
    keep({notice("a")});
    now_ += 60s;
    due();
    ASSERT_TRUE(outbox_->sent(last_.front().number, now_));
    keep({notice("a")});
    now_ += 48h;
    EXPECT_THAT(due(), IsEmpty());
    EXPECT_EQ(outbox_->counts(Channel::mail).value().sent, 1);
}

TEST_F(AnOutbox, AMessageNamesTheFirstOnesOfItsCases) {
    keep({notice("a"), notice("b", "u")});
    now_ += 60s;
    due();
    EXPECT_THAT(last_.front().message.parents, IsEmpty());
    keep({notice("c")});
    now_ += 60s;
    due();
    EXPECT_THAT(last_.back().message.parents, ElementsAre("a"));
}

TEST_F(AnOutbox, TriesAgainAfterPausesThatGrowToAnHour) {
    keep({notice("a")});
    now_ += 60s;
    std::vector<std::int64_t> pauses;
    for (int i = 0; i < 11; ++i) {
        due();
        ASSERT_EQ(last_.size(), 1U);
        ASSERT_EQ(outbox_->failed(last_.front().number, now_).value(), Outbox::After::tried_again);
        std::int64_t pause = 0;
        for (; due().empty(); now_ += 1s) ++pause;
        pauses.push_back(pause);
    }
    EXPECT_THAT(pauses, ElementsAre(15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600));
    EXPECT_EQ(outbox_->counts(Channel::mail).value().tries, 11);
}

TEST_F(AnOutbox, GivesUpAfterTwoDaysAndCountsIt) {
    keep({notice("a")});
    now_ += 60s;
    due();
    now_ += 48h;
    EXPECT_EQ(outbox_->failed(last_.front().number, now_).value(), Outbox::After::given_up);
    EXPECT_THAT(due(), IsEmpty());
    EXPECT_EQ(outbox_->counts(Channel::mail).value().given_up, 1);
}

TEST_F(AnOutbox, PastItsLimitTheOldestMessageIsGivenUp) {
    open({.notices_max = 1, .pending_max = 2});
    keep({notice("p", "t", What::paging), notice("a"), notice("b"), notice("c")});
    now_ += 60s;
    EXPECT_EQ(outbox_->gather(now_).value(), 2U);
    EXPECT_THAT(due(), ElementsAre(Ids{"p"}, Ids{"c"}));
    EXPECT_EQ(outbox_->counts(Channel::mail).value().given_up, 2);
}

TEST_F(AnOutbox, WhatIsAWeekOldWhenItIsHeardOfIsToldToNobody) {
    const auto old = notice("a");
    now_ += 8 * 24h;
    EXPECT_EQ(keep({old}).too_old, 1U);
    now_ += 60s;
    EXPECT_THAT(due(), IsEmpty());
}

TEST_F(AnOutbox, ForgetsAfterAMonthAndTellsNothingTwice) {
    const auto told = notice("a");
    keep({told});
    now_ += 60s;
    due();
    ASSERT_TRUE(outbox_->sent(last_.front().number, now_));
    now_ += 31 * 24h;
    ASSERT_TRUE(outbox_->forget(now_));
    EXPECT_EQ(outbox_->counts(Channel::mail).value().sent, 0);
    EXPECT_EQ(keep({told}).known, 1U);
}

TEST_F(AnOutbox, KnowsWhatWasToldOfACaseOverARestartUntilItIsLongForgotten) {
    constexpr Channel channels[]{Channel::mail};
    const Told told{{"t", {.risk_class = 2, .level = 1, .round = 0}}, {"u", {.risk_class = 1}}};
    ASSERT_TRUE(outbox_->keep({}, told, channels, now_));
    open();
    EXPECT_EQ(outbox_->told().value(), told);
    now_ += 700 * 24h;
    const Told closed{{"t", {.round = 1}}};
    ASSERT_TRUE(outbox_->keep({}, closed, channels, now_));
    now_ += 101 * 24h;
    ASSERT_TRUE(outbox_->forget(now_));
    EXPECT_EQ(outbox_->told().value(), closed);
}

TEST_F(AnOutbox, AFullMessageWaitsForNothing) {
    open({.notices_max = 2});
    keep({notice("a"), notice("b"), notice("c")});
    EXPECT_THAT(due(), ElementsAre(Ids{"a", "b"}, Ids{"c"}));
}

}   // namespace
}   // namespace ward::notify
