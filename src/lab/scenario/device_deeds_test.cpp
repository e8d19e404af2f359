// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/device_deeds.hpp"

#include <gmock/gmock.h>
#include <set>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

class OnDevices : public ::testing::Test {
protected:
    OnDevices() {
        story_.add_witness(uses_);
        step_.id = "a";
    }
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
    step_.words["newcomer"] = "bedside";
    step_.numbers = {{"pumps", 5}, {"commands", 1}};
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
    step_.numbers = {{"minutes", 30}};
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
    step_.words["newcomer"] = "bedside";
    ASSERT_TRUE(deeds_.move_gateway(cast()));
    live_a_day();
    const auto moves = uses_.of<GatewayMoved>();
    ASSERT_EQ(moves.size(), 2U);
    EXPECT_EQ(moves[0].mac, from(uses_.all.front().second).mac);
}

TEST_F(OnDevices, AChangedLibraryHasAnotherCertificate) {
    ASSERT_TRUE(deeds_.change_library(cast()));
    live_a_day();
    ASSERT_EQ(uses_.of<LibraryMoved>().size(), 2U);
    EXPECT_GT(uses_.of<LibraryMoved>().front().certificate, 0);
}

TEST_F(OnDevices, APumpThatIsBroughtIsNewAndOfAKnownMake) {
    step_.words["machine"] = "infusion pump";
    const auto before = story_.network().of(DeviceKind::pump, 0);
    ASSERT_TRUE(deeds_.bring_pump(cast()));
    live_a_day();
    ASSERT_EQ(story_.network().guests.size(), 1U);
    EXPECT_EQ(story_.network().of(DeviceKind::pump, 0), before) << "the house does not count on it yet";
    EXPECT_EQ(uses_.of<PumpStarted>().size(), 1U);
    EXPECT_EQ(story_.network().guests.back().kind, DeviceKind::pump);
}

TEST_F(OnDevices, StudiesAreSoughtAndFetchedAsOftenAsTheStepSays) {
    step_.words["who"] = "physician";
    step_.numbers = {{"searches", 4}, {"studies", 9}, {"elsewhere", 0}};
    ASSERT_TRUE(deeds_.search_archive(cast()));
    live_a_day();
    EXPECT_EQ(uses_.of<ArchiveSearched>().size(), 4U);
    EXPECT_EQ(uses_.of<StudyFetched>().size(), 9U);
}

TEST_F(OnDevices, WhatIsLegalIsOnlyOddOrSlow) {
    step_.words = {{"machine", "imaging modality"}, {"how", "legal"}};
    ASSERT_TRUE(deeds_.disturb_archive(cast()));
    live_a_day();
    using enum ArchiveDisturbed::How;
    for (const auto& one : uses_.of<ArchiveDisturbed>())
        EXPECT_TRUE(one.how == timed_out || one.how == odd_but_legal);
}

TEST_F(OnDevices, AVlanThatIsNoneIsAnError) {
    step_.words["newcomer"] = "attic";
    const auto done = deeds_.speak_to_pumps(cast());
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::malformed);
}

}   // namespace
}   // namespace ward::lab
