// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "lab/care/care.hpp"
#include "lab/day_test.hpp"
#include "lab/scenario/laptop_deeds.hpp"
#include "lab/scenario/partner_deeds.hpp"
#include "lab/scenario/steps_test.hpp"
#include "lab/scenario/vendor_deeds.hpp"

#include "lab/edge/edges.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

class DeedsAtTheEdge : public ::testing::Test {
protected:
    explicit DeedsAtTheEdge(Size size = Size::small) : story_(size, 7, 2026y / 3 / 2) {
        story_.add_witness(onlooker_);
    }
    Cast cast(std::uint32_t label, const ScenarioStep& step, hours after = 10h) {
        return {label, &step, story_.begin() + after};
    }
    void live() {
        care_.begin();
        edges_.begin();
        story_.agenda().run_until(story_.begin() + days{2});
    }
    template <class Use>
    std::vector<std::pair<Act, Use>> uses(std::uint32_t label) const {
        std::vector<std::pair<Act, Use>> found;
        for (const auto& act : acts_)
            if (const auto* used = std::get_if<NetworkUsed>(&act.what); used != nullptr && act.label == label)
                if (const auto* use = std::get_if<Use>(&used->use)) found.emplace_back(act, *use);
        return found;
    }

    std::vector<Act> acts_;
    Onlooker onlooker_{[this](const Act& act, const Story&) { acts_.push_back(act); }};
    Story story_;
    Care care_{story_, story_.begin() + days{2}};
    Post post_{story_};
    Cabinet cabinet_{story_};
    Edges edges_{story_, post_, care_.desk(), cabinet_, story_.begin() + days{2}};
    Scenario scenario_{.name = "a", .title = "A", .steps = std::vector<ScenarioStep>(3)};
    Truth truth_{scenario_};
    PartnerDeeds partners_{story_, edges_.partners, truth_};
    VendorDeeds vendors_{story_, edges_.vendors};
    LaptopDeeds laptops_{story_, edges_.remote_work, post_};
};

TEST_F(DeedsAtTheEdge, ALostPartnersCertificateIsShownFromElsewhereWhileItIsSilent) {
    const auto lost = one_step("lose-partner\nas = 'lost'\npartner = 'clearinghouse'\nminutes = 2400");
    const auto used = one_step("call-as-partner\nas = 'lost'\nfrom = 'elsewhere'\ncalls = 10");
    ASSERT_TRUE(partners_.lose(cast(1, lost)));
    ASSERT_TRUE(partners_.call(cast(2, used, 20h)));
    live();
    const auto shown = uses<PartnerCalled>(2);
    ASSERT_GT(shown.size(), 4U);
    const auto partner = shown.front().second.partner;
    for (const auto& [act, call] : shown) {
        EXPECT_EQ(call.partner, partner);
        EXPECT_NE(call.from, story_.outsiders().at(partner).address);
    }
    for (const auto& [act, call] : uses<PartnerCalled>(0))
        EXPECT_TRUE(call.partner != partner || act.at < story_.begin() + 10h);
    EXPECT_THAT(truth_.deeds()[0].systems, ::testing::Contains(story_.outsiders().at(partner).name));
}

TEST_F(DeedsAtTheEdge, APartnerThatMovesSaysSoBefore) {
    const auto moved = one_step("move-partner\npartner = 'pharmacy'");
    ASSERT_TRUE(partners_.move(cast(1, moved)));
    live();
    std::optional<Moment> told;
    for (const auto& act : acts_)
        if (act.label == 1 && std::holds_alternative<MailSent>(act.what) && !told) told = act.at;
    ASSERT_TRUE(told);
    std::map<PartnerId, std::map<Address, Moment>> first;
    for (const auto& [act, call] : uses<PartnerCalled>(0)) first[call.partner].emplace(call.from, act.at);
    int moves = 0;
    for (const auto& [partner, addresses] : first)
        for (const auto& [address, at] : addresses)
            if (address != story_.outsiders().at(partner).address) {
                ++moves;
                EXPECT_GT(at, *told);
            }
    EXPECT_EQ(moves, 1);
}

