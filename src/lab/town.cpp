// SPDX-License-Identifier: Apache-2.0
#include "lab/town.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;

/// A family in the wider sense: households of one descent and name.
struct Descent {
    std::uint32_t number = 0;
    Spelling family{};
    bool is_arabic = false;
};

class Settling {
public:
    Settling(Random random, std::size_t people, year_month_day day)
        : random_(random), wanted_(people), today_(day) {}

    Town settle() {
        while (town_.people.size() < wanted_) add_household();
        part_some();
        make_some_prominent();
        return std::move(town_);
    }

private:
    year_month_day born(int age) {
        const auto days = age * 365 + age / 4 + random_.between(1, 364);
        return year_month_day{sys_days{today_} - std::chrono::days{days}};
    }

    /// Every third household is of a family that lives here already.
    Descent descent() {
        if (!descents_.empty() && random_.chance(0.35)) return random_.pick(descents_);
        Descent made{static_cast<std::uint32_t>(descents_.size())};
        made.is_arabic = random_.chance(0.15);
        made.family = random_.pick(made.is_arabic ? arabic_families() : latin_families());
        descents_.push_back(made);
        return made;
    }

    PersonId add_person(const Descent& descent, Sex sex, int age) {
        Person person;
        person.family = descent.family;
        const auto women = descent.is_arabic ? arabic_women() : latin_women();
        const auto men = descent.is_arabic ? arabic_men() : latin_men();
        person.given = random_.pick(sex == Sex::female ? women : men);
        person.sex = sex;
        person.birth = born(age);
        person.descent = descent.number;
        person.household = HouseholdId{static_cast<std::uint32_t>(town_.households.size() - 1)};
        const PersonId id{static_cast<std::uint32_t>(town_.people.size())};
        town_.people.push_back(person);
        town_.households.back().members.push_back(id);
        return id;
    }

    void open_house() {
        if (number_ > 60 || town_.households.empty()) {
            street_ = town_.households.empty() ? 0 : street_ + 1;
            number_ = 0;
        }
        number_ += random_.between(1, 2);
        const auto town = street_ / streets().size() % towns().size();
        Household home;
        home.street = streets()[street_ % streets().size()];
        home.number = number_;
        home.town = towns()[town];
        home.postcode = fmt::format("{:05}", 40'000 + town * 100 + street_ % streets().size());
        town_.households.push_back(std::move(home));
    }

    void add_household() {
        open_house();
        const auto family = descent();
        constexpr std::array<double, 4> kinds{0.33, 0.27, 0.25,
                                              0.15};   // alone, a couple, with children, old
        const auto sex = random_.chance(0.5) ? Sex::female : Sex::male;
        switch (random_.weighted(kinds)) {
            case 0: add_person(family, sex, random_.between(19, 90)); return;
            case 1: add_couple(family, random_.between(22, 68)); return;
            case 2: {
                const auto age = random_.between(24, 50);
                add_couple(family, age);
                for (int child = random_.between(1, 4); child > 0; --child)
                    add_person(family, random_.chance(0.5) ? Sex::female : Sex::male,
                               random_.between(0, std::min(17, age - 20)));
                return;
            }
            default: add_couple(family, random_.between(66, 92)); return;
        }
    }

    void add_couple(const Descent& family, int age) {
        add_person(family, Sex::female, std::clamp(age + random_.between(-4, 3), 18, 99));
        // Some keep the name they had.
        const auto other = random_.chance(0.25) ? descent() : family;
        add_person(other, Sex::male, std::clamp(age + random_.between(-3, 5), 18, 99));
    }

    void part_some() {
        std::vector<PersonId> alone;
        for (const auto& home : town_.households)
            if (home.members.size() == 1 && age_on(town_.at(home.members.front()), today_) < 70)
                alone.push_back(home.members.front());
        for (std::size_t i = 0; i + 1 < alone.size(); i += 4) {
            town_.people[place(alone[i])].parted_from = alone[i + 1];
            town_.people[place(alone[i + 1])].parted_from = alone[i];
        }
    }

    void make_some_prominent() {
        const auto count = std::max<std::size_t>(2, town_.people.size() / 2'000);
        for (std::size_t i = 0; i < count; ++i)
            town_.people[random_.below(town_.people.size())].is_prominent = true;
    }

    Random random_;
    std::size_t wanted_;
    year_month_day today_;
    Town town_;
    std::vector<Descent> descents_;
    std::size_t street_ = 0;
    int number_ = 0;
};

}   // namespace

int age_on(const Person& person, year_month_day day) {
    const auto had_birthday =
        std::pair{day.month(), day.day()} >= std::pair{person.birth.month(), person.birth.day()};
    return static_cast<int>(day.year()) - static_cast<int>(person.birth.year()) - (had_birthday ? 0 : 1);
}

Town make_town(Random random, std::size_t people, year_month_day day) {
    return Settling{random, people, day}.settle();
}

Tie tie_between(const Town& town, PersonId one, PersonId other) {
    if (one == other) return Tie::self;
    const auto& a = town.at(one);
    const auto& b = town.at(other);
    if (a.household == b.household) return Tie::household;
    if (a.parted_from == other) return Tie::parted;
    if (a.descent == b.descent) return Tie::relative;
    const auto far = place(a.household) > place(b.household) ? place(a.household) - place(b.household)
                                                             : place(b.household) - place(a.household);
    if (far <= 2 && town.home_of(one).street == town.home_of(other).street) return Tie::neighbour;
    return Tie::none;
}

}   // namespace ward::lab
