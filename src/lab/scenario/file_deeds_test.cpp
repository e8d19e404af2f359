// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/file_deeds.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "lab/scenario/steps_test.hpp"
#include "lab/scenario/truth.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Action = FileTouched::Action;

class ShareDeeds : public ::testing::Test {
protected:
    ShareDeeds() { story_.add_witness(uses_); }
    std::map<Action, std::size_t> counted() const {
        std::map<Action, std::size_t> counts;
        for (const auto& one : uses_.all) ++counts[one.action];
        return counts;
    }
    Cast cast() const { return {1, &step_, story_.begin() + 1h}; }
    void live_a_day() { story_.agenda().run_until(story_.begin() + 24h); }

    struct Uses final : Witness {
        void see(const Act& act, const Story&) override {
            if (const auto* touched = std::get_if<FileTouched>(&act.what)) all.push_back(*touched);
        }
        std::vector<FileTouched> all;
    } uses_;
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Cabinet cabinet_{story_};
    Actors actors_{story_};
    FileDeeds deeds_{story_, cabinet_, actors_};
    ScenarioStep step_;
};

TEST_F(ShareDeeds, AThiefReadsAllOfTheSharesOnce) {
    step_ = one_step("steal-shares\nwho = 'nurse'\nshares = 'clinical office'");
    ASSERT_TRUE(deeds_.steal_shares(cast()));
    live_a_day();
    std::set<std::string> users, shares;
    for (const auto& one : uses_.all) {
        users.insert(one.user);
        shares.insert(one.share);
    }
    EXPECT_EQ(users.size(), 1U);
    EXPECT_THAT(shares, ElementsAre("clinical", "office"));
    EXPECT_EQ(uses_.all.size(), cabinet_.present(0).size() + cabinet_.present(1).size());
    EXPECT_EQ(counted()[Action::read], uses_.all.size());
}

TEST_F(ShareDeeds, EncryptionRewritesAndRenamesAndLeavesANoteInEachFolder) {
    step_ = one_step("encrypt-share\nwho = 'nurse'\nshares = 'clinical'");
    ASSERT_TRUE(deeds_.encrypt_share(cast()));
    live_a_day();
    std::set<std::string> extensions, folders, notes;
    for (const auto& one : uses_.all) {
        const auto folder = one.path.substr(0, one.path.rfind('\\'));
        if (one.action == Action::create) {
            EXPECT_TRUE(notes.insert(folder).second) << "one note a folder";
            continue;
        }
        folders.insert(folder);
        if (one.action == Action::rename) extensions.insert(one.new_path.substr(one.new_path.rfind('.')));
        const bool is_big = one.action == Action::write && one.bytes_written > 10'000;
        EXPECT_TRUE(!is_big || one.entropy > 7.95);
    }
    EXPECT_EQ(extensions.size(), 1U);
    EXPECT_EQ(folders, notes);
    EXPECT_EQ(counted()[Action::write], counted()[Action::rename]);
    EXPECT_GT(counted()[Action::write], cabinet_.present(1).size() / 2);
}

TEST_F(ShareDeeds, AProgramThatProtectsFilesLeavesNoNotes) {
    step_ = one_step("protect-share\nshares = 'clinical'");
    ASSERT_TRUE(deeds_.protect_share(cast()));
    live_a_day();
    EXPECT_EQ(counted()[Action::create], 0U);
    EXPECT_EQ(counted()[Action::write], counted()[Action::rename]);
    EXPECT_EQ(uses_.all.front().user, "svc-rights");
}

TEST_F(ShareDeeds, AMigrationCopiesAllToTheArchive) {
    step_ = one_step("migrate\nwho = 'IT administrator'\nshares = 'clinical'");
    const auto before = cabinet_.present(1).size();
    ASSERT_TRUE(deeds_.migrate(cast()));
    live_a_day();
    EXPECT_EQ(counted()[Action::create], before);
    for (const auto& one : uses_.all)
        EXPECT_EQ(one.share, one.action == Action::create ? "archive" : "clinical");
}

TEST_F(ShareDeeds, AConversionMakesANewFileOfEachOldOne) {
    step_ = one_step("convert-share\nshares = 'clinical'");
    ASSERT_TRUE(deeds_.convert_share(cast()));
    live_a_day();
    EXPECT_GT(counted()[Action::create], 100U);
    EXPECT_EQ(counted()[Action::create], counted()[Action::remove]);
}

TEST_F(ShareDeeds, TheTruthNamesFilesAndThePatientsWhoseTheyAre) {
    step_ = one_step("steal-shares\nwho = 'nurse'\nshares = 'clinical'");
    Scenario scenario;
    scenario.steps.push_back(step_);
    Truth truth{scenario};
    story_.add_witness(truth);
    ASSERT_TRUE(deeds_.steal_shares(cast()));
    live_a_day();
    const auto& deed = truth.deeds().front();
    EXPECT_EQ(deed.events.size(), uses_.all.size());
    EXPECT_THAT(deed.events.front(), ::testing::StartsWith("file:"));
    EXPECT_THAT(deed.patients, Not(IsEmpty()));
    EXPECT_EQ(deed.people.size(), 1U);
}

TEST_F(ShareDeeds, ANewcomerUsesFilesByTheAccountThatTheStepNames) {
    step_ = one_step("steal-shares\nnewcomer = 'workstations'\naccount = 'svc-stock'\nshares = 'archive'");
    ASSERT_TRUE(deeds_.steal_shares(cast()));
    live_a_day();
    ASSERT_THAT(uses_.all, Not(IsEmpty()));
    EXPECT_EQ(uses_.all.front().user, "svc-stock");
}

}   // namespace
}   // namespace ward::lab
