// SPDX-License-Identifier: Apache-2.0
#include "lab/edge/edges.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <map>
#include <set>

#include "lab/care/care.hpp"
#include "lab/day_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

bool is_outside(Address address) { return address >> 24 != 10; }

/// Some days of a hospital with all who come in from outside, and what of them was told.
class AtTheEdge : public ::testing::Test {
protected:
    void live(int count) {
        care_.begin();
        edges_.begin();
        story_.agenda().run_until(story_.begin() + days{count});
    }

    template <class Use>
    std::vector<std::pair<Act, Use>> uses() const {
        std::vector<std::pair<Act, Use>> found;
        for (const auto& act : acts_)
            if (const auto* used = std::get_if<NetworkUsed>(&act.what))
                if (const auto* use = std::get_if<Use>(&used->use)) found.emplace_back(act, *use);
        return found;
    }
    const Device& machine_of(const Act& act) const {
        return story_.network().at(std::get<NetworkUsed>(act.what).from);
    }

    std::vector<Act> acts_;
    std::set<Address> charts_from_;   // of laptops
    Onlooker onlooker_{[this](const Act& act, const Story& story) {
        acts_.push_back(act);
        const auto* opened = std::get_if<ChartOpened>(&act.what);
        if (opened == nullptr) return;
        const auto& machine = story.network().at(opened->workstation);
        if (machine.kind == DeviceKind::laptop) charts_from_.insert(machine.address);
    }};
    Story story_{Size::small, 7, 2026y / 3 / 2};
    Care care_{story_, story_.begin() + days{7}};
    Post post_{story_};
    Cabinet cabinet_{story_};
    Edges edges_{story_, post_, care_.desk(), cabinet_, story_.begin() + days{7}};
    bool added_ = (story_.add_witness(onlooker_), true);
};

TEST_F(AtTheEdge, PartnersCallTheInterfaceEngineFromOneAddressEach) {
    live(1);
    std::map<PartnerId, std::set<Address>> from;
    for (const auto& [act, call] : uses<PartnerCalled>()) {
        from[call.partner].insert(call.from);
        EXPECT_EQ(machine_of(act).kind, DeviceKind::interface_engine);
    }
    EXPECT_EQ(from.size(), story_.outsiders().partners.size());
    for (const auto& [partner, addresses] : from)
        EXPECT_EQ(addresses, std::set{story_.outsiders().at(partner).address});
}

TEST_F(AtTheEdge, SomePartnersRestAtWeekends) {
    live(7);
    std::map<PartnerId, int> at_weekends;
    for (const auto& [act, call] : uses<PartnerCalled>()) at_weekends[call.partner] += is_weekend(act.at);
    for (const auto& [partner, calls] : at_weekends)
        EXPECT_EQ(calls > 0, story_.outsiders().at(partner).works_weekends);
}

TEST_F(AtTheEdge, ASilentPartnerCallsNotAndAMovedOneFromElsewhere) {
    edges_.partners.silence(PartnerId{0}, story_.begin() + days{1});
    edges_.partners.move(PartnerId{1}, 0xc000'02fa);
    live(1);
    for (const auto& [act, call] : uses<PartnerCalled>()) {
        EXPECT_NE(call.partner, PartnerId{0});
        EXPECT_EQ(call.from == 0xc000'02fa, call.partner == PartnerId{1});
    }
}

TEST_F(AtTheEdge, TechniciansComeInByTheGatewayAndGoOnFromThere) {
    live(2);
    const auto visits = uses<VendorCame>();
    ASSERT_GT(visits.size(), 4U);
    for (const auto& [act, visit] : visits) {
        EXPECT_EQ(machine_of(act).kind, DeviceKind::vendor_gateway);
        EXPECT_TRUE(is_outside(visit.from));
    }
    const auto from_gateway = std::ranges::count_if(uses<MachineWorkedOn>(), [&](const auto& one) {
        return machine_of(one.first).kind == DeviceKind::vendor_gateway;
    });
    EXPECT_GT(static_cast<std::size_t>(from_gateway), visits.size() / 2);
}

TEST_F(AtTheEdge, LaptopsHaveAnotherAddressInsideWhileTheyAreOutside) {
    live(3);
    EXPECT_TRUE(std::ranges::any_of(charts_from_, [](Address one) { return (one >> 12 & 15U) == 8; }))
        << "by the remote access";
    EXPECT_TRUE(std::ranges::any_of(charts_from_, [](Address one) { return (one >> 12 & 15U) == 1; }))
        << "in the house, among the workstations";
    EXPECT_TRUE(std::ranges::none_of(charts_from_, is_outside));
}

TEST_F(AtTheEdge, ATunnelThatIsOpenedIsClosedByWhoOpenedIt) {
    live(7);
    std::map<DeviceId, Address> open;
    int opened = 0;
    for (const auto& [act, tunnel] : uses<TunnelChanged>()) {
        const auto laptop = std::get<NetworkUsed>(act.what).from;
        if (tunnel.what == TunnelChanged::What::opened) {
            EXPECT_TRUE(open.emplace(laptop, tunnel.from).second) << "it is in use already";
            ++opened;
        } else {
            EXPECT_EQ(open[laptop], tunnel.from);
            open.erase(laptop);
        }
    }
    EXPECT_GT(opened, 30);
    EXPECT_LT(open.size(), 4U) << "those at midnight";
}

TEST_F(AtTheEdge, ANewLaptopHasAnotherNameAndTheSameOwner) {
    const auto old = story_.network().laptops.front();
    const auto fresh = edges_.remote_work.replace(old);
    EXPECT_EQ(fresh.owner, old.owner);
    EXPECT_NE(story_.network().at(fresh.device).name, story_.network().at(old.device).name);
    EXPECT_NE(story_.network().at(fresh.device).address, story_.network().at(old.device).address);
}

TEST(Outsiders, AreTheSameOfTheSameSeedAndOthersOfAnother) {
    const auto one = make_outsiders(Size::small, Random{7});
    EXPECT_EQ(one.partners.front().host, make_outsiders(Size::small, Random{7}).partners.front().host);
    EXPECT_NE(one.partners.front().host, make_outsiders(Size::small, Random{8}).partners.front().host);
    EXPECT_THAT(one.partners.front().host, ::testing::EndsWith(".example"));
}

}   // namespace
}   // namespace ward::lab
