// SPDX-License-Identifier: Apache-2.0
#include "lab/mail/correspondence.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using enum DepartmentKind;

/// Letters a day on duty that somebody begins of their own.
double letters_of(Role role) {
    switch (role) {
        case Role::manager: return 6;
        case Role::clerk: return 3;
        case Role::it_administrator:
        case Role::biomedical_engineer: return 4;
        case Role::physician:
        case Role::pharmacist:
        case Role::coder: return 2;
        case Role::vendor_technician: return 0;
        default: return 0.7;
    }
}

int some(Random& random, double mean) {
    const auto least = static_cast<int>(mean);
    int count = random.chance(mean - least) ? least + 1 : least;
    for (int left = count; left > 0; --left)   // spread about the mean
        count += random.chance(0.25) ? 1 : random.chance(0.33) ? -1 : 0;
    return std::max(count, 0);
}

}   // namespace

void Correspondence::begin() {
    story_.add_witness(*this);
    for (auto day = floor<days>(story_.begin()); day < end_; day += days{1})
        story_.agenda().at(day, [this, day] { plan_day(day); });
}

void Correspondence::put(sys_days day, void (Correspondence::*write)(), double mean, int from, int until) {
    for (int left = some(*random_, mean); left > 0; --left)
        story_.agenda().at(day + between(*random_, hours{from}, hours{until}),
                           [this, write] { (this->*write)(); });
}

void Correspondence::plan_day(sys_days day) {
    const auto& staff = story_.hospital().staff;
    for (std::uint32_t i = 0; i < staff.size(); ++i)
        for (int left = some(*random_, letters_of(staff[i].role)); left > 0; --left) {
            const Moment at = day + between(*random_, 0h, 24h - 1us);
            // Drawn once: who is not at work then does not write.
            if (!story_.roster().is_on_duty(StaffId{i}, at) && !random_->chance(0.02)) continue;
            const bool outside = letters_of(staff[i].role) > 1.5 && random_->chance(0.3);
            story_.agenda().at(at, [this, who = StaffId{i}, outside] {
                outside ? write_to_firm(who) : write_to_colleagues(who);
            });
        }
    plan_outside(day);
}

void Correspondence::plan_outside(sys_days day) {
    const auto people = static_cast<double>(story_.hospital().staff.size());
    const double share = is_weekend(day) ? 0.2 : 1;
    put(day, &Correspondence::write_from_firm, share * people * 0.28, 6, 20);
    put(day, &Correspondence::write_from_firm, people * 0.04, 0, 24);
    put(day, &Correspondence::write_from_practice, share * people * 0.12, 7, 19);
    put(day, &Correspondence::write_newsletter, 2 + people / 120, 0, 24);
    put(day, &Correspondence::write_notice, share * (1 + people / 60), 7, 18);
    put(day, &Correspondence::write_password_notice, people * 0.06, 5, 10);
    put(day, &Correspondence::write_about_code, share * people * 0.012, 7, 19);
    put(day, &Correspondence::write_about_thing, 0.3 + people * 0.008, 0, 24);
    put(day, &Correspondence::write_from_patient, people * 0.15, 5, 24);
}

StaffId Correspondence::somebody() {
    return StaffId{static_cast<std::uint32_t>(random_->below(story_.hospital().staff.size()))};
}

StaffId Correspondence::somebody_in(std::initializer_list<DepartmentKind> kinds) {
    for (int tries = 0; tries < 8; ++tries) {
        const auto kind = *(kinds.begin() + random_->below(kinds.size()));
        const auto all = story_.hospital().departments_of(kind);
        if (!all.empty()) return random_->pick(story_.hospital().at(random_->pick(all)).staff);
    }
    return somebody();
}

const Firm& Correspondence::firm_of(std::initializer_list<Trade> trades) {
    while (true) {
        const auto& firm = random_->pick(post_.firms());
        if (std::ranges::find(trades, firm.trade) != trades.end()) return firm;
    }
}

std::vector<Party> Correspondence::colleagues_of(StaffId who) {
    const auto& mates = story_.hospital().at(story_.hospital().at(who).home).staff;
    const auto count = random_->chance(0.6) ? 1 : random_->between(2, 6);
    std::vector<Party> readers;
    for (int i = 0; i < count; ++i) {
        const auto mate = random_->chance(0.8) ? random_->pick(mates) : somebody();
        const auto has = std::ranges::any_of(readers, [&](const Party& one) { return one.staff == mate; });
        if (mate != who && !has) readers.push_back(post_.composer().of_staff(mate));
    }
    if (readers.empty()) {
        const auto& home = story_.hospital().at(story_.hospital().at(who).home);
        readers.push_back(post_.composer().of_house(home.name, "all-" + home.code));
    }
    return readers;
}

