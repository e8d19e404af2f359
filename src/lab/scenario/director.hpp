// SPDX-License-Identifier: Apache-2.0
// Brings a scenario into the hospital's days: chooses who does it to whom, and puts it on the agenda.
#pragma once

#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "lab/care/care.hpp"
#include "lab/care/desk.hpp"
#include "lab/edge/edges.hpp"
#include "lab/scenario/cast.hpp"
#include "lab/scenario/device_deeds.hpp"
#include "lab/scenario/domain_deeds.hpp"
#include "lab/scenario/file_deeds.hpp"
#include "lab/scenario/laptop_deeds.hpp"
#include "lab/scenario/mail_deeds.hpp"
#include "lab/scenario/message_deeds.hpp"
#include "lab/scenario/network_deeds.hpp"
#include "lab/scenario/partner_deeds.hpp"
#include "lab/scenario/truth.hpp"
#include "lab/scenario/vendor_deeds.hpp"
#include "lab/scenario/worm_deeds.hpp"

namespace ward::lab {

/// Borrows all of them.
class Director {
public:
    Director(Story& story, Care& care, Post& post, Cabinet& cabinet, Edges& edges, const Scenario& scenario,
             Truth& truth);

    /// Before the story's first moment. Errc::malformed for a step that names a deed, a role or a tie that is
    /// none; Errc::not_found where the hospital has nobody who could do it.
    Result<> begin();

private:
    struct Pair {
        StaffId who{};
        PersonId whom{};
    };
    using Play = Result<> (*)(Director&, const Cast&);
    struct Entry {
        std::string_view name;
        Play play;
    };
    static const Entry* entry_named(std::string_view name);

    Result<> look_up(const Cast& cast);
    Result<> care_for(const Cast& cast);
    Result<> emergency_call(const Cast& cast);
    Result<> break_glass(const Cast& cast);
    Result<> harvest(const Cast& cast);
    Result<> audit_round(const Cast& cast);
    Result<> fall_silent(const Cast& cast);

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
    const Scenario& scenario_;
    Truth& truth_;
    Actors actors_;
    MailDeeds mail_;
    FileDeeds files_;
    NetworkDeeds network_;
    DomainDeeds domain_;
    WormDeeds worms_;
    DeviceDeeds devices_;
    MessageDeeds messages_;
    PartnerDeeds partners_;
    VendorDeeds vendors_;
    LaptopDeeds laptops_;
    Random random_;
};

}   // namespace ward::lab
