// SPDX-License-Identifier: Apache-2.0
// A day in the hospital, as a witness sees it.
#include "lab/care/care.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr year_month_day monday{2026y / 3 / 2};

class Notes final : public Witness {
public:
    void see(const Act& act, const Story& story) override {
        EXPECT_GE(act.at, last_);
        last_ = act.at;
        EXPECT_EQ(act.number, acts_.size() + 1);
        acts_.push_back(act);
        if (const auto* opened = std::get_if<ChartOpened>(&act.what)) {
            ++opened_[act.by.value()];
            EXPECT_TRUE(story.network().at(opened->workstation).department);
        }
    }
    template <class What>
    std::vector<What> all() const {
        std::vector<What> found;
        for (const auto& act : acts_)
            if (const auto* what = std::get_if<What>(&act.what)) found.push_back(*what);
        return found;
    }

    std::vector<Act> acts_;
    std::map<StaffId, int> opened_;

private:
    Moment last_{};
};

struct Days {
    explicit Days(Size size, int count = 1, std::uint64_t seed = 7) : story(size, seed, monday) {
        story.add_witness(notes);
        const auto end = story.begin() + hours{24 * count};
        Care care{story, end};
        care.begin();
        story.agenda().run_until(end);
    }
    Story story;
    Notes notes;
};

TEST(Care, PatientsAreRegisteredBeforeAnythingIsDoneForThem) {
    Days days{Size::small};
    std::set<EncounterId> known;
    for (const auto& act : days.notes.acts_) {
        if (const auto* stay = std::get_if<StayChanged>(&act.what)) known.insert(stay->encounter);
        const auto* order = std::get_if<OrderPlaced>(&act.what);
        const auto* vitals = std::get_if<VitalsTaken>(&act.what);
        EXPECT_TRUE(order == nullptr || known.contains(days.story.at(order->order).encounter));
        EXPECT_TRUE(vitals == nullptr || known.contains(vitals->encounter));
    }
}

TEST(Care, WhatIsOrderedIsDoneAndLookedAt) {
    Days days{Size::small};
    const auto placed = days.notes.all<OrderPlaced>();
    const auto filed = days.notes.all<ResultFiled>();
    EXPECT_GT(placed.size(), 200U);
    std::set<OrderId> orders;
    for (const auto& order : placed) EXPECT_TRUE(orders.insert(order.order).second);
    for (const auto& result : filed) EXPECT_TRUE(orders.contains(result.order));
    EXPECT_GT(filed.size(), placed.size() / 3);
}

TEST(Care, NobodyLiesInABedWithAnother) {
    Days days{Size::small, 3};
    std::map<BedId, EncounterId> beds;
    for (std::uint32_t i = 0; i < days.story.encounters(); ++i) {
        const auto& encounter = days.story.at(EncounterId{i});
        if (!encounter.bed || encounter.ended) continue;
        EXPECT_TRUE(beds.try_emplace(*encounter.bed, EncounterId{i}).second);
    }
    EXPECT_GT(beds.size(), 12U);
}

TEST(Care, AnOrdinaryDayHasSoMuchOfEach) {
    Days days{Size::small};
    const auto& notes = days.notes;
    const auto opened = notes.all<ChartOpened>().size();
    EXPECT_GT(opened, 3'000U);
    EXPECT_LT(opened, 20'000U);
    const auto stays = notes.all<StayChanged>();
    EXPECT_GT(std::ranges::count(stays, StayChanged::What::registered, &StayChanged::what), 60);
    EXPECT_GT(notes.all<VitalsTaken>().size(), 5'000U) << "monitors tell each minute";
    EXPECT_GT(notes.opened_.size(), 60U) << "many people work here";
}

TEST(Care, TheSameSeedTellsTheSameStory) {
    const Days one{Size::small}, same{Size::small}, other{Size::small, 1, 8};
    ASSERT_EQ(one.notes.acts_.size(), same.notes.acts_.size());
    for (std::size_t i = 0; i < one.notes.acts_.size(); ++i) {
        EXPECT_EQ(one.notes.acts_[i].at, same.notes.acts_[i].at);
        EXPECT_EQ(one.notes.acts_[i].what.index(), same.notes.acts_[i].what.index());
    }
    EXPECT_NE(one.notes.acts_.size(), other.notes.acts_.size());
}

TEST(Care, AnotherDayIsInTheSameHospital) {
    Story one{Size::small, 7, monday}, other{Size::small, 7, year_month_day{2026y / 9 / 12}};
    ASSERT_EQ(one.hospital().staff.size(), other.hospital().staff.size());
    for (std::uint32_t i = 0; i < one.hospital().staff.size(); ++i)
        EXPECT_EQ(one.hospital().staff[i].login, other.hospital().staff[i].login);
    for (std::uint32_t i = 0; i < one.hospital().town.people.size(); ++i) {
        const auto patient = one.patient_of(PersonId{i}), same = other.patient_of(PersonId{i});
        ASSERT_EQ(patient.has_value(), same.has_value());
        EXPECT_EQ(one.hospital().town.people[i].birth, other.hospital().town.people[i].birth);
        EXPECT_TRUE(!patient || one.at(*patient).mrn == other.at(*same).mrn);
    }
    const auto add = [](Story& story) { return story.at(story.add(Encounter{})).number; };
    EXPECT_NE(add(one), add(other));
}

TEST(Care, APracticeIsSmallAndClosedAtNight) {
    Days days{Size::clinic};
    EXPECT_GT(days.notes.acts_.size(), 50U);
    for (const auto& act : days.notes.acts_)
        if (std::holds_alternative<StayChanged>(act.what)) {
            EXPECT_GE(hour_of(act.at), 8);
            EXPECT_LE(hour_of(act.at), 18);
        }
}

}   // namespace
}   // namespace ward::lab