void Correspondence::write_to_colleagues(StaffId who) {
    const auto& member = story_.hospital().at(who);
    const double shift_share = member.pattern == Pattern::rotating ? 0.35 : 0.05;
    const double office_share = letters_of(member.role) > 1.5 ? 0.35 : 0.05;
    const std::array<double, 4> weights{1, shift_share, office_share, 0.12};
    constexpr std::array<Theme, 4> themes{Theme::colleagues, Theme::shifts, Theme::offices,
                                          Theme::shared_paper};
    post_.open({.topic = &topic(themes[random_->weighted(weights)]),
                .writer = post_.composer().of_staff(who),
                .readers = colleagues_of(who)});
}

void Correspondence::write_to_firm(StaffId who) {
    const auto& firm =
        firm_of({Trade::supplies, Trade::devices, Trade::software, Trade::insurance, Trade::practice});
    const auto& box = random_->chance(0.5) ? firm.people.front() : random_->pick(firm.people);
    post_.open({.topic = &topic(firm.trade == Trade::practice ? Theme::practice : Theme::to_firm),
                .writer = post_.composer().of_staff(who),
                .readers = {post_.composer().of_firm(firm, box, *random_)}});
}

/// Where answers are wanted, by those whose letters a program sends: at their own, or at who sends for them.
std::string Correspondence::other_box_of(const Firm& firm, double share) {
    constexpr auto boxes = std::to_array<std::string_view>({"reply", "office", "answers", "contact"});
    if (!random_->chance(share)) return {};
    const auto box = random_->pick(boxes);
    if (random_->chance(0.6)) return fmt::format("{}@{}", box, firm.domain);
    return fmt::format("{}-{}@replies.letterworks.example", box, random_->between(1'000, 99'999));
}

void Correspondence::write_from_firm() {
    const auto& firm = firm_of({Trade::supplies, Trade::devices, Trade::software, Trade::insurance});
    const auto& box = random_->chance(0.5) ? firm.people.front() : random_->pick(firm.people);
    const std::array<double, 4> weights{0.4, 0.5, 0.08, 0.02};
    constexpr std::array<Theme, 4> themes{Theme::invoice, Theme::firm, Theme::shared_paper,
                                          Theme::new_domain};
    const auto to =
        somebody_in({management, technology, biomedical, pharmacy, records, registration, clinic, theatre});
    post_.open({.topic = &topic(themes[random_->weighted(weights)]),
                .writer = post_.composer().of_firm(firm, box, *random_),
                .readers = {post_.composer().of_staff(to)},
                .slots = {{"domain", "www." + firm.domain}},
                .reply_to = other_box_of(firm, 0.2)});
}

void Correspondence::write_from_practice() {
    const auto& firm = firm_of({Trade::practice, Trade::insurance});
    const auto& box = random_->pick(firm.people);
    const auto to = somebody_in({clinic, registration, radiology, laboratory, medical, surgical});
    post_.open({.topic = &topic(Theme::practice),
                .writer = post_.composer().of_firm(firm, box, *random_),
                .readers = {post_.composer().of_staff(to)}});
}

/// To each reader a copy of its own, one after the other.
void Correspondence::write_newsletter() {
    const auto& firm = firm_of({Trade::society, Trade::society, Trade::devices, Trade::software});
    const auto& news = topic(Theme::newsletter);
    const auto readers = static_cast<int>(story_.hospital().staff.size());
    for (int left = random_->between(2, 3 + readers / 14); left > 0; --left)
        story_.agenda().in(between(*random_, 0s, 9min), [this, &firm, &news, who = somebody()] {
            post_.open({.topic = &news,
                        .writer = post_.composer().of_firm(firm, firm.people.front(), *random_),
                        .readers = {post_.composer().of_staff(who)},
                        .reply_to = other_box_of(firm, 0.5)});
        });
}

