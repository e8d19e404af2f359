// SPDX-License-Identifier: Apache-2.0
#include "lab/hospital.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <set>

#include "lab/network.hpp"
#include "lab/roster.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr year_month_day monday{2026y / 3 / 2};
constexpr Moment midnight{sys_days{monday}};

TEST(Hospital, HasTheBedsThatItsSizeSays) {
    const Random random{7};
    EXPECT_EQ(make_hospital(Size::clinic, random, monday).staff.size(), 5U);
    EXPECT_EQ(make_hospital(Size::small, random, monday).beds.size(), 25U);
    const auto large = make_hospital(Size::large, random, monday);
    EXPECT_NEAR(static_cast<double>(large.beds.size()), 500, 25);
    EXPECT_EQ(make_hospital(Size::group, random, monday).beds.size(), 75U);
}

TEST(Hospital, EverybodyWhoWorksThereLivesInTown) {
    const auto hospital = make_hospital(Size::small, Random{7}, monday);
    std::set<PersonId> people;
    std::set<std::string> logins;
    for (const auto& member : hospital.staff) {
        EXPECT_TRUE(people.insert(member.person).second);
        EXPECT_TRUE(logins.insert(member.login).second);
        EXPECT_GE(age_on(hospital.town.at(member.person), monday), 22);
    }
}

TEST(Network, EachDeviceHasAnAddressOfItsOwn) {
    const auto hospital = make_hospital(Size::large, Random{7}, monday);
    const auto network = make_network(hospital, Random{7});
    std::set<Address> addresses;
    std::set<Mac> macs;
    std::set<std::string> names;
    for (const auto& device : network.devices) {
        EXPECT_TRUE(addresses.insert(device.address).second) << to_text(device.address);
        EXPECT_TRUE(macs.insert(device.mac).second) << to_text(device.mac);
        EXPECT_TRUE(names.insert(device.name).second) << device.name;
        EXPECT_EQ(device.address >> 24, 10U);
    }
    EXPECT_GT(network.devices.size(), 1'500U);
    for (std::uint32_t i = 0; i < hospital.departments.size(); ++i)
        EXPECT_GE(network.workstations_of(DepartmentId{i}).size(), 2U);
}

TEST(Network, HasAsManyDevicesAsAHospitalOfFiveHundredBeds) {
    const auto hospital = make_hospital(Size::large, Random{7}, monday);
    const auto network = make_network(hospital, Random{7});
    const auto all = network.devices.size() + network.equipment.size();
    EXPECT_GE(all, 10'000U);
    EXPECT_LE(all, 20'000U);
    std::set<Address> addresses;
    std::set<Mac> macs;
    std::set<std::string> names;
    for (const auto* part : {&network.devices, &network.equipment})
        for (const auto& device : *part) {
            EXPECT_TRUE(addresses.insert(device.address).second) << to_text(device.address);
            EXPECT_TRUE(macs.insert(device.mac).second) << to_text(device.mac);
            EXPECT_TRUE(names.insert(device.name).second) << device.name;
        }
}

TEST(Network, FindsEquipmentByAddressAndByKind) {
    const auto network = make_network(make_hospital(Size::small, Random{7}, monday), Random{7});
    EXPECT_GT(network.equipment.size(), 300U);
    for (const auto id : network.of(DeviceKind::camera, 0)) {
        EXPECT_EQ(network.at(id).kind, DeviceKind::camera);
        EXPECT_EQ(network.at_address(network.at(id).address), id);
    }
    EXPECT_EQ(network.at(network.one_of(DeviceKind::print_server, 0)).vlan, Vlan::servers);
}

TEST(Roster, SomebodyIsThereInEveryShift) {
    const auto hospital = make_hospital(Size::large, Random{7}, monday);
    Roster roster{hospital};
    std::map<DepartmentKind, int> gaps;
    for (auto at = midnight; at < midnight + 28 * 24h; at += 8h)
        for (std::uint32_t i = 0; i < hospital.departments.size(); ++i) {
            const auto kind = hospital.departments[i].kind;
            const auto& there = roster.on_duty(DepartmentId{i}, at);
            const auto is_nurse = [&](StaffId one) { return hospital.at(one).role == Role::nurse; };
            if (!hospital.departments[i].beds.empty() && std::ranges::none_of(there, is_nurse)) ++gaps[kind];
        }
    EXPECT_TRUE(gaps.empty());
}

TEST(Roster, OfficesAreEmptyAtNightAndOnSundays) {
    const auto hospital = make_hospital(Size::small, Random{7}, monday);
    Roster roster{hospital};
    const auto office = hospital.departments_of(DepartmentKind::records).front();
    EXPECT_TRUE(roster.on_duty(office, midnight + 3h).empty());
    EXPECT_FALSE(roster.on_duty(office, midnight + 10h).empty());
    EXPECT_TRUE(roster.on_duty(office, midnight + 6 * 24h + 10h).empty());
}

TEST(Roster, ThePoolGoesWhereNursesAreMissing) {
    const auto hospital = make_hospital(Size::large, Random{7}, monday);
    Roster roster{hospital};
    int elsewhere = 0;
    for (auto at = midnight; at < midnight + 7 * 24h; at += 8h)
        for (std::uint32_t i = 0; i < hospital.departments.size(); ++i)
            for (const auto member : roster.on_duty(DepartmentId{i}, at))
                if (hospital.at(member).home != DepartmentId{i}) {
                    EXPECT_EQ(hospital.at(member).employment, Employment::float_pool);
                    ++elsewhere;
                }
    EXPECT_GT(elsewhere, 20);
}

TEST(Shifts, BeginAtSevenThreeAndEleven) {
    EXPECT_EQ(shift_at(midnight + 7h), Shift::day);
    EXPECT_EQ(shift_at(midnight + 14h + 59min), Shift::day);
    EXPECT_EQ(shift_at(midnight + 15h), Shift::evening);
    EXPECT_EQ(shift_at(midnight + 23h), Shift::night);
    EXPECT_EQ(shift_at(midnight + 3h), Shift::night);
    EXPECT_EQ(end_of_shift(midnight + 3h), midnight + 7h);
    EXPECT_EQ(end_of_shift(midnight + 23h), midnight + 31h);
}

}   // namespace
}   // namespace ward::lab
