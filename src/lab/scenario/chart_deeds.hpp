// SPDX-License-Identifier: Apache-2.0
// What a scenario does with charts: those who look where they should not, and those whose work only looks
// like it.
#pragma once

#include <optional>
#include <set>
#include <string_view>

#include "lab/care/care.hpp"
#include "lab/care/desk.hpp"
#include "lab/scenario/cast.hpp"
#include "lab/scenario/truth.hpp"

namespace ward::lab {

/// Borrows all of them.
class ChartDeeds {
public:
    ChartDeeds(Story& story, Care& care, Truth& truth)
        : story_(story), care_(care), truth_(truth), dice_(story.dice("chart deeds")) {}

    /// Somebody opens a chart in whose care they have no part.
    Result<> look_up(const Cast& cast);
    /// Who is looked after here by somebody with a tie to them, as anybody would be.
    Result<> care_for(const Cast& cast);
    /// A team opens a chart within minutes.
    Result<> emergency_call(const Cast& cast);
    /// Somebody opens a chart that is closed to them.
    Result<> break_glass(const Cast& cast);
    /// Somebody opens one chart after the other.
    Result<> harvest(const Cast& cast);
    /// The same, by those whose work it is at the end of a month.
    Result<> audit_round(const Cast& cast);
    /// A system sends nothing for a while.
    Result<> fall_silent(const Cast& cast);

private:
    struct Pair {
        StaffId who{};
        PersonId whom{};
    };

    Result<Pair> pair_for(const Cast& cast);
    bool is_tied(std::string_view tie, StaffId who, PersonId whom) const;
    PatientId record_of(PersonId person);
    std::vector<PatientId> some_patients(std::size_t count);
    void break_in_emergency(const Cast& cast, Role role, int screens, const std::string& reason);
    void look_after(const Cast& cast, StaffId who, PatientId patient, int visits);
    void browse(const Cast& cast, StaffId who, PatientId patient, std::optional<EncounterId> encounter,
                int screens, Purpose purpose, std::string reason = {});
    void go_through(const Cast& cast, StaffId who, const std::vector<PatientId>& patients, Doing last,
                    Purpose purpose);

    Story& story_;
    Care& care_;
    Truth& truth_;
    Dice dice_;
    std::set<StaffId> taken_{};   // for steps about somebody with a tie to them
};

}   // namespace ward::lab
