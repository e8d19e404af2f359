// SPDX-License-Identifier: Apache-2.0
// What is written about in letters, and in which words: patterns of which chance picks the parts.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lab/random.hpp"

namespace ward::lab {

using Slots = std::vector<std::pair<std::string_view, std::string>>;

/// "{Hello|Dear} <name>": one of what stands between the bars, and the slot's text. A slot that is not given
/// is one of the lists of common things: item, room, day, number, hour, amount, month.
std::string worded(std::string_view pattern, Random& random, const Slots& slots = {});

/// One of each common thing, so that a letter speaks of the same throughout.
Slots things_to_name(Random& random);

enum class Enclosure : std::uint8_t { none, paper, table, picture, code, invitation, page };

/// What is written about.
struct Topic {
    std::string_view subject;
    std::string_view text;
    std::string_view answer{};   // empty: nobody answers
    double answered = 0;         // how often
    Enclosure enclosure = Enclosure::none;
    double enclosed = 1;   // how often
    std::string_view link{};
};

enum class Theme : std::uint8_t {
    colleagues,
    shifts,
    offices,
    technology,       // of the house, to all
    password,         // runs out: to one
    second_factor,    // is set up anew, by a code
    shared_paper,     // lies on a page where one signs in
    invoice,          // of a firm
    firm,             // else of a firm, to the house
    to_firm,          // of the house, to a firm
    practice,         // of another practice or hospital
    newsletter,       // of a society or a firm
    new_domain,       // of a firm
    maintenance,      // of a partner's systems
    lost_thing,       // to the service desk: a laptop, a telephone, a badge
    found_thing,      // to the service desk: it is there again, or there is a new one
    appointment,      // to a patient
    patient_result,   // to a patient: it can be seen on the portal
    staff_result,     // to who ordered it
    from_patient,
};

std::span<const Topic> topics_of(Theme theme);

}   // namespace ward::lab
