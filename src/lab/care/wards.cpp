// SPDX-License-Identifier: Apache-2.0
#include "lab/care/wards.hpp"

#include <algorithm>
#include <cmath>

namespace ward::lab {

using namespace std::chrono;
using namespace std::chrono_literals;

Wards::Wards(Floor& floor, Orders& orders)
    : floor_(floor),
      orders_(orders),
      random_(floor.story.dice("wards")),
      taken_(floor.story.hospital().beds.size()),
      monitor_of_(floor.story.hospital().beds.size()),
      pumps_of_(floor.story.hospital().beds.size()) {
    const auto& devices = floor.story.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        if (!devices[i].bed) continue;
        const auto bed = place(*devices[i].bed);
        if (devices[i].kind == DeviceKind::monitor) monitor_of_[bed] = DeviceId{i};
        if (devices[i].kind == DeviceKind::pump) pumps_of_[bed].push_back(DeviceId{i});
    }
}

Visit Wards::visit_by(StaffId who, EncounterId id) const {
    const auto& encounter = floor_.story.at(id);
    return {.who = who, .where = encounter.department, .patient = encounter.patient, .encounter = id};
}

/// Each of those on duty has beds of their own for the shift.
std::optional<StaffId> Wards::nurse_of(EncounterId id) {
    auto& story = floor_.story;
    const auto& encounter = story.at(id);
    std::vector<StaffId> nurses;
    for (const auto member : story.roster().on_duty(encounter.department, story.now()))
        if (story.hospital().at(member).role == Role::nurse) nurses.push_back(member);
    if (nurses.empty())
        return story.roster().someone(encounter.department, Role::nurse, story.now(), *random_);
    return nurses[(place(*encounter.bed) + static_cast<std::size_t>(shift_number(story.now()))) %
                  nurses.size()];
}

void Wards::fill() {
    auto& story = floor_.story;
    const auto& hospital = story.hospital();
    for (std::uint32_t i = 0; i < hospital.beds.size(); ++i) {
        if (!random_->chance(0.85)) continue;
        const BedId bed{i};
        const auto& department = hospital.at(hospital.at(bed).department);
        const Illness* illness = nullptr;
        PersonId person{};
        do {
            person = PersonId{static_cast<std::uint32_t>(random_->below(hospital.town.people.size()))};
            illness = illness_for(hospital.town.at(person), department.kind);
        } while (illness == nullptr || story.patient_of(person));
        const auto physician =
            story.roster().someone(hospital.at(bed).department, Role::physician, story.now(), *random_);
        Encounter encounter{story.add_patient(person), EncounterClass::inpatient, {}, illness};
        encounter.department = hospital.at(bed).department;
        encounter.attending = *physician;
        encounter.severity = random_->uniform();
        encounter.began = story.now() - between(*random_, 3h, hours{static_cast<int>(24 * illness->days)});
        const auto id = story.add(std::move(encounter));
        // Within the first hour, the systems tell each other who is here.
        story.agenda().in(between(*random_, 0s, 1h), [this, id, bed] { admit(id, bed, std::nullopt); });
        taken_[i] = true;
    }
}

std::optional<EncounterId> Wards::take_in(PatientId patient, DepartmentId department) {
    auto& story = floor_.story;
    for (const auto bed : story.hospital().at(department).beds) {
        if (taken_[place(bed)]) continue;
        const auto* illness = illness_for(story.person_of(patient), story.hospital().at(department).kind);
        const auto physician = story.roster().someone(department, Role::physician, story.now(), *random_);
        if (illness == nullptr || !physician) return std::nullopt;
        Encounter encounter{patient, EncounterClass::inpatient, {}, illness, department};
        encounter.attending = *physician;
        encounter.began = story.now();
        encounter.severity = random_->uniform();
        taken_[place(bed)] = true;
        const auto id = story.add(std::move(encounter));
        admit(id, bed, story.roster().someone(department, Role::clerk, story.now(), *random_));
        return id;
    }
    return std::nullopt;
}

const Illness* Wards::illness_for(const Person& person, DepartmentKind kind) {
    const auto age = age_on(person, floor_.story.hospital().first_day);
    std::vector<const Illness*> fitting;
    for (const auto& illness : illnesses()) {
        const bool is_hers = kind != DepartmentKind::maternity || person.sex == Sex::female;
        if (illness.ward == kind && age >= illness.age_from && is_hers) fitting.push_back(&illness);
    }
    return fitting.empty() ? nullptr : random_->pick(fitting);
}

