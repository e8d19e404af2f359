// SPDX-License-Identifier: Apache-2.0
// What came to pass of a scenario's step.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "lab/agenda.hpp"
#include "lab/frames/flow_name.hpp"

namespace ward::lab {

/// A step as it came to pass.
struct Deed {
    std::uint32_t label = 0;
    Moment first{};   // of its events, or when it began if it leaves none
    Moment last{};
    std::set<std::string> people{};     // logins of who did it
    std::set<std::string> patients{};   // MRNs
    std::set<std::string> systems{};    // that fell silent, or were used: names, and addresses
    // "audit:17", "hl7:EHR00000012" or "hl7:@" and a place, "mail:" and a Message-ID, "file:18", "flow:" and
    // a Community ID, "atna:@" and a place
    std::vector<std::string> events{};
    std::set<FlowKey> flows{};   // in the above
    bool came_to_pass = false;
};

}   // namespace ward::lab
