// SPDX-License-Identifier: Apache-2.0
// How cases stand now: how bad, whether somebody answered, and who must be asked again.
#pragma once

#include <span>

#include "desk/rows.hpp"

namespace ward::desk {

enum class State : std::uint8_t {
    open,           // shown, and nobody answered
    acknowledged,   // somebody looks at it
    true_attack,    // what people said of it:
    benign,
    expected,
    explained,   // all of it, by what was said of others or declared
    below,       // of too little risk to be shown
};
std::string_view name(State state);

/// Whether it is in the list of what somebody should look at.
bool is_listed(State state);

struct Standing {
    std::int64_t in_case = 0;
    State state = State::below;
    double risk = 0;   // of what is not explained
    int level = 0;     // how often it escalated since it was answered
    Time opened{};
    Time last{};   // finding
    std::optional<Time> shown{};
    std::optional<Time> due{};              // escalates then, unless somebody answers
    std::vector<std::int64_t> findings{};   // numbers, in order of time
    std::size_t explained = 0;              // of these
    std::vector<std::string> kinds{};       // of these, each once, as they come
    std::vector<std::string> actors{};
    std::vector<std::string> reached{};
    std::vector<std::int64_t> parts{};   // numbers of cases that were joined to it
};

/// How bad a risk is, from 0, which is not shown, to 3, which waits for the shortest time.
int class_of(double risk, const DeskLimits& limits);

/// Every case that is no part of another, the first one first.
std::vector<Standing> stand(const Book& book, Time now, const DeskLimits& limits);

/// Those that are listed first, what is riskiest first, then what is newest.
void rank(std::vector<Standing>& standings);

struct Due {
    std::int64_t in_case = 0;
    int level = 0;   // that it comes to
    double risk = 0;
    Time since{};   // when it should have

    bool operator==(const Due&) const = default;
};
/// The cases that escalate by one step at `now`, since nobody answered for too long.
std::vector<Due> due(std::span<const Standing> standings, Time now, const DeskLimits& limits);

}   // namespace ward::desk