std::optional<BedId> Wards::free_bed(DepartmentKind kind, int site) {
    const auto& hospital = floor_.story.hospital();
    std::vector<BedId> free, other;
    for (std::uint32_t i = 0; i < hospital.beds.size(); ++i) {
        const auto& department = hospital.at(hospital.beds[i].department);
        if (taken_[i] || department.site != site) continue;
        if (department.kind == kind) free.push_back(BedId{i});
        const bool can_do =
            department.kind == DepartmentKind::medical || department.kind == DepartmentKind::surgical;
        if (can_do) other.push_back(BedId{i});
    }
    const auto& from = free.empty() && kind != DepartmentKind::maternity ? other : free;
    if (from.empty()) return std::nullopt;
    const auto bed = random_->pick(from);
    taken_[place(bed)] = true;
    return bed;
}

void Wards::admit(EncounterId id, BedId bed, std::optional<StaffId> by) {
    auto& story = floor_.story;
    auto& encounter = story.at(id);
    encounter.kind = EncounterClass::inpatient;
    encounter.bed = bed;
    encounter.department = story.hospital().at(bed).department;
    if (const auto physician =
            story.roster().someone(encounter.department, Role::physician, story.now(), *random_))
        encounter.attending = *physician;
    story.tell(by, StayChanged{StayChanged::What::admitted, id, std::nullopt});
    const auto whole = random_->around(encounter.illness->days * 24, 1.5);
    const auto gone = duration_cast<hours>(story.now() - encounter.began).count();
    const auto left = std::max(6.0, whole - static_cast<double>(gone));
    stay(id, microseconds{static_cast<std::int64_t>(left * 3.6e9)});
}

void Wards::stay(EncounterId id, microseconds left) {
    auto& story = floor_.story;
    auto& agenda = story.agenda();
    if (const auto nurse = nurse_of(id)) {
        floor_.desk.view(visit_by(*nurse, id), {Screen::summary, Screen::notes, Screen::orders});
        const auto note = NoteFiled{NoteFiled::What::admission, id, story.next_note()};
        agenda.in(between(*random_, 20min, 70min),
                  [this, by = *nurse, note] { floor_.story.tell(by, note); });
    }
    agenda.in(between(*random_, 5min, 40min), [this, id] { nurse(id); });
    if (story.hospital().at(*story.at(id).bed).is_monitored)
        agenda.in(between(*random_, 0s, 60s), [this, id] { watch(id); });
    next_shift(id);
    agenda.in(between(*random_, 30min, 3h), [this, id] { round(id); });
    morning(id);
    // People go home around noon.
    auto goes = story.now() + left;
    goes = floor<days>(goes) + between(*random_, 10h, 16h);
    while (goes < story.now() + 2h) goes += 24h;
    agenda.at(goes, [this, id] { discharge(id); });
    if (story.hospital().at(story.at(id).department).kind == DepartmentKind::intensive)
        agenda.in(between(*random_, 20h, 70h), [this, id] { move_out_of_intensive(id); });
}

void Wards::next_shift(EncounterId id) {
    auto& story = floor_.story;
    const auto begins = end_of_shift(story.now());
    if (begins > floor_.end) return;
    story.agenda().at(begins + between(*random_, 2min, 50min), [this, id] {
        if (!is_here(id)) return;
        // The handover: who comes reads what was.
        if (const auto nurse = nurse_of(id))
            floor_.desk.view(visit_by(*nurse, id),
                             {Screen::summary, Screen::notes, Screen::orders, Screen::medicines});
        for (int i = 0; i < 9; ++i)
            floor_.story.agenda().in(between(*random_, 10min, 450min), [this, id] { nurse(id); });
        next_shift(id);
    });
}

