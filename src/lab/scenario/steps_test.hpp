// SPDX-License-Identifier: Apache-2.0
// Steps for tests, read as those of a file are.
#pragma once

#include <fmt/format.h>
#include <initializer_list>

#include "lab/scenario/scenario.hpp"

namespace ward::lab {

/// Each by its deed and what else it says, as TOML; they are look-alikes at noon.
inline Result<std::vector<ScenarioStep>> read_steps(std::initializer_list<std::string_view> steps) {
    std::string text = "name = 'mine'\ntitle = 'Mine'\ndays = 2\n";
    int number = 0;
    for (auto step : steps) {
        const auto deed = step.substr(0, step.find('\n'));
        text += fmt::format("[[step]]\nid = 'step-{}'\nat = '1d 12:00'\nfind = 'it'\ndo = '{}'{}\n", ++number,
                            deed, step.substr(deed.size()));
    }
    auto scenario = parse_scenario(text, "mine.toml");
    if (!scenario) return tl::unexpected(scenario.error());
    return std::move(scenario->steps);
}

inline ScenarioStep one_step(std::string_view step) { return read_steps({step}).value().front(); }

}   // namespace ward::lab
