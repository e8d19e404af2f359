// SPDX-License-Identifier: Apache-2.0
// What a scenario does to medical devices and their servers: those who have no business there, and those
// whose business it is.
#pragma once

#include "lab/scenario/actors.hpp"

namespace ward::lab {

/// Borrows the story and the actors.
class DeviceDeeds {
public:
    DeviceDeeds(Story& story, Actors& actors)
        : story_(story), actors_(actors), dice_(story.dice("device deeds")) {}

    /// A machine asks pumps what they are, one after the other, and tells some of them what to do.
    Result<> speak_to_pumps(const Cast& cast);
    /// A pump comes from the store or the workshop.
    Result<> bring_pump(const Cast& cast);
    /// Another machine, or its own other card, answers at a pump gateway's address for a while.
    Result<> move_gateway(const Cast& cast);
    /// A server of drug libraries has another certificate and version: its own, or somebody else's.
    Result<> change_library(const Cast& cast);
    /// C-FIND, and then C-MOVE or C-GET.
    Result<> search_archive(const Cast& cast);
    /// Associations that go wrong, or only nearly.
    Result<> disturb_archive(const Cast& cast);

private:
    /// Whom the step names; or, where it names nobody, the server's own other card.
    Result<std::pair<DeviceId, Mac>> who_answers(const Cast& cast, DeviceId server);
    void tell(const Cast& cast, const Actor& actor, DeviceUse use);
    /// At some moment of the step's `minutes`.
    Moment sometime(const Cast& cast);
    void speak(const Cast& cast, const Actor& actor, DeviceId pump, Moment at);
    void fetch(const Cast& cast, const Actor& actor, Moment at);

    Story& story_;
    Actors& actors_;
    Dice dice_;
};

}   // namespace ward::lab