/// At the bedside: what is measured, and what is given.
void Wards::nurse(EncounterId id) {
    if (!is_here(id)) return;
    auto& story = floor_.story;
    const auto who = nurse_of(id);
    if (!who) return;
    floor_.desk.visit(visit_by(*who, id), {{Screen::summary},
                                           {Screen::medicines},
                                           {Screen::medicines, Doing::change},
                                           {Screen::notes, Doing::change}});
    measure(id, who, std::nullopt);
    // A new bag, now and then.
    const auto& pumps = pumps_of_[place(*story.at(id).bed)];
    const auto& given = story.at(id).illness->medicines;
    if (!pumps.empty() && !given.empty() && random_->chance(0.2))
        infuse(id, random_->pick(pumps), random_->pick(given), 10.0 * random_->between(2, 12), 0);
    if (random_->chance(0.15)) story.tell(who, NoteFiled{NoteFiled::What::progress, id, story.next_note()});
    // A trainee looks over somebody's shoulder, at the same patient.
    if (const auto student =
            story.roster().someone(story.at(id).department, Role::student_nurse, story.now(), *random_);
        student && random_->chance(0.15))
        floor_.desk.view(visit_by(*student, id), {Screen::summary, Screen::results});
}

void Wards::morning(EncounterId id) {
    auto& story = floor_.story;
    auto next = floor<days>(story.now()) + between(*random_, 5h + 30min, 7h);
    if (next <= story.now()) next += 24h;
    if (next > floor_.end) return;
    story.agenda().at(next, [this, id] {
        if (!is_here(id)) return;
        const auto by = floor_.story.at(id).attending;
        orders_.usual(id, by, 0.5, 0.06, 0.1);
        floor_.story.agenda().in(between(*random_, 2h, 8h), [this, id] { review(id); });
        floor_.story.agenda().in(between(*random_, 2h, 5h), [this, id] { round(id); });
        floor_.story.agenda().in(between(*random_, 7h, 11h), [this, id] { round(id); });
        morning(id);
    });
}

/// Once a day, by a pharmacist; and by those who plan how somebody gets home.
void Wards::review(EncounterId id) {
    if (!is_here(id)) return;
    auto& story = floor_.story;
    const auto look_through = [&](DepartmentKind kind, Role role, std::initializer_list<Screen> screens) {
        const auto offices = story.hospital().departments_of(kind);
        if (offices.empty()) return;
        const auto who = story.roster().someone(offices.front(), role, story.now(), *random_);
        if (!who) return;
        auto visit = visit_by(*who, id);
        visit.where = offices.front();
        floor_.desk.view(visit, screens);
    };
    using enum Screen;
    look_through(DepartmentKind::pharmacy, Role::pharmacist, {summary, medicines, results, notes});
    if (random_->chance(0.5))
        look_through(DepartmentKind::management, Role::manager, {summary, notes, schedule});
}

void Wards::round(EncounterId id) {
    if (!is_here(id)) return;
    auto& story = floor_.story;
    const auto& encounter = story.at(id);
    auto who = std::optional{encounter.attending};
    if (!story.roster().is_on_duty(*who, story.now()))
        who = story.roster().someone(encounter.department, Role::physician, story.now(), *random_);
    if (!who) return;
    floor_.desk.visit(visit_by(*who, id), {{Screen::summary},
                                           {Screen::results},
                                           {Screen::notes},
                                           {Screen::medicines},
                                           {Screen::notes, Doing::change}});
    story.tell(who, NoteFiled{NoteFiled::What::progress, id, story.next_note()});
    if (const auto resident =
            story.roster().someone(encounter.department, Role::resident, story.now(), *random_);
        resident && random_->chance(0.6))
        floor_.desk.view(visit_by(*resident, id),
                         {Screen::summary, Screen::results, Screen::images, Screen::notes});
    if (random_->chance(0.25)) orders_.usual(id, *who, 0.3, 0.1, 0.3);
    // A consultant of another department is asked.
    if (!random_->chance(0.12)) return;
    const auto other = random_->pick(story.hospital().departments_of(DepartmentKind::clinic));
    if (const auto consultant = story.roster().someone(other, Role::physician, story.now(), *random_)) {
        auto visit = visit_by(*consultant, id);
        visit.where = other;
        floor_.desk.view(visit, {Screen::summary, Screen::results, Screen::notes, Screen::images});
    }
}

/// What a monitor tells, twice a minute.
void Wards::watch(EncounterId id) {
    if (!is_here(id)) return;
    const auto& encounter = floor_.story.at(id);
    const auto monitor = monitor_of_[place(*encounter.bed)];
    if (!monitor) return;
    measure(id, std::nullopt, monitor);
    if (floor_.story.now() < floor_.end) floor_.story.agenda().in(30s, [this, id] { watch(id); });
}

