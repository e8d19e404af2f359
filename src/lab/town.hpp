// SPDX-License-Identifier: Apache-2.0
// Everybody who lives around the hospital: those who work there and those who are treated there are drawn
// from the same households and streets, so that they are related as in any town.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lab/names.hpp"
#include "lab/random.hpp"

namespace ward::lab {

/// Places in the vectors that hold the things. They are types, so that one is not taken for another.
enum class PersonId : std::uint32_t {};
enum class HouseholdId : std::uint32_t {};

template <class Id>
constexpr std::size_t place(Id id) {
    return static_cast<std::size_t>(id);
}

enum class Sex : std::uint8_t { female, male };

struct Person {
    Spelling family;
    Spelling given;
    Sex sex{};
    std::chrono::year_month_day birth{};
    HouseholdId household{};
    std::uint32_t descent = 0;               // relatives have the same one
    bool is_prominent = false;               // whom everybody in town knows
    std::optional<PersonId> parted_from{};   // with whom they lived before
};

/// Numbered along the streets: the next ones are the neighbours.
struct Household {
    std::string_view street;
    int number = 0;
    std::string_view town;
    std::string postcode;
    std::vector<PersonId> members{};
};

struct Town {
    std::vector<Person> people;
    std::vector<Household> households;

    const Person& at(PersonId id) const { return people[place(id)]; }
    const Household& home_of(PersonId id) const { return households[place(at(id).household)]; }
};

/// The day as of which people are made up. A hospital is the same whenever its story is told.
inline constexpr std::chrono::year_month_day census_day{std::chrono::year{2026}, std::chrono::March,
                                                        std::chrono::day{2}};

int age_on(const Person& person, std::chrono::year_month_day day);

/// About so many people, as of `day`.
Town make_town(Random random, std::size_t people, std::chrono::year_month_day day);

enum class Tie { none, self, household, relative, neighbour, parted };

/// What one is to the other, the closest tie that there is. Nothing follows from a name alone.
Tie tie_between(const Town& town, PersonId one, PersonId other);

}   // namespace ward::lab
