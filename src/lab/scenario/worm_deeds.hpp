// SPDX-License-Identifier: Apache-2.0
// A worm among consoles that speak SMB 1: how it looks from outside, and old machines that only speak the
// same.
#pragma once

#include <map>
#include <set>

#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story and the actors.
class WormDeeds {
public:
    WormDeeds(Story& story, Actors& actors)
        : story_(story), actors_(actors), dice_(story.dice("worm deeds")) {}

    /// A machine tries addresses, and consoles that it reaches do the same after a while.
    Result<> spread_worm(const Cast& cast);
    /// A machine uses a server's shares as those of its age do.
    Result<> use_old_shares(const Cast& cast);

private:
    struct Worm {
        std::uint32_t label = 0;
        double seconds_apart = 0;   // of two tries of one machine
        std::chrono::microseconds sleeps{};
        Moment ends{};
        std::set<DeviceId> reached{};
        std::map<Address, Address> next{};   // in its own VLAN, of each machine
    };

    void try_again(Worm& worm, DeviceId machine, int left);
    void reach(Worm& worm, DeviceId machine, DeviceId other);
    Address some_target(Worm& worm, const Device& from);
    void tell(const Worm& worm, DeviceId from, NetworkUse use);

    Story& story_;
    Actors& actors_;
    Dice dice_;
    std::map<std::uint32_t, Worm> worms_{};   // of each step
};

}   // namespace ward::lab