/// What a pump tells every two minutes.
void Wards::infuse(EncounterId id, DeviceId pump, int medicine, double rate, double infused) {
    auto& story = floor_.story;
    if (!is_here(id) || story.at(id).bed != story.network().at(pump).bed) return;
    story.tell(std::nullopt, InfusionTold{id, pump, medicine, rate, std::round(infused * 10) / 10});
    if (infused >= 250 || story.now() > floor_.end) return;   // the bag is empty
    story.agenda().in(2min, [this, id, pump, medicine, rate, infused] {
        infuse(id, pump, medicine, rate, infused + rate / 30);
    });
}

void Wards::measure(EncounterId id, std::optional<StaffId> by, std::optional<DeviceId> monitor) {
    const auto severity = floor_.story.at(id).severity;
    VitalsTaken taken{.encounter = id, .monitor = monitor};
    for (std::size_t i = 0; i < taken.values.size(); ++i) {
        const auto& sign = vital_signs()[i];
        const auto half = (sign.high - sign.low) / 2;
        const auto scale = std::pow(10, sign.decimals);
        const auto value = random_->normal(sign.low + half, half * (0.4 + 0.6 * severity));
        const auto most = sign.unit == "%" ? 100.0 : sign.high * 2;
        taken.values[i] = std::round(std::clamp(value, sign.low * 0.5, most) * scale) / scale;
    }
    floor_.story.tell(by, taken);
}

void Wards::move_out_of_intensive(EncounterId id) {
    if (!is_here(id)) return;
    auto& story = floor_.story;
    auto& encounter = story.at(id);
    const auto bed = free_bed(DepartmentKind::medical, story.hospital().at(encounter.department).site);
    if (!bed) {
        story.agenda().in(4h, [this, id] { move_out_of_intensive(id); });
        return;
    }
    const auto from = *encounter.bed;
    const auto by = nurse_of(id);
    taken_[place(from)] = false;
    encounter.bed = *bed;
    encounter.department = story.hospital().at(*bed).department;
    story.tell(by, StayChanged{StayChanged::What::transferred, id, from});
    if (const auto nurse = nurse_of(id))
        floor_.desk.view(visit_by(*nurse, id),
                         {Screen::summary, Screen::notes, Screen::orders, Screen::medicines});
}

void Wards::discharge(EncounterId id) {
    if (!is_here(id)) return;
    auto& story = floor_.story;
    auto& encounter = story.at(id);
    const auto who = story.roster().someone(encounter.department, Role::physician, story.now(), *random_);
    if (who) {
        floor_.desk.visit(visit_by(*who, id), {{Screen::summary},
                                               {Screen::results},
                                               {Screen::medicines, Doing::change},
                                               {Screen::notes, Doing::change}});
        story.tell(who, NoteFiled{NoteFiled::What::discharge, id, story.next_note()});
    }
    const auto clerk = story.roster().someone(encounter.department, Role::clerk, story.now(), *random_);
    encounter.ended = story.now();
    taken_[place(*encounter.bed)] = false;
    story.tell(clerk ? clerk : who, StayChanged{StayChanged::What::discharged, id, std::nullopt});
    // Coders work on it when the papers are complete, in their office hours.
    auto later = floor<days>(story.now()) + hours{24 * random_->between(1, 4)} + between(*random_, 8h, 16h);
    while (is_weekend(later)) later += 24h;
    if (later < floor_.end) story.agenda().at(later, [this, id] { code(id); });
}

void Wards::code(EncounterId id) {
    auto& story = floor_.story;
    const auto offices = story.hospital().departments_of(DepartmentKind::records);
    if (offices.empty()) return;
    const auto coder = story.roster().someone(offices.front(), Role::coder, story.now(), *random_);
    if (!coder) return;
    auto visit = visit_by(*coder, id);
    visit.where = offices.front();
    visit.purpose = Purpose::payment;
    floor_.desk.visit(
        visit, {{Screen::summary}, {Screen::notes}, {Screen::results}, {Screen::billing, Doing::change}});
}

}   // namespace ward::lab
