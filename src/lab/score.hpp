// SPDX-License-Identifier: Apache-2.0
// Findings held against the truth.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace ward::lab {

/// A step of a scenario, as truth.json tells it.
struct TrueStep {
    std::string id;
    std::string finding;   // what it should be found as
    std::string technique;
    bool is_attack = false;
    Time first{};
    Time last{};
    Time find_by{};   // of an attack
    std::vector<std::string> people;
    std::vector<std::string> patients;
    std::vector<std::string> systems;
    std::vector<std::string> events;
};

struct TrueStory {
    std::string scenario;
    std::string title;
    Time begin{};
    Time end{};
    std::vector<TrueStep> steps;
};

/// From a folder that `ward lab make` made. Errc::not_found, Errc::malformed.
Result<TrueStory> read_truth(const std::filesystem::path& folder);

/// What a detector says: docs/formats/lab.md.
struct Finding {
    std::string finding;
    std::string in_case;   // the case that it is in; empty: of its own
    Time at{};
    std::vector<std::string> people;
    std::vector<std::string> patients;
    std::vector<std::string> systems;
    std::vector<std::string> events;
};

/// One a line; empty lines are skipped. Errc::malformed, with the line.
Result<std::vector<Finding>> read_findings(const std::filesystem::path& file);

struct Score {
    struct Found {
        std::string step;
        std::int64_t seconds = 0;   // from the first event on
    };
    std::vector<Found> found;
    std::vector<std::string> missed;        // steps, also those that were found too late
    std::vector<std::string> false_cases;   // cases without any true finding, by name or line
    double false_cases_per_day = 0;
};

/// A finding is true of an attack if it is of the step's kind, not earlier than its first event nor later
/// than it should be found, and names one of its events, or a person and patient of it, or, where the step
/// has no patient, a person or system of it.
Score score(const TrueStory& truth, const std::vector<Finding>& findings);
std::string to_json(const Score& score);

}   // namespace ward::lab
