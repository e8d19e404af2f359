// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/domain_deeds.hpp"

#include <gtest/gtest.h>
#include <set>

#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

class InADomain : public ::testing::Test {
protected:
    InADomain() { story_.add_witness(uses_); }
    static ScenarioStep by_program(std::string_view deed, std::string_view more = "") {
        return one_step(fmt::format("{}\nmachine = 'workstation'\naccount = 'svc-a'\n{}", deed, more));
    }
    Cast cast() const { return {1, &step_, story_.begin() + 1h}; }
    void live_a_day() { story_.agenda().run_until(story_.begin() + 24h); }
    template <class Use>
    std::vector<Use> all() const {
        std::vector<Use> found;
        for (const auto& one : uses_.all)
            if (const auto* use = std::get_if<Use>(&one.use)) found.push_back(*use);
        return found;
    }

    struct Uses final : Witness {
        void see(const Act& act, const Story&) override {
            if (const auto* used = std::get_if<NetworkUsed>(&act.what)) all.push_back(*used);
        }
        std::vector<NetworkUsed> all;
    } uses_;
    Story story_{Size::group, 7, 2026y / 3 / 2};
    Actors actors_{story_};
    DomainDeeds deeds_{story_, actors_};
    ScenarioStep step_;
};

TEST_F(InADomain, ABurstOfTicketsIsForManyServices) {
    step_ = by_program("ask-tickets", "method = 'RC4'\ntickets = 30");
    ASSERT_TRUE(deeds_.ask_tickets(cast()));
    live_a_day();
    std::set<std::vector<std::string>> services;
    for (const auto& one : all<TicketAsked>()) {
        EXPECT_TRUE(one.is_old);
        services.insert(one.service);
    }
    EXPECT_EQ(services.size(), 30U);
}

TEST_F(InADomain, ASurveyListsAllPartsOnce) {
    step_ = by_program("survey-directory");
    ASSERT_TRUE(deeds_.survey_directory(cast()));
    live_a_day();
    std::set<DirectoryPart> parts;
    for (const auto& one : all<DirectorySurveyed>()) parts.insert(one.part);
    EXPECT_EQ(parts.size(), 6U);
    EXPECT_EQ(uses_.all.size(), 6U);
}

TEST_F(InADomain, AProgramIsLaidOnEachMachineOnceAndIsTheSame) {
    step_ = by_program("start-programs", "machines = 7");
    ASSERT_TRUE(deeds_.start_programs(cast()));
    live_a_day();
    std::set<DeviceId> machines;
    std::set<std::string> files;
    for (const auto& one : all<ProgramStarted>()) {
        EXPECT_EQ(story_.network().at(one.on).kind, DeviceKind::workstation);
        machines.insert(one.on);
        files.insert(one.file);
    }
    EXPECT_EQ(machines.size(), 7U);
    EXPECT_EQ(files.size(), 1U);
}

TEST_F(InADomain, WhoHasTakenADeskGoesOnFromThere) {
    const auto steps = read_steps({"take-desk\nmachine = 'workstation'\naccount = 'svc-a'\non = 'server'\n"
                                   "where = 'elsewhere'\nthen_as = 'foothold'",
                                   "survey-directory\nas = 'foothold'"})
                           .value();
    ASSERT_TRUE(deeds_.take_desk({1, &steps[0], story_.begin() + 1h}));
    ASSERT_TRUE(deeds_.survey_directory({2, &steps[1], story_.begin() + 2h}));
    live_a_day();
    const auto taken = all<DeskTaken>();
    ASSERT_EQ(taken.size(), 1U);
    EXPECT_EQ(story_.network().at(taken.front().on).vlan, Vlan::servers);
    EXPECT_NE(story_.network().at(taken.front().on).site, 0) << "at another site, as there is one";
    EXPECT_EQ(uses_.all.back().from, taken.front().on);
    EXPECT_EQ(uses_.all.back().account, "svc-a");
}

}   // namespace
}   // namespace ward::lab
