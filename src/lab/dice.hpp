// SPDX-License-Identifier: Apache-2.0
// Dice of which each cause has its own.
#pragma once

#include <unordered_map>

#include "lab/agenda.hpp"
#include "lab/random.hpp"

namespace ward::lab {

/// What happens because of a step of the scenario draws from other dice than what happens anyway, so that a
/// hospital's day is the same with a scenario as without. Borrows the agenda.
class Dice {
public:
    Dice(const Agenda& agenda, Random random) : agenda_(agenda), usual_(random) {}

    Random& operator*() {
        const auto cause = agenda_.cause();
        return cause == 0 ? usual_ : of_.try_emplace(cause, usual_.stream(cause)).first->second;
    }
    Random* operator->() { return &**this; }
    /// Those of one person or machine, for what each draws as often as it happens to them.
    Random& of(std::uint64_t whose) {
        auto& known = each_[agenda_.cause()];
        const auto found = known.find(whose);
        if (found != known.end()) return found->second;
        return known.emplace(whose, usual_.stream(agenda_.cause()).stream(whose)).first->second;
    }

private:
    const Agenda& agenda_;
    Random usual_;
    std::unordered_map<std::uint32_t, Random> of_;
    std::unordered_map<std::uint32_t, std::unordered_map<std::uint64_t, Random>> each_;
};

}   // namespace ward::lab