TEST_F(DeedsAtTheEdge, AStolenLaptopIsUsedFromOneAddressAndOnlyTheThiefsDoingsAreTheTheft) {
    const auto stolen = one_step("steal-laptop\nwho = 'physician'");
    ASSERT_TRUE(laptops_.steal(cast(1, stolen)));
    live();
    std::set<Address> from;
    for (const auto& [act, tunnel] : uses<TunnelChanged>(1)) from.insert(tunnel.from);
    EXPECT_EQ(from.size(), 1U);
    std::set<DeviceId> machines;
    int letters = 0;
    for (const auto& act : acts_) {
        if (act.label != 1) continue;
        if (const auto* opened = std::get_if<ChartOpened>(&act.what)) machines.insert(opened->workstation);
        letters += std::holds_alternative<MailSent>(act.what);
    }
    EXPECT_EQ(letters, 0) << "what its owner writes of it is no part of the theft";
    ASSERT_EQ(machines.size(), 1U);
    EXPECT_EQ(story_.network().at(*machines.begin()).kind, DeviceKind::laptop);
}

TEST_F(DeedsAtTheEdge, ALaptopThatReplacesAnotherIsUsedOnOrdinaryDaysToo) {
    const auto replaced = one_step("replace-laptop\nwho = 'physician'");
    ASSERT_TRUE(laptops_.replace(cast(1, replaced)));
    live();
    ASSERT_EQ(story_.network().guests.size(), 1U);
    const auto& fresh = story_.network().guests.front();
    EXPECT_TRUE(std::ranges::any_of(uses<TunnelChanged>(0), [&](const auto& one) {
        return &story_.network().at(std::get<NetworkUsed>(one.first.what).from) == &fresh;
    }));
}

TEST_F(DeedsAtTheEdge, EveryStepHasALaptopOfItsOwn) {
    const auto one = one_step("steal-laptop\nwho = 'physician'");
    const auto other = one_step("work-from-outside\nwho = 'physician'");
    ASSERT_TRUE(laptops_.steal(cast(1, one)));
    ASSERT_TRUE(laptops_.work_from_outside(cast(2, other)));
    live();
    std::map<std::uint32_t, std::set<DeviceId>> of;
    for (const auto label : {1U, 2U})
        for (const auto& [act, tunnel] : uses<TunnelChanged>(label))
            of[label].insert(std::get<NetworkUsed>(act.what).from);
    EXPECT_EQ(of[1].size(), 1U);
    EXPECT_EQ(of[2].size(), 1U);
    EXPECT_NE(of[1], of[2]);
}

TEST_F(DeedsAtTheEdge, ASiteThatTheHospitalDoesNotHaveIsToldWithTheLineOfTheStep) {
    const auto far = one_step("vendor-visit\nsite = 3");
    const auto done = vendors_.visit(cast(1, far));
    EXPECT_EQ(done.error().code, Errc::not_found);
    EXPECT_THAT(done.error().what, ::testing::StartsWith("mine.toml:4: "));
}

class DeedsInAGroup : public DeedsAtTheEdge {
protected:
    DeedsInAGroup() : DeedsAtTheEdge(Size::group) {}
};

TEST_F(DeedsInAGroup, TheSameNameIsCalledByVisitedMachinesAndLaterAtAnotherSite) {
    const auto visit = one_step("vendor-visit\nas = 'x'\nfrom = 'elsewhere'\nmachines_of = 'any'");
    const auto here = one_step("call-new-site\nas = 'x'");
    const auto there = one_step("call-new-site\nas = 'x'\nsite = 2");
    ASSERT_TRUE(vendors_.visit(cast(1, visit)));
    ASSERT_TRUE(vendors_.call_new_site(cast(2, here, 12h)));
    ASSERT_TRUE(vendors_.call_new_site(cast(3, there, 18h)));
    live();
    std::set<DeviceId> visited, called;
    std::set<std::string> hosts;
    for (const auto& [act, work] : uses<MachineWorkedOn>(1)) visited.insert(work.target);
    for (const auto& [act, call] : uses<SiteCalled>(2)) {
        called.insert(std::get<NetworkUsed>(act.what).from);
        hosts.insert(call.host);
    }
    EXPECT_EQ(visited, called);
    for (const auto& [act, call] : uses<SiteCalled>(3)) {
        hosts.insert(call.host);
        EXPECT_EQ(story_.network().at(std::get<NetworkUsed>(act.what).from).site, 1);
    }
    EXPECT_EQ(hosts.size(), 1U);
}

}   // namespace
}   // namespace ward::lab
