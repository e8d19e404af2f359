// SPDX-License-Identifier: Apache-2.0
// Brings a scenario into the hospital's days, step by step.
#pragma once

#include <string_view>

#include "core/result.hpp"
#include "lab/edge/edges.hpp"
#include "lab/scenario/chart_deeds.hpp"
#include "lab/scenario/device_deeds.hpp"
#include "lab/scenario/domain_deeds.hpp"
#include "lab/scenario/file_deeds.hpp"
#include "lab/scenario/laptop_deeds.hpp"
#include "lab/scenario/mail_deeds.hpp"
#include "lab/scenario/message_deeds.hpp"
#include "lab/scenario/network_deeds.hpp"
#include "lab/scenario/partner_deeds.hpp"
#include "lab/scenario/vendor_deeds.hpp"
#include "lab/scenario/worm_deeds.hpp"

namespace ward::lab {

/// Borrows all of them.
class Director {
public:
    Director(Story& story, Care& care, Post& post, Cabinet& cabinet, Edges& edges, const Scenario& scenario,
             Truth& truth);

    /// Before the story's first moment. Errc::not_found, with the line of the step, where the hospital has
    /// nobody who could do it.
    Result<> begin();

private:
    using Play = Result<> (*)(Director&, const Cast&);
    struct Entry {
        std::string_view name;
        Play play;
    };
    static const Entry* entry_named(std::string_view name);
    template <auto part, auto deed>
    static Result<> play(Director& self, const Cast& cast) {
        return ((self.*part).*deed)(cast);
    }

    Story& story_;
    const Scenario& scenario_;
    Actors actors_;
    ChartDeeds charts_;
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
    Dice dice_;
};

}   // namespace ward::lab
