// SPDX-License-Identifier: Apache-2.0
// A detector's conclusion: what, how sure, why, and what would make it harmless.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "event/fields.hpp"

namespace ward::detect {

using event::Time;

enum class Severity : std::uint8_t { low, medium, high, critical };
std::string_view name(Severity severity);

/// One of the three to five observations that made it.
struct Fact {
    std::string what;    // "services asked for with RC4"
    std::string usual;   // "at most 2 in ten minutes"
    std::string now;     // "17 in four minutes"

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("what", what);
        visit("usual", usual);
        visit("now", now);
    }
};

struct Finding {
    static constexpr std::size_t events_max = 64;

    std::string_view kind{};   // "kerberoasting": a name of the table of detectors
    Time at{};                 // when it was concluded: the latest time of all events until then
    Severity severity = Severity::medium;
    int confidence = 50;      // percent
    std::string sentence{};   // for somebody who runs a ward
    std::vector<Fact> facts{};
    std::vector<Fact> against{};   // what is known that speaks against it
    std::string harmless_if{};
    std::vector<std::string_view> techniques{};   // MITRE ATT&CK
    std::vector<std::string> systems{};           // addresses and names; who did it first, then to whom
    std::vector<std::string> events{};            // ids of its evidence, the first events_max
    bool takes_over = false;                      // to whom it was done may act for the attacker from then on

    /// All but what it is and when.
    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("severity", severity);
        visit("confidence", confidence);
        visit("sentence", sentence);
        visit("facts", facts);
        visit("against", against);
        visit("harmless_if", harmless_if);
        visit("techniques", techniques);
        visit("systems", systems);
        visit("events", events);
    }
};

/// From 0 to 1: how bad it would be, times how sure it is.
double risk_of(const Finding& finding);

}   // namespace ward::detect
