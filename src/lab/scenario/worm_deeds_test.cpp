// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/worm_deeds.hpp"

#include <gtest/gtest.h>

#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using What = OldSmbSpoken::What;

class Worms : public ::testing::Test {
protected:
    Worms() { story_.add_witness(uses_); }
    Cast cast() const { return {1, &step_, story_.begin() + 1h}; }
    void live_a_day() { story_.agenda().run_until(story_.begin() + 24h); }

    struct Uses final : Witness {
        void see(const Act& act, const Story&) override {
            const auto* used = std::get_if<NetworkUsed>(&act.what);
            if (used == nullptr) return;
            sources.insert(used->from);
            if (const auto* spoken = std::get_if<OldSmbSpoken>(&used->use)) {
                if (spoken->what == What::overrun) overrun.emplace(spoken->with, act.at);
                worked += spoken->what == What::work;
            }
            if (const auto* tried = std::get_if<PortTried>(&used->use)) targets.insert(tried->target);
            first.emplace(used->from, act.at);
        }
        std::set<DeviceId> sources;
        std::set<Address> targets;
        std::map<DeviceId, Moment> overrun;
        std::map<DeviceId, Moment> first;   // act of each machine
        int worked = 0;
    } uses_;
    Story story_{Size::large, 7, 2026y / 3 / 2};
    Actors actors_{story_};
    WormDeeds deeds_{story_, actors_};
    ScenarioStep step_;
};

TEST_F(Worms, SpreadToConsolesAndFromThoseAfterAWhile) {
    step_ = one_step("spread-worm\nmachine = 'imaging modality'\naddresses = 700");
    ASSERT_TRUE(deeds_.spread_worm(cast()));
    live_a_day();
    EXPECT_GT(uses_.sources.size(), 3U);
    EXPECT_GT(uses_.targets.size(), 500U);
    for (const auto source : uses_.sources) {
        EXPECT_EQ(story_.network().at(source).kind, DeviceKind::modality);
        const bool is_first = uses_.first.at(source) < story_.begin() + 1h + 1min;
        if (is_first) continue;   // others reach it too, later
        ASSERT_TRUE(uses_.overrun.contains(source));
        EXPECT_LT(uses_.overrun.at(source) + 2min, uses_.first.at(source));
    }
}

TEST_F(Worms, AnOldConsoleSpeaksTheSameAndSpreadsNothing) {
    step_ = one_step("use-old-shares\nmachine = 'imaging modality'\nwith = 'file server'\ntimes = 9");
    ASSERT_TRUE(deeds_.use_old_shares(cast()));
    live_a_day();
    EXPECT_EQ(uses_.worked, 9);
    EXPECT_EQ(uses_.sources.size(), 1U);
}

}   // namespace
}   // namespace ward::lab
