// SPDX-License-Identifier: Apache-2.0
// A scenario: what happens beside the hospital's ordinary days, when, by whom and to whom.
// docs/formats/scenario.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "lab/hospital.hpp"

namespace ward::lab {

struct ScenarioStep {
    std::string id;
    std::string deed;                     // by its name, as in the table of deeds
    std::chrono::microseconds after{};    // since the story's begin
    std::chrono::microseconds jitter{};   // earlier or later by up to this
    bool is_attack = false;               // if not, it only looks like one
    std::string find;                     // what should be found, or of a look-alike, should not
    std::chrono::minutes within{};        // of an attack's last event
    bool is_due_from_first = false;       // of its first, for what goes on for long
    std::string technique;                // MITRE ATT&CK
    std::map<std::string, std::string, std::less<>> words{};   // what else the step says
    std::map<std::string, double, std::less<>> numbers{};

    std::string_view word(std::string_view name, std::string_view otherwise = {}) const;
    double number(std::string_view name, double otherwise) const;
};

struct Scenario {
    std::string name;
    std::string title;
    int days = 1;
    Size size = Size::small;   // the least that has all it needs
    std::vector<ScenarioStep> steps;
};

/// `file` is what errors call the text.
Result<Scenario> parse_scenario(std::string_view text, std::string_view file);

/// Those that Ward brings along, by name.
std::vector<std::string_view> scenario_names();
/// Errc::not_found, with the names that there are.
Result<Scenario> scenario_named(std::string_view name);

}   // namespace ward::lab
