// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/network_deeds.hpp"

#include <gmock/gmock.h>
#include <set>

#include "lab/offers.hpp"
#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using Answer = PortTried::Answer;

class OverTheNetwork : public ::testing::Test {
protected:
    OverTheNetwork() { story_.add_witness(uses_); }
    Cast cast() const { return {1, &step_, story_.begin() + 1h}; }
    void live_a_day() { story_.agenda().run_until(story_.begin() + 24h); }

    struct Uses final : Witness {
        void see(const Act& act, const Story&) override {
            if (const auto* used = std::get_if<NetworkUsed>(&act.what)) {
                all.push_back(*used);
                last = act.at;
            }
        }
        std::vector<NetworkUsed> all;
        Moment last{};
    } uses_;
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Actors actors_{story_};
    NetworkDeeds deeds_{story_, actors_};
    ScenarioStep step_;
};

TEST_F(OverTheNetwork, AProgramCallsOverAndOverFromOneMachine) {
    step_ = one_step("call-home\nmachine = 'workstation'\nhost = 'a.example'\nminutes = 120\njitter = 1.3");
    ASSERT_TRUE(deeds_.call_home(cast()));
    live_a_day();
    ASSERT_EQ(uses_.all.size(), 120U);
    for (const auto& one : uses_.all) {
        EXPECT_EQ(one.from, uses_.all.front().from);
        EXPECT_EQ(std::get<SiteCalled>(one.use).host, "a.example");
    }
    EXPECT_GT(uses_.last, story_.begin() + 2h);
    EXPECT_LT(uses_.last, story_.begin() + 5h);
}

TEST_F(OverTheNetwork, AnUploadIsAsLargeAsTheStepSays) {
    step_ = one_step("upload\nmachine = 'workstation'\nmegabytes = 80\nparts = 400");
    ASSERT_TRUE(deeds_.upload(cast()));
    live_a_day();
    double sent = 0;
    for (const auto& one : uses_.all) sent += static_cast<double>(std::get<SiteCalled>(one.use).sent);
    EXPECT_GT(sent, 70e6);
    EXPECT_LT(sent, 110e6);
}

TEST_F(OverTheNetwork, AScannerAsksOpenMachinesWhetherTheySpeakSmb1) {
    step_ = one_step("sweep-port\nmachine = 'workstation'\namong = 'imaging modality'\nquestions = 1");
    ASSERT_TRUE(deeds_.sweep_port(cast()));
    live_a_day();
    std::size_t open = 0, asked = 0;
    for (const auto& one : uses_.all) {
        if (const auto* tried = std::get_if<PortTried>(&one.use)) open += tried->answer == Answer::open;
        if (const auto* spoken = std::get_if<OldSmbSpoken>(&one.use)) {
            const bool is_old = speaks_old_smb(story_.network().at(spoken->with));
            EXPECT_EQ(spoken->what, is_old ? OldSmbSpoken::What::questions : OldSmbSpoken::What::failure);
            ++asked;
        }
    }
    EXPECT_GT(open, 0U);
    EXPECT_EQ(asked, open);
}

TEST_F(OverTheNetwork, ASweepTriesEachMachineOfTheVlanAndTheGapsBetween) {
    step_ = one_step("sweep-port\nmachine = 'imaging modality'");
    ASSERT_TRUE(deeds_.sweep_port(cast()));
    live_a_day();
    std::set<Address> open;
    std::size_t none = 0;
    for (const auto& one : uses_.all) {
        const auto& tried = std::get<PortTried>(one.use);
        EXPECT_EQ(tried.port, 445);
        if (tried.answer == Answer::open) open.insert(tried.target);
        none += tried.answer == Answer::none;
    }
    EXPECT_EQ(open.size() + 1, story_.network().of(DeviceKind::modality, 0).size());
    EXPECT_GT(none, 5U);
}

TEST_F(OverTheNetwork, StepsOfTheSameNameHaveTheSameMachine) {
    const auto steps = read_steps({"call-home\nmachine = 'workstation'\nas = 'intruder'\nminutes = 1",
                                   "sweep-port\nas = 'intruder'"})
                           .value();
    ASSERT_TRUE(deeds_.call_home({1, &steps[0], story_.begin() + 1h}));
    ASSERT_TRUE(deeds_.sweep_port({2, &steps[1], story_.begin() + 3h}));
    live_a_day();
    ASSERT_GT(uses_.all.size(), 1U);
    for (const auto& one : uses_.all) EXPECT_EQ(one.from, uses_.all.front().from);
}

TEST_F(OverTheNetwork, AStepAtASiteThatIsNotThereIsAnError) {
    step_ = one_step("call-home\nmachine = 'workstation'\nsite = 2");
    const auto done = deeds_.call_home(cast());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::not_found);
}

}   // namespace
}   // namespace ward::lab
