// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/message_deeds.hpp"

#include <gmock/gmock.h>

#include "lab/feeds/audit.hpp"
#include "lab/feeds/hl7_feed.hpp"
#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class InFeeds : public ::testing::Test {
protected:
    InFeeds() {
        story_.add_witness(feed_);
        story_.add_witness(trail_);
        care_.begin();
    }
    Cast cast() const { return {1, &step_, story_.begin() + 12h}; }
    std::vector<Hl7Message> labelled_of_a_day() {
        story_.agenda().run_until(story_.begin() + 24h);
        std::erase_if(messages_, [](const Hl7Message& one) { return one.label == 0; });
        return messages_;
    }

    struct Trail final : Witness {
        void see(const Act& act, const Story& story) override {
            if (std::holds_alternative<EntryBroken>(act.what)) broken.push_back(atna_broken(act, story));
        }
        std::vector<std::string> broken;
    } trail_;
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Care care_{story_, story_.begin() + 24h};
    std::vector<Hl7Message> messages_;
    Hl7Feed feed_{story_, [this](Hl7Message one) { messages_.push_back(std::move(one)); }};
    Actors actors_{story_};
    MessageDeeds deeds_{story_, care_, actors_};
    ScenarioStep step_;
};

TEST_F(InFeeds, AForgedMergeComesFromElsewhereAndMergesNobody) {
    step_ = one_step("forge-merges\nnewcomer = 'servers'\ncount = 3");
    ASSERT_TRUE(deeds_.forge_merges(cast()));
    const auto told = labelled_of_a_day();
    ASSERT_EQ(told.size(), 3U);
    for (const auto& message : told) {
        EXPECT_EQ(message.type, "ADT^A40");
        EXPECT_THAT(message.text, HasSubstr("MSH|^~\\&|EHR|"));
        EXPECT_NE(message.from, story_.network().one_of(DeviceKind::ehr_server, 0));
        EXPECT_TRUE(message.has_own_line);
    }
}

TEST_F(InFeeds, AForgedResultIsACorrection) {
    step_ = one_step("forge-results\nnewcomer = 'servers'");
    ASSERT_TRUE(deeds_.forge_results(cast()));
    const auto told = labelled_of_a_day();
    ASSERT_FALSE(told.empty());
    for (const auto& message : told) {
        EXPECT_THAT(message.text, HasSubstr("MSH|^~\\&|LIS|"));
        EXPECT_THAT(message.text, HasSubstr("|||C|||"));
    }
}

TEST_F(InFeeds, ATrueCorrectionComesFromTheLaboratory) {
    step_ = one_step("correct-results");
    ASSERT_TRUE(deeds_.correct_results(cast()));
    const auto told = labelled_of_a_day();
    ASSERT_EQ(told.size(), 2U);
    for (const auto& message : told) {
        EXPECT_EQ(message.from, story_.network().one_of(DeviceKind::laboratory_system, 0));
        EXPECT_THAT(message.text, HasSubstr("|||C|||"));
    }
}

TEST_F(InFeeds, AStandInSendsWhatItsSystemWould) {
    step_ = one_step("stand-in\nmachine = 'laboratory system'\nby = 'another'\nminutes = 240");
    ASSERT_TRUE(deeds_.stand_in(cast()));
    const auto told = labelled_of_a_day();
    ASSERT_FALSE(told.empty());
    for (const auto& message : told) {
        EXPECT_EQ(story_.network().at(message.from).name, "LIS0001B");
        EXPECT_THAT(message.text, HasSubstr("MSH|^~\\&|LIS|"));
    }
}

TEST_F(InFeeds, ALongDocumentIsOneMessage) {
    step_ = one_step("file-documents");
    ASSERT_TRUE(deeds_.file_documents(cast()));
    const auto told = labelled_of_a_day();
    ASSERT_FALSE(told.empty());
    for (const auto& message : told) {
        EXPECT_GT(message.text.size(), 60'000U);
        EXPECT_LT(message.text.size(), 102'000U);
        EXPECT_THAT(message.text, HasSubstr("|ED|"));
    }
}

TEST_F(InFeeds, OddMessagesEndNoFrame) {
    step_ = one_step("send-oddly\nnewcomer = 'servers'\ncount = 40");
    ASSERT_TRUE(deeds_.send_oddly(cast()));
    const auto told = labelled_of_a_day();
    EXPECT_EQ(told.size(), 40U);
    for (const auto& message : told) {
        EXPECT_THAT(message.text, Not(HasSubstr("\x1c")));
        EXPECT_THAT(message.text, Not(HasSubstr("\x0b")));
    }
}

TEST_F(InFeeds, BrokenEntriesAreInTheTrailAndBrokenInManyWays) {
    step_ = one_step("break-trail\nnewcomer = 'servers'\ncount = 40");
    ASSERT_TRUE(deeds_.break_trail(cast()));
    labelled_of_a_day();
    EXPECT_EQ(trail_.broken.size(), 40U);
    EXPECT_TRUE(std::ranges::any_of(trail_.broken, [](const auto& one) { return one.size() > 70'000; }));
    EXPECT_TRUE(std::ranges::any_of(trail_.broken, [](const auto& one) { return one.size() < 900; }));
}

}   // namespace
}   // namespace ward::lab
