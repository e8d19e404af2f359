// SPDX-License-Identifier: Apache-2.0
// What a scenario does with a domain's accounts: those who go from machine to machine, and those whose work
// that is.
#pragma once

#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story and the actors.
class DomainDeeds {
public:
    DomainDeeds(Story& story, Actors& actors)
        : story_(story), actors_(actors), dice_(story.dice("domain deeds")) {}

    /// An account asks for tickets of many services.
    Result<> ask_tickets(const Cast& cast);
    /// An account lists what is in the directory, one kind after the other.
    Result<> survey_directory(const Cast& cast);
    /// An account lays a program on machines, and starts it there.
    Result<> start_programs(const Cast& cast);
    /// An account works at the desk of another machine.
    Result<> take_desk(const Cast& cast);

private:
    void tell_later(const Cast& cast, const Actor& actor, NetworkUse use, Moment at);
    Result<std::vector<DeviceId>> machines_for(const Cast& cast, const Actor& actor, std::size_t most);

    Story& story_;
    Actors& actors_;
    Dice dice_;
};

}   // namespace ward::lab
