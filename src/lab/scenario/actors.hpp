// SPDX-License-Identifier: Apache-2.0
// Who acts in steps over the network: a machine, and whoever's account is used at it. Steps that say the same
// `as` have the same one.
#pragma once

#include <map>

#include "lab/scenario/cast.hpp"

namespace ward::lab {

struct Actor {
    DeviceId machine{};
    std::string account;            // empty: the machine's own affair
    std::optional<StaffId> who{};   // whose account it is, if somebody's
};

/// Borrows the story.
class Actors {
public:
    explicit Actors(Story& story) : story_(story), dice_(story.dice("actors")) {}

    /// By the step's `who` (a role: one of them, at a workstation of theirs) or `machine` (a kind of device),
    /// and `site`, from 1 on; or a `newcomer`, a machine that is plugged in before, in a VLAN of that name.
    Result<Actor> actor_of(const Cast& cast);
    /// The step's `machine` or the given one: any of that kind at the step's site, and not `other`.
    Result<DeviceId> machine_of(const Cast& cast, std::string_view word, std::optional<DeviceId> other = {});
    /// Who is to be known by that name from now on; none if it is empty.
    void remember(std::string_view name, const Actor& actor);
    /// Somebody at a workstation of theirs.
    Actor at_desk(StaffId who);

private:
    Result<Actor> chosen_for(const Cast& cast);
    Result<Actor> newcomer(const Cast& cast);

    Story& story_;
    Dice dice_;
    std::map<std::string, Actor, std::less<>> known_{};   // by `as`
};

/// The step's `site`, from 0 on. Errc::not_found where there are fewer.
Result<int> site_of(const Cast& cast, const Story& story);

}   // namespace ward::lab
