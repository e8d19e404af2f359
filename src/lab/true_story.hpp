// SPDX-License-Identifier: Apache-2.0
// truth.json as it is read again: docs/formats/lab.md.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "json/document.hpp"

namespace ward::lab {

/// It must not be done to any of these, from then on and until then.
struct Prohibition {
    std::string action;
    std::vector<std::string> targets;
    Time from{};
    Time until{};
    std::string why;
};

/// A step of a scenario.
struct TrueStep {
    std::string id;
    std::string finding;   // what it should be found as
    std::string technique;
    bool is_attack = false;
    Time first{};
    Time last{};
    Time find_by{};   // of an attack
    std::vector<std::string> people{};
    std::vector<std::string> patients{};
    std::vector<std::string> systems{};
    std::vector<std::string> events{};
    std::vector<Prohibition> must_not{};
};

struct TrueStory {
    std::string scenario;
    std::string title;
    Time begin{};
    Time end{};
    std::vector<TrueStep> steps;
};

/// 2026-03-02T08:05:12.123Z, as the lab writes it.
std::optional<Time> parse_instant(std::string_view text);

/// Those of a list; what is no text is an empty one.
std::vector<std::string> texts(json::Value list);

/// From a folder that `ward lab make` made. Errc::not_found, Errc::malformed.
Result<TrueStory> read_truth(const std::filesystem::path& folder);

}   // namespace ward::lab
