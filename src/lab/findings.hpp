// SPDX-License-Identifier: Apache-2.0
// What was found, and what was done about it, one JSON object a line: docs/formats/lab.md.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"

namespace ward::lab {

/// What was done, or proposed.
struct Action {
    std::string action;
    std::string target;
    Time at{};
};

struct Finding {
    std::string finding;
    std::string in_case;   // the case that it is in; empty: one of its own
    Time at{};
    std::vector<std::string> people{};
    std::vector<std::string> patients{};
    std::vector<std::string> systems{};
    std::vector<std::string> events{};
    std::vector<Action> actions{};
    int line = 0;   // of one that is a case of its own
};

/// Hands over one after the other: a file may be long. Empty lines are skipped. Errc::malformed, with the
/// line; Errc::limit_exceeded for more findings than there can be.
Result<> read_findings(const std::filesystem::path& file, const std::function<void(Finding)>& take);

}   // namespace ward::lab
