// SPDX-License-Identifier: Apache-2.0
// A scenario: what happens beside the hospital's ordinary days, when, by whom and to whom.
// docs/formats/scenario.md.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "lab/hospital.hpp"

namespace ward::lab {

/// What nobody may do about a step, because it would hurt patients or those who care for them.
struct MustNot {
    std::string action;       // of action_forms()
    std::string of;           // to what, as the step says it
    bool is_in_use = false;   // only while somebody is treated with it
    std::string why;
};

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
    std::vector<MustNot> must_not{};
    std::string place;                                         // file and line, for errors
    std::map<std::string, std::string, std::less<>> words{};   // what else its deed knows, said or not
    std::map<std::string, double, std::less<>> numbers{};

    /// Empty where the step does not say it, and it is nothing else then.
    std::string_view word(std::string_view name) const;
    /// One that the deed has.
    double number(std::string_view name) const;
    std::optional<double> number_if_any(std::string_view name) const;
};

struct Scenario {
    std::string name;
    std::string title;
    int days = 1;
    Size size = Size::small;   // the least that has all it needs
    std::vector<ScenarioStep> steps;
};

/// `file` is what errors call the text. Errc::malformed, with the line: all that does not need the hospital
/// is checked here.
Result<Scenario> parse_scenario(std::string_view text, std::string_view file);

/// Those that Ward brings along, by name.
std::vector<std::string_view> scenario_names();
/// Errc::not_found, with the names that there are.
Result<Scenario> scenario_named(std::string_view name);

}   // namespace ward::lab
