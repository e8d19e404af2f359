// SPDX-License-Identifier: Apache-2.0
#include "lab/care/emergency.hpp"

#include <array>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

// How busy each hour of the day is, against the mean.
constexpr std::array<double, 24> busy{0.6, 0.5, 0.4, 0.35, 0.35, 0.4, 0.6, 0.9, 1.2, 1.5, 1.6, 1.6,
                                      1.5, 1.4, 1.4, 1.3,  1.3,  1.4, 1.4, 1.3, 1.2, 1.0, 0.9, 0.75};

double arrivals_a_day(Size size) { return size == Size::large ? 260 : 40; }

}   // namespace

void Emergency::begin() {
    for (const auto department : floor_.story.hospital().departments_of(DepartmentKind::emergency))
        next_arrival(department);
}

void Emergency::next_arrival(DepartmentId department) {
    auto& story = floor_.story;
    const auto rate =
        arrivals_a_day(story.hospital().size) * busy[static_cast<std::size_t>(hour_of(story.now()))];
    const auto wait = seconds_of(random_->exponential(86'400.0 / rate));
    if (story.now() + wait > floor_.end) return;
    story.agenda().in(wait, [this, department] {
        arrive(department);
        next_arrival(department);
    });
}

PersonId Emergency::somebody() {
    const auto& town = floor_.story.hospital().town;
    return PersonId{static_cast<std::uint32_t>(random_->below(town.people.size()))};
}

const Illness* Emergency::illness_of(const Person& person) {
    const auto age = age_on(person, floor_.story.hospital().first_day);
    for (;;) {
        const auto& illness = random_->pick(illnesses());
        const bool is_hers = illness.ward != DepartmentKind::maternity || person.sex == Sex::female;
        const bool fits = illness.ward != DepartmentKind::clinic && age >= illness.age_from && is_hers;
        // What is light comes more often.
        if (fits && (illness.admitted_share < 0.5 || random_->chance(0.25))) return &illness;
    }
}

Visit Emergency::visit_by(StaffId who, EncounterId id) const {
    const auto& encounter = floor_.story.at(id);
    return {.who = who, .where = encounter.department, .patient = encounter.patient, .encounter = id};
}

void Emergency::arrive(DepartmentId department) {
    auto& story = floor_.story;
    const auto person = somebody();
    const auto known = story.patient_of(person);
    const auto clerk = story.roster().someone(department, Role::clerk, story.now(), *random_);
    const auto physician = story.roster().someone(department, Role::physician, story.now(), *random_);
    if (!clerk || !physician) return;
    const auto patient = known ? *known : story.add_patient(person);
    Encounter encounter{
        patient, EncounterClass::emergency, {}, illness_of(story.person_of(patient)), department};
    encounter.attending = *physician;
    encounter.began = story.now();
    encounter.severity = random_->uniform();
    const auto id = story.add(std::move(encounter));
    floor_.desk.visit(visit_by(*clerk, id),
                      {{Screen::demographics, Doing::search}, {Screen::demographics, Doing::change}});
    story.tell(clerk, StayChanged{StayChanged::What::registered, id, std::nullopt});
    story.agenda().in(between(*random_, 3min, 25min), [this, id] { triage(id); });
}

void Emergency::triage(EncounterId id) {
    auto& story = floor_.story;
    if (const auto nurse =
            story.roster().someone(story.at(id).department, Role::nurse, story.now(), *random_)) {
        floor_.desk.visit(visit_by(*nurse, id), {{Screen::summary}, {Screen::notes, Doing::change}});
        VitalsTaken taken{.encounter = id, .monitor = std::nullopt};
        for (std::size_t i = 0; i < taken.values.size(); ++i) {
            const auto& sign = vital_signs()[i];
            taken.values[i] =
                static_cast<int>(random_->normal((sign.low + sign.high) / 2, (sign.high - sign.low) / 5));
        }
        story.tell(nurse, taken);
    }
    story.agenda().in(between(*random_, 5min, 70min), [this, id] { examine(id); });
}

void Emergency::examine(EncounterId id) {
    auto& story = floor_.story;
    const auto& encounter = story.at(id);
    auto who = std::optional{encounter.attending};
    if (!story.roster().is_on_duty(*who, story.now()))
        who = story.roster().someone(encounter.department, Role::physician, story.now(), *random_);
    if (!who) return;
    floor_.desk.visit(
        visit_by(*who, id),
        {{Screen::summary}, {Screen::notes}, {Screen::results}, {Screen::orders, Doing::change}});
    orders_.usual(id, *who, 0.8, 0.75, 0.6);
    if (random_->chance(0.08)) break_glass(id, *who);
    story.agenda().in(between(*random_, 80min, 280min), [this, id] { decide(id); });
}

/// Whose chart is kept from all but their own doctors, and who cannot be asked.
void Emergency::break_glass(EncounterId id, StaffId who) {
    auto visit = visit_by(who, id);
    visit.purpose = Purpose::emergency;
    visit.reason = random_->pick(glass_reasons());
    floor_.desk.view(visit, {Screen::summary, Screen::notes, Screen::medicines, Screen::results});
}

void Emergency::decide(EncounterId id) {
    auto& story = floor_.story;
    auto& encounter = story.at(id);
    const auto& hospital = story.hospital();
    const auto who = story.roster().someone(encounter.department, Role::physician, story.now(), *random_);
    if (who) {
        floor_.desk.visit(visit_by(*who, id),
                          {{Screen::results}, {Screen::images}, {Screen::notes, Doing::change}});
        story.tell(who, NoteFiled{NoteFiled::What::discharge, id, story.next_note()});
    }
    const auto likely = encounter.illness->admitted_share * (0.6 + 0.8 * encounter.severity);
    const auto clerk = story.roster().someone(encounter.department, Role::clerk, story.now(), *random_);
    if (random_->chance(likely)) {
        if (const auto bed = wards_.free_bed(encounter.illness->ward, hospital.at(encounter.department).site))
            return wards_.admit(id, *bed, clerk);
    }
    encounter.ended = story.now();
    story.tell(clerk, StayChanged{StayChanged::What::discharged, id, std::nullopt});
}

}   // namespace ward::lab
