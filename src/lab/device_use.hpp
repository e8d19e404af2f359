// SPDX-License-Identifier: Apache-2.0
// What is done to medical devices and their servers over the network, in the words of the story.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "lab/network.hpp"

namespace ward::lab {

/// It asks for an address, and says which it has.
struct PluggedIn {};

/// A pump is switched on: it says hello, and its gateway takes it over.
struct PumpStarted {};

/// Whoever is a pump should say so.
struct PumpsSought {};

/// A pump is asked for what it is, or told what to do.
struct PumpSpokenTo {
    DeviceId pump{};
    enum class What : std::uint8_t { metadata, description, subscription, rate } what{};
    double rate = 0;   // ml an hour
};

/// From now on this machine, or another card of the same one, answers at the gateway's address.
struct GatewayMoved {
    DeviceId gateway{};
    Mac mac{};
    bool keeps_lines = false;   // what was open goes on
};

/// The same of the server of drug libraries, with another certificate and version perhaps.
struct LibraryMoved {
    DeviceId library{};
    Mac mac{};
    int certificate = 0;   // how many it had before
    std::string version;
};

/// C-FIND at study level.
struct ArchiveSearched {
    enum class By : std::uint8_t { patient, day, modality, all } by{};
    int answers_max = 0;
};

/// C-MOVE or C-GET of one study.
struct StudyFetched {
    std::optional<DeviceId> target{};   // another machine that gets the images
    bool is_moved = true;               // else got in the same association
};

/// An association in which something is as the standard does not have it, or ends too soon.
struct ArchiveDisturbed {
    enum class How : std::uint8_t {
        wrong_length,   // of a unit
        wrong_value,    // length of a presentation data value
        unknown_unit,   // of no type
        cut_short,      // RST within a unit
        no_request,     // data before an association
        timed_out,      // the archive waits in vain, and aborts: legal
        odd_but_legal   // many contexts, small units, private titles
    } how{};
};

using DeviceUse = std::variant<PluggedIn, PumpStarted, PumpsSought, PumpSpokenTo, GatewayMoved, LibraryMoved,
                               ArchiveSearched, StudyFetched, ArchiveDisturbed>;

/// The machine that it is done to, where there is one in particular.
std::optional<DeviceId> target_of(const DeviceUse& use);

}   // namespace ward::lab