void Correspondence::write_notice() {
    const auto who = somebody();
    const auto& home = story_.hospital().at(story_.hospital().at(who).home);
    auto& composer = post_.composer();
    const auto reader =
        random_->chance(0.6) ? composer.of_staff(who) : composer.of_house(home.name, "all-" + home.code);
    post_.open(
        {.topic = &topic(Theme::technology),
         .writer = composer.of_house("IT Service Desk", random_->chance(0.7) ? "servicedesk" : "it-news"),
         .readers = {reader}});
}

void Correspondence::write_password_notice() {
    post_.open({.topic = &topic(Theme::password),
                .writer = post_.composer().of_house("IT Service Desk", "noreply"),
                .readers = {post_.composer().of_staff(somebody())}});
}

void Correspondence::write_about_code() {
    const auto writer = random_->chance(0.5)
                            ? post_.composer().of_house("IT Service Desk", "servicedesk")
                            : post_.composer().of_staff(somebody_in({management, technology, clinic}));
    post_.open({.topic = &topic(Theme::second_factor),
                .writer = writer,
                .readers = {post_.composer().of_staff(somebody())}});
}

/// Things are lost, and found for the most part.
void Correspondence::write_about_thing() {
    const auto who = somebody();
    const auto write = [this, who](Theme theme) {
        post_.open({.topic = &topic(theme),
                    .writer = post_.composer().of_staff(who),
                    .readers = {post_.composer().of_house("IT Service Desk", "servicedesk")}});
    };
    write(Theme::lost_thing);
    if (random_->chance(0.7))
        story_.agenda().in(between(*random_, 1h, 30h), [write] { write(Theme::found_thing); });
}

void Correspondence::write_from_patient() {
    const PatientId patient{static_cast<std::uint32_t>(random_->below(story_.patients()))};
    const auto writer = post_.composer().of_patient(patient);
    if (!writer) return;
    const auto to = somebody_in({clinic, registration, records, medical, surgical});
    post_.open({.topic = &topic(Theme::from_patient),
                .writer = *writer,
                .readers = {post_.composer().of_staff(to)},
                .about = patient});
}

void Correspondence::write_to_patient(PatientId patient, Theme theme, Slots slots) {
    const auto reader = post_.composer().of_patient(patient);
    if (!reader) return;
    const auto writer = post_.composer().of_house(story_.hospital().name,
                                                  theme == Theme::appointment ? "appointments" : "noreply");
    post_.open({.topic = &topic(theme),
                .writer = writer,
                .readers = {*reader},
                .slots = std::move(slots),
                .about = patient});
}

void Correspondence::see(const Act& act, const Story& story) {
    if (const auto* changed = std::get_if<AppointmentChanged>(&act.what)) {
        const auto& appointment = story.at(changed->appointment);
        if (changed->what == AppointmentChanged::What::cancelled) return;
        const year_month_day day{floor<days>(appointment.at)};
        const hh_mm_ss time{floor<minutes>(appointment.at - floor<days>(appointment.at))};
        const Slots slots{{"date", fmt::format("{:02}/{:02}", static_cast<unsigned>(day.day()),
                                               static_cast<unsigned>(day.month()))},
                          {"time", fmt::format("{:02}:{:02}", time.hours().count(), time.minutes().count())}};
        const auto patient = appointment.patient;
        const auto tell = [this, patient, slots] { write_to_patient(patient, Theme::appointment, slots); };
        story_.agenda().in(between(*random_, 5s, 4min), tell);
        const auto reminded = appointment.at - between(*random_, 20h, 28h);
        if (reminded > story.now() + 2h && reminded < end_) story_.agenda().at(reminded, tell);
        return;
    }
    const auto* filed = std::get_if<ResultFiled>(&act.what);
    if (filed == nullptr) return;
    const auto& order = story.at(filed->order);
    const auto& encounter = story.at(order.encounter);
    if (random_->chance(0.12))
        story_.agenda().in(between(*random_, 10s, 2min), [this, who = order.by, number = order.placer] {
            post_.open({.topic = &topic(Theme::staff_result),
                        .writer = post_.composer().of_house("Results", "noreply-record"),
                        .readers = {post_.composer().of_staff(who)},
                        .slots = {{"number", number}}});
        });
    if (encounter.kind == EncounterClass::outpatient && random_->chance(0.5))
        story_.agenda().in(between(*random_, 5min, 50min), [this, patient = encounter.patient] {
            write_to_patient(patient, Theme::patient_result, {});
        });
}

}   // namespace ward::lab
