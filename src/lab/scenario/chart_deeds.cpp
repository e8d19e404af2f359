// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/chart_deeds.hpp"

#include <algorithm>
#include <array>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

}   // namespace

bool ChartDeeds::is_tied(std::string_view tie, StaffId who, PersonId whom) const {
    const auto& town = story_.hospital().town;
    const auto self = story_.hospital().at(who).person;
    const auto between_them = tie_between(town, self, whom);
    if (tie == "self") return between_them == Tie::self;
    if (tie == "household") return between_them == Tie::household;
    if (tie == "relative") return between_them == Tie::relative;
    if (tie == "neighbour") return between_them == Tie::neighbour;
    if (tie == "parted") return between_them == Tie::parted;
    if (between_them != Tie::none) return false;
    if (tie == "namesake") return town.at(self).family.latin == town.at(whom).family.latin;
    if (tie == "prominent") return town.at(whom).is_prominent;
    if (tie == "colleague")
        return std::ranges::any_of(story_.hospital().staff,
                                   [&](const auto& one) { return one.person == whom; });
    return tie == "stranger";
}

/// Who has no part in another step comes first, and of those who is at work then; whom they look for may have
/// to be sought in the whole town.
Result<ChartDeeds::Pair> ChartDeeds::pair_for(const Cast& cast) {
    const auto tie = cast.step->word("whom");
    const auto role = role_of(cast);
    const auto& hospital = story_.hospital();
    const auto people = hospital.town.people.size();
    constexpr auto wishes =
        std::to_array<std::pair<bool, bool>>({{true, true}, {true, false}, {false, true}, {false, false}});
    for (const auto& [has_to_be_free, has_to_be_there] : wishes) {
        const auto first = dice_->below(hospital.staff.size());
        for (std::size_t i = 0; i < hospital.staff.size(); ++i) {
            const StaffId who{static_cast<std::uint32_t>((first + i) % hospital.staff.size())};
            if (hospital.at(who).role != role || hospital.at(who).employment == Employment::contractor)
                continue;
            if (cast.step->deed == "care-for" && hospital.at(hospital.at(who).home).beds.empty()) continue;
            if (has_to_be_free && taken_.contains(who)) continue;
            if (has_to_be_there && !story_.roster().is_on_duty(who, cast.at)) continue;
            const auto start = dice_->below(people);
            for (std::size_t k = 0; k < people; ++k) {
                const PersonId whom{static_cast<std::uint32_t>((start + k) % people)};
                if (!is_tied(tie, who, whom)) continue;
                taken_.insert(who);
                return Pair{who, whom};
            }
        }
    }
    return tl::unexpected(nobody(*cast.step));
}

/// Those who were here before have a record, though nothing of it is told.
PatientId ChartDeeds::record_of(PersonId person) {
    const auto known = story_.patient_of(person);
    return known ? *known : story_.add_patient(person);
}

void ChartDeeds::browse(const Cast& cast, StaffId who, PatientId patient,
                        std::optional<EncounterId> encounter, int screens, Purpose purpose,
                        std::string reason) {
    constexpr auto likely = std::to_array<Screen>({Screen::summary, Screen::notes, Screen::results,
                                                   Screen::demographics, Screen::medicines, Screen::images});
    std::vector<Step> steps;
    if (!encounter) steps.push_back({Screen::demographics, Doing::search});
    for (int i = 0; i < screens; ++i)
        steps.push_back({i == 0 ? Screen::summary : dice_->pick(likely), Doing::view});
    care_.desk().visit({.who = who,
                        .where = story_.hospital().at(who).home,
                        .patient = patient,
                        .encounter = encounter,
                        .purpose = purpose,
                        .reason = std::move(reason),
                        .label = cast.label},
                       std::move(steps));
}

Result<> ChartDeeds::look_up(const Cast& cast) {
    const auto pair = TRY(pair_for(cast));
    const auto patient = record_of(pair.whom);
    const auto screens = static_cast<int>(cast.step->number("screens"));
    story_.agenda().at(cast.at, [this, cast, pair, patient, screens] {
        browse(cast, pair.who, patient, std::nullopt, screens, Purpose::treatment);
    });
    return {};
}

Result<> ChartDeeds::care_for(const Cast& cast) {
    const auto pair = TRY(pair_for(cast));
    const auto patient = record_of(pair.whom);
    const auto visits = static_cast<int>(cast.step->number("visits"));
    story_.agenda().at(cast.at,
                       [this, cast, pair, patient, visits] { look_after(cast, pair.who, patient, visits); });
    return {};
}

/// Once a bed is free.
void ChartDeeds::look_after(const Cast& cast, StaffId who, PatientId patient, int visits) {
    const auto encounter = care_.take_in(patient, story_.hospital().at(who).home);
    if (!encounter) {
        story_.agenda().in(20min,
                           [this, cast, who, patient, visits] { look_after(cast, who, patient, visits); });
        return;
    }
    for (int i = 0; i < visits; ++i)
        story_.agenda().in(between(*dice_, 20min, 330min), [this, cast, who, patient, encounter] {
            browse(cast, who, patient, encounter, 4, Purpose::treatment);
        });
}

