// SPDX-License-Identifier: Apache-2.0
// What a scenario does over the network: those who have got in, and programs that only look like it.
#pragma once

#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story and the actors.
class NetworkDeeds {
public:
    NetworkDeeds(Story& story, Actors& actors)
        : story_(story), actors_(actors), dice_(story.dice("network deeds")) {}

    /// A program calls a site outside, over and over.
    Result<> call_home(const Cast& cast);
    /// Much goes to a site outside, a part at a time.
    Result<> upload(const Cast& cast);
    /// A machine tries one port of all addresses of a VLAN: its own, or another's.
    Result<> sweep_port(const Cast& cast);

private:
    struct Calls {
        std::uint32_t label = 0;
        Actor actor;
        std::string host;
        double seconds_apart = 0;
        double factor = 1;   // two thirds are at most this much sooner or later
        double sent = 0;     // bytes of each, around
        double received = 0;
        int left = 0;
    };

    Result<Calls> calls_of(const Cast& cast);
    void call_again(Calls calls);
    std::string some_host(bool is_for_files);
    std::vector<Address> targets_of(const Cast& cast, const Device& from, Vlan vlan);
    void try_port(const Cast& cast, const Actor& actor, Address target, std::uint16_t port);

    Story& story_;
    Actors& actors_;
    Dice dice_;
};

}   // namespace ward::lab
