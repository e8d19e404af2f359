// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/device_deeds.hpp"

#include <gmock/gmock.h>
#include <set>

#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

class OnDevices : public ::testing::Test {
protected:
    OnDevices() { story_.add_witness(uses_); }
    Cast cast() const { return {1, &step_, story_.begin() + 3h}; }
    void live_a_day() { story_.agenda().run_until(story_.begin() + 24h); }
    const Device& from(const NetworkUsed& used) const { return story_.network().at(used.from); }

    struct Uses final : Witness {
        void see(const Act& act, const Story&) override {
            const auto* used = std::get_if<NetworkUsed>(&act.what);
            if (used != nullptr) all.emplace_back(act.label, *used);
        }
        template <class Use>
        std::vector<Use> of() const {
            std::vector<Use> found;
            for (const auto& [label, used] : all)
                if (const auto* use = std::get_if<Use>(&std::get<DeviceUse>(used.use))) found.push_back(*use);
            return found;
        }
        std::vector<std::pair<std::uint32_t, NetworkUsed>> all;
    } uses_;
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Actors actors_{story_};
    DeviceDeeds deeds_{story_, actors_};
    ScenarioStep step_;
};

TEST_F(OnDevices, ANewcomerIsPluggedInBeforeItSpeaksToSoManyPumps) {
    step_ = one_step("speak-to-pumps\nnewcomer = 'bedside'\npumps = 5\ncommands = 1");
    ASSERT_TRUE(deeds_.speak_to_pumps(cast()));
    live_a_day();
    ASSERT_FALSE(uses_.all.empty());
    EXPECT_EQ(uses_.of<PluggedIn>().size(), 1U);
    EXPECT_TRUE(std::holds_alternative<PluggedIn>(std::get<DeviceUse>(uses_.all.front().second.use)));
    std::set<DeviceId> asked, told;
    for (const auto& one : uses_.of<PumpSpokenTo>())
        (one.what == PumpSpokenTo::What::rate ? told : asked).insert(one.pump);
    EXPECT_EQ(asked.size(), 5U);
    EXPECT_EQ(told, asked);
    EXPECT_EQ(from(uses_.all.front().second).vlan, Vlan::bedside);
}

TEST_F(OnDevices, AGatewaysOwnOtherCardAnswersForAWhile) {
    step_ = one_step("move-gateway\nminutes = 30");
    ASSERT_TRUE(deeds_.move_gateway(cast()));
    live_a_day();
    const auto moves = uses_.of<GatewayMoved>();
    ASSERT_EQ(moves.size(), 2U);
    const auto& gateway = story_.network().at(moves[0].gateway);
    EXPECT_NE(moves[0].mac, gateway.mac);
    EXPECT_EQ(Vlan::bedside, gateway.vlan);
    EXPECT_EQ(moves[1].mac, gateway.mac);
    EXPECT_EQ(uses_.all.front().first, 1U);
    EXPECT_EQ(uses_.all.back().first, 0U);
}

TEST_F(OnDevices, AnotherMachineAnswersAtTheGatewaysAddress) {
    for (const auto step : {"move-gateway\nnewcomer = 'bedside'", "move-gateway\nmachine = 'workstation'"}) {
        step_ = one_step(step);
        uses_.all.clear();
        ASSERT_TRUE(deeds_.move_gateway({1, &step_, story_.now() + 3h}));
        story_.agenda().run_until(story_.now() + 24h);
        const auto moves = uses_.of<GatewayMoved>();
        ASSERT_EQ(moves.size(), 2U);
        EXPECT_EQ(moves[0].mac, from(uses_.all.front().second).mac);
        EXPECT_NE(uses_.all.front().second.from, moves[0].gateway);
    }
}

TEST_F(OnDevices, AChangedLibraryHasAnotherCertificate) {
    step_ = one_step("change-library");
    ASSERT_TRUE(deeds_.change_library(cast()));
    live_a_day();
    ASSERT_EQ(uses_.of<LibraryMoved>().size(), 2U);
    EXPECT_GT(uses_.of<LibraryMoved>().front().certificate, 0);
}

TEST_F(OnDevices, APumpThatIsBroughtIsNewAndOfAKnownMake) {
    step_ = one_step("bring-pump\nmachine = 'infusion pump'");
    const auto before = story_.network().of(DeviceKind::pump, 0);
    ASSERT_TRUE(deeds_.bring_pump(cast()));
    live_a_day();
    ASSERT_EQ(story_.network().guests.size(), 1U);
    EXPECT_EQ(story_.network().of(DeviceKind::pump, 0), before) << "the house does not count on it yet";
    EXPECT_EQ(uses_.of<PumpStarted>().size(), 1U);
    EXPECT_EQ(story_.network().guests.back().kind, DeviceKind::pump);
}

TEST_F(OnDevices, StudiesAreSoughtAndFetchedAsOftenAsTheStepSays) {
    step_ = one_step("search-archive\nwho = 'physician'\nsearches = 4\nstudies = 9\nelsewhere = 0");
    ASSERT_TRUE(deeds_.search_archive(cast()));
    live_a_day();
    EXPECT_EQ(uses_.of<ArchiveSearched>().size(), 4U);
    EXPECT_EQ(uses_.of<StudyFetched>().size(), 9U);
}

TEST_F(OnDevices, WhatIsLegalIsOnlyOddOrSlow) {
    step_ = one_step("disturb-archive\nmachine = 'imaging modality'\nhow = 'legal'");
    ASSERT_TRUE(deeds_.disturb_archive(cast()));
    live_a_day();
    using enum ArchiveDisturbed::How;
    for (const auto& one : uses_.of<ArchiveDisturbed>())
        EXPECT_TRUE(one.how == timed_out || one.how == odd_but_legal);
}

}   // namespace
}   // namespace ward::lab