Result<> ChartDeeds::emergency_call(const Cast& cast) {
    const auto people = static_cast<std::size_t>(cast.step->number("people"));
    story_.agenda().at(cast.at, [this, cast, people] {
        std::vector<EncounterId> here;
        for (std::uint32_t i = 0; i < story_.encounters(); ++i)
            if (story_.at(EncounterId{i}).bed && !story_.at(EncounterId{i}).ended)
                here.push_back(EncounterId{i});
        if (here.empty()) return;
        const auto encounter = dice_->pick(here);
        std::vector<StaffId> team;
        for (std::uint32_t i = 0; i < story_.hospital().staff.size() && team.size() < people; ++i) {
            const auto role = story_.hospital().staff[i].role;
            const bool comes = role == Role::physician || role == Role::nurse || role == Role::resident;
            if (comes && story_.roster().is_on_duty(StaffId{i}, story_.now()) && dice_->chance(0.5))
                team.push_back(StaffId{i});
        }
        for (const auto who : team)
            story_.agenda().in(between(*dice_, 10s, 9min), [this, cast, who, encounter] {
                browse(cast, who, story_.at(encounter).patient, encounter, 3, Purpose::emergency);
            });
    });
    return {};
}

Result<> ChartDeeds::break_glass(const Cast& cast) {
    const auto screens = static_cast<int>(cast.step->number("screens"));
    std::string reason{dice_->pick(glass_reasons())};
    if (!cast.step->word("reason").empty()) reason = cast.step->word("reason");
    if (cast.step->word("whom") != "patient-in-emergency") {
        const auto pair = TRY(pair_for(cast));
        const auto patient = record_of(pair.whom);
        story_.agenda().at(cast.at, [this, cast, pair, patient, screens, reason] {
            browse(cast, pair.who, patient, std::nullopt, screens, Purpose::emergency, reason);
        });
        return {};
    }
    const auto role = role_of(cast);
    if (story_.hospital().departments_of(DepartmentKind::emergency).empty())
        return tl::unexpected(nobody(*cast.step));
    story_.agenda().at(
        cast.at, [this, cast, role, screens, reason] { break_in_emergency(cast, role, screens, reason); });
    return {};
}

/// For somebody who is in the emergency department, once there is one.
void ChartDeeds::break_in_emergency(const Cast& cast, Role role, int screens, const std::string& reason) {
    std::vector<EncounterId> here;
    for (std::uint32_t i = 0; i < story_.encounters(); ++i) {
        const auto& one = story_.at(EncounterId{i});
        if (one.kind == EncounterClass::emergency && !one.ended && story_.now() - one.began < 6h)
            here.push_back(EncounterId{i});
    }
    const auto encounter = here.empty() ? std::nullopt : std::optional{dice_->pick(here)};
    const auto who =
        encounter ? story_.roster().someone(story_.at(*encounter).department, role, story_.now(), *dice_)
                  : std::nullopt;
    if (who)
        return browse(cast, *who, story_.at(*encounter).patient, encounter, screens, Purpose::emergency,
                      reason);
    story_.agenda().in(
        10min, [this, cast, role, screens, reason] { break_in_emergency(cast, role, screens, reason); });
}

std::vector<PatientId> ChartDeeds::some_patients(std::size_t count) {
    std::vector<PatientId> patients;
    for (std::uint32_t i = 0; i < story_.patients(); ++i)
        if (!story_.at(PatientId{i}).merged_into) patients.push_back(PatientId{i});
    return dice_->sample(std::move(patients), count);
}

/// One after the other, at this pace, and only while they are at work if the pace is slow.
void ChartDeeds::go_through(const Cast& cast, StaffId who, const std::vector<PatientId>& patients, Doing last,
                            Purpose purpose) {
    const auto apart = cast.step->number("seconds_apart");
    auto when = story_.now();
    for (const auto patient : patients) {
        story_.agenda().at(when, [this, cast, who, patient, last, purpose] {
            care_.desk().visit({.who = who,
                                .where = story_.hospital().at(who).home,
                                .patient = patient,
                                .encounter = {},
                                .purpose = purpose,
                                .label = cast.label},
                               {{Screen::summary}, {Screen::notes, last}});
        });
        when += seconds_of(dice_->around(apart, 1.5));
        while (apart > 600 && !story_.roster().is_on_duty(who, when)) when += 1h;
    }
}

Result<> ChartDeeds::harvest(const Cast& cast) {
    const auto who = TRY(somebody(cast, story_, *dice_));
    const auto charts = static_cast<std::size_t>(cast.step->number("charts"));
    story_.agenda().at(cast.at, [this, cast, who, charts] {
        go_through(cast, who, some_patients(charts), Doing::view, Purpose::treatment);
    });
    return {};
}

Result<> ChartDeeds::audit_round(const Cast& cast) {
    const auto who = TRY(somebody(cast, story_, *dice_));
    const auto charts = static_cast<std::size_t>(cast.step->number("charts"));
    story_.agenda().at(cast.at, [this, cast, who, charts] {
        go_through(cast, who, some_patients(charts), Doing::view, Purpose::payment);
    });
    return {};
}

Result<> ChartDeeds::fall_silent(const Cast& cast) {
    const std::string system{cast.step->word("system")};
    const auto until = cast.at + minutes{static_cast<int>(cast.step->number("minutes"))};
    story_.agenda().at(cast.at, [this, cast, system, until] {
        care_.silence_laboratory(until);
        truth_.note_silence(cast.label, {system}, cast.at, until);
    });
    return {};
}

}   // namespace ward::lab
