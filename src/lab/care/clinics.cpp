// SPDX-License-Identifier: Apache-2.0
#include "lab/care/clinics.hpp"

#include <algorithm>

namespace ward::lab {

using namespace std::chrono;
using namespace std::chrono_literals;

namespace {

constexpr int booked_ahead_max = 20;   // days

}   // namespace

void Clinics::begin() {
    // What is booked by the last day may be for weeks after it.
    const auto last = floor_.end + days{booked_ahead_max};
    for (auto day = floor<days>(floor_.story.begin()); day < last; day += days{1}) plan_day(day);
}

Visit Clinics::visit_by(StaffId who, EncounterId id) const {
    const auto& encounter = floor_.story.at(id);
    return {.who = who, .where = encounter.department, .patient = encounter.patient, .encounter = id};
}

void Clinics::plan_day(sys_days day) {
    auto& story = floor_.story;
    if (is_weekend(day)) return;
    for (const auto clinic : story.hospital().departments_of(DepartmentKind::clinic))
        for (const auto member : story.hospital().at(clinic).staff) {
            const auto role = story.hospital().at(member).role;
            if ((role == Role::physician || role == Role::resident) && random_->chance(0.8))
                plan_session(clinic, member, day);
        }
    office_work(day);
}

void Clinics::plan_session(DepartmentId clinic, StaffId physician, sys_days day) {
    auto& story = floor_.story;
    std::vector<const Illness*> fitting;
    for (const auto& illness : illnesses())
        if (illness.ward == DepartmentKind::clinic || illness.is_sensitive) fitting.push_back(&illness);
    Moment at = day + 8h + 30min;
    for (; at < day + 16h; at += minutes{random_->between(3, 6) * 5}) {
        if (at < day + 13h && at >= day + 12h) continue;
        const auto& people = story.hospital().town.people;
        const auto* illness = random_->pick(fitting);
        PersonId person{};
        do person = PersonId{static_cast<std::uint32_t>(random_->below(people.size()))};
        while (age_on(people[place(person)], story.hospital().first_day) < illness->age_from);
        const auto known = story.patient_of(person);
        const auto patient = known ? *known : story.add_patient(person);
        const auto id = story.add(Appointment{patient, clinic, physician, illness, at, {}});
        // Booked some days before, at the latest the day before; what was booked before the story is known.
        const auto booked =
            day - hours{24 * random_->between(1, booked_ahead_max)} + between(*random_, 8h, 17h);
        if (booked > story.begin() && !is_weekend(booked))
            story.agenda().at(booked, [this, id] { book(id); });
        story.agenda().at(at - between(*random_, 0min, 12min), [this, id] { come(id); });
    }
}

void Clinics::book(AppointmentId id) {
    auto& story = floor_.story;
    const auto& appointment = story.at(id);
    const auto clerk = story.roster().someone(appointment.clinic, Role::clerk, story.now(), *random_);
    if (!clerk) return;
    floor_.desk.visit({.who = *clerk,
                       .where = appointment.clinic,
                       .patient = appointment.patient,
                       .encounter = {},
                       .purpose = Purpose::operations},
                      {{Screen::schedule, Doing::search}, {Screen::schedule, Doing::change}});
    story.tell(clerk, AppointmentChanged{AppointmentChanged::What::booked, id});
}

void Clinics::come(AppointmentId id) {
    auto& story = floor_.story;
    const auto& appointment = story.at(id);
    const auto clerk = story.roster().someone(appointment.clinic, Role::clerk, story.now(), *random_);
    if (!clerk) return;
    if (random_->chance(0.07)) {
        const bool moved = random_->chance(0.5);
        if (moved) story.at(id).at += days{7};
        story.tell(clerk,
                   AppointmentChanged{
                       moved ? AppointmentChanged::What::moved : AppointmentChanged::What::cancelled, id});
        return;
    }
    Encounter encounter{
        appointment.patient, EncounterClass::outpatient, {}, appointment.illness, appointment.clinic};
    encounter.attending = appointment.with;
    encounter.began = story.now();
    encounter.severity = 0.3 * random_->uniform();
    const auto visit = story.add(std::move(encounter));
    floor_.desk.visit(visit_by(*clerk, visit), {{Screen::schedule}, {Screen::demographics, Doing::change}});
    story.tell(clerk, StayChanged{StayChanged::What::registered, visit, std::nullopt});
    if (const auto nurse = story.roster().someone(appointment.clinic, Role::nurse, story.now(), *random_))
        story.agenda().in(between(*random_, 4min, 12min), [this, visit, by = *nurse] {
            floor_.desk.visit(visit_by(by, visit), {{Screen::summary}, {Screen::notes, Doing::change}});
        });
    story.agenda().in(between(*random_, 12min, 40min),
                      [this, visit, by = appointment.with] { see(visit, by); });
}

void Clinics::see(EncounterId id, StaffId physician) {
    floor_.desk.visit(visit_by(physician, id),
                      {{Screen::summary}, {Screen::results}, {Screen::notes, Doing::change}});
    orders_.usual(id, physician, 0.4, 0.2, 0.5);
    auto& story = floor_.story;
    story.agenda().in(between(*random_, 10min, 30min), [this, id, physician] {
        floor_.story.tell(physician, NoteFiled{NoteFiled::What::progress, id, floor_.story.next_note()});
        leave(id);
    });
}

void Clinics::leave(EncounterId id) {
    auto& story = floor_.story;
    auto& encounter = story.at(id);
    encounter.ended = story.now();
    const auto clerk = story.roster().someone(encounter.department, Role::clerk, story.now(), *random_);
    story.tell(clerk, StayChanged{StayChanged::What::discharged, id, std::nullopt});
}

void Clinics::office_work(sys_days day) {
    auto& story = floor_.story;
    if (story.hospital().departments_of(DepartmentKind::registration).empty()) return;
    const bool is_large = story.hospital().size == Size::large;
    const auto put = [&](int count, void (Clinics::*work)()) {
        for (; count > 0; --count)
            story.agenda().at(day + between(*random_, 8h, 17h), [this, work] { (this->*work)(); });
    };
    put(random_->between(6, 14) * (is_large ? 12 : 1), &Clinics::correct_somebody);
    put(random_->between(0, 2) + (is_large ? 4 : 0), &Clinics::merge_somebody);
    put(random_->between(2, 6) * (is_large ? 10 : 1), &Clinics::release_a_chart);
}

std::optional<EncounterId> Clinics::some_encounter() {
    const auto count = floor_.story.encounters();
    if (count == 0) return std::nullopt;
    return EncounterId{static_cast<std::uint32_t>(random_->below(count))};
}

/// An address, a telephone number, a name spelled otherwise.
void Clinics::correct_somebody() {
    auto& story = floor_.story;
    const auto id = some_encounter();
    const auto office = story.hospital().departments_of(DepartmentKind::registration).front();
    const auto clerk = story.roster().someone(office, Role::clerk, story.now(), *random_);
    if (!id || !clerk) return;
    auto visit = visit_by(*clerk, *id);
    visit.where = office;
    visit.purpose = Purpose::operations;
    floor_.desk.visit(visit, {{Screen::demographics, Doing::search}, {Screen::demographics, Doing::change}});
    story.tell(clerk, PatientChanged{PatientChanged::What::updated, visit.patient, std::nullopt});
}

/// Somebody had been registered twice.
void Clinics::merge_somebody() {
    auto& story = floor_.story;
    const auto id = some_encounter();
    const auto office = story.hospital().departments_of(DepartmentKind::registration).front();
    const auto clerk = story.roster().someone(office, Role::clerk, story.now(), *random_);
    if (!id || !clerk) return;
    const auto right = story.at(*id).patient;
    const auto person = story.at(right).person;
    const auto twin = story.add_second_patient(person);
    story.tell(clerk, PatientChanged{PatientChanged::What::added, twin, std::nullopt});
    story.agenda().in(between(*random_, 10min, 90min), [this, right, twin, by = *clerk, office] {
        floor_.desk.visit(
            {.who = by, .where = office, .patient = twin, .encounter = {}, .purpose = Purpose::operations},
            {{Screen::demographics, Doing::search}, {Screen::demographics, Doing::change}});
        floor_.story.at(twin).merged_into = right;
        floor_.story.tell(by, PatientChanged{PatientChanged::What::merged, right, twin});
    });
}

/// To an insurer, a court, or the patient.
void Clinics::release_a_chart() {
    auto& story = floor_.story;
    const auto id = some_encounter();
    const auto offices = story.hospital().departments_of(DepartmentKind::records);
    const auto coder = story.roster().someone(offices.front(), Role::coder, story.now(), *random_);
    if (!id || !coder) return;
    auto visit = visit_by(*coder, *id);
    visit.where = offices.front();
    visit.purpose = Purpose::operations;
    floor_.desk.visit(visit, {{Screen::demographics, Doing::search},
                              {Screen::notes},
                              {Screen::results},
                              {Screen::notes, random_->chance(0.3) ? Doing::export_chart : Doing::print}});
}

}   // namespace ward::lab
