// SPDX-License-Identifier: Apache-2.0
#include "lab/town.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace ward::lab {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::year_month_day today{2026y / 3 / 2};

Town town_of(std::size_t people) { return make_town(Random{7}, people, today); }

TEST(Town, PeopleLiveInHouseholdsAndAreOfAllAges) {
    const auto town = town_of(4'000);
    EXPECT_GE(town.people.size(), 4'000U);
    int children = 0, old = 0;
    for (const auto& person : town.people) {
        const auto age = age_on(person, today);
        EXPECT_GE(age, 0);
        EXPECT_LT(age, 101);
        children += age < 18 ? 1 : 0;
        old += age >= 65 ? 1 : 0;
    }
    EXPECT_GT(children, 400);
    EXPECT_GT(old, 400);
    for (std::size_t i = 0; i < town.households.size(); ++i)
        for (const auto member : town.households[i].members) EXPECT_EQ(place(town.at(member).household), i);
}

TEST(Town, NamesAreInSeveralScriptsAndManyShareOne) {
    const auto town = town_of(4'000);
    std::map<std::string_view, int> families;
    int arabic = 0;
    for (const auto& person : town.people) {
        ++families[person.family.latin];
        arabic += person.family.native.empty() ? 0 : 1;
    }
    EXPECT_GT(arabic, 200);
    EXPECT_GT(families.size(), 150U);
    EXPECT_GT(std::ranges::max_element(families, {}, [](const auto& one) { return one.second; })->second, 20);
}

TEST(Town, HasEachKindOfTie) {
    const auto town = town_of(2'000);
    std::map<Tie, int> ties;
    for (std::uint32_t one = 0; one < 400; ++one)
        for (std::uint32_t other = 0; other < 400; ++other) {
            const auto tie = tie_between(town, PersonId{one}, PersonId{other});
            EXPECT_EQ(tie, tie_between(town, PersonId{other}, PersonId{one}));
            ++ties[tie];
        }
    EXPECT_EQ(ties[Tie::self], 400);
    for (const auto tie : {Tie::household, Tie::relative, Tie::neighbour, Tie::parted, Tie::none})
        EXPECT_GT(ties[tie], 0) << static_cast<int>(tie);
}

TEST(Town, IsTheSameForTheSameSeed) {
    const auto one = town_of(500), other = town_of(500);
    ASSERT_EQ(one.people.size(), other.people.size());
    for (std::size_t i = 0; i < one.people.size(); ++i) {
        EXPECT_EQ(one.people[i].given.latin, other.people[i].given.latin);
        EXPECT_EQ(one.people[i].birth, other.people[i].birth);
    }
}

}   // namespace
}   // namespace ward::lab
