// SPDX-License-Identifier: Apache-2.0
// What a scenario does with partners' links: one is lost, and its certificate used by others; and what only
// looks like it.
#pragma once

#include <map>

#include "lab/edge/partner_routine.hpp"
#include "lab/scenario/cast.hpp"
#include "lab/scenario/truth.hpp"

namespace ward::lab {

/// Borrows all of them.
class PartnerDeeds {
public:
    PartnerDeeds(Story& story, PartnerRoutine& routine, Truth& truth)
        : story_(story), routine_(routine), truth_(truth), dice_(story.dice("partner deeds")) {}

    /// Its systems are down: nothing comes, and nobody says so.
    Result<> lose(const Cast& cast);
    /// The same, with a letter before.
    Result<> pause(const Cast& cast);
    /// A letter, a while of silence, and then it comes from another address.
    Result<> move(const Cast& cast);
    /// Its certificate is shown over and over: from its own address, or from elsewhere.
    Result<> call(const Cast& cast);

private:
    Result<PartnerId> partner_of(const Cast& cast);

    Story& story_;
    PartnerRoutine& routine_;
    Truth& truth_;
    Dice dice_;
    std::map<std::string, PartnerId, std::less<>> known_{};   // by `as`
};

}   // namespace ward::lab
