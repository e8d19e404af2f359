// SPDX-License-Identifier: Apache-2.0
// What people say: checked, and what it would change told before it is said.
#pragma once

#include "core/result.hpp"
#include "desk/rows.hpp"

namespace ward::desk {

/// What somebody thinks of a case.
struct Opinion {
    std::int64_t in_case = 0;
    std::optional<std::int64_t> finding{};   // of that case: of it only
    Said said = Said::benign;
    std::string reason{};
    std::string by{};
    std::optional<Time> until{};
    std::string whom{};   // only what was done to that one
};

/// The verdict that it makes, with the next number. Errc::not_found where there is no such case or finding,
/// Errc::malformed where it has no end, or lasts too long. Who says it and why is not looked at.
Result<Verdict> weigh(const Book& book, const Opinion& opinion, Time now, const DeskLimits& limits);

/// Findings that are hidden (or raised, where it says that they are true) by it and are not yet, in order.
std::vector<std::int64_t> changed_by(const Book& book, const Verdict& verdict);
std::vector<std::int64_t> changed_by(const Book& book, const Declaration& declaration);

/// Nothing, or why it cannot be declared.
Result<> check(const Declaration& declaration, const DeskLimits& limits);

/// That a text is there, can be printed, and is not too long. `what` names it.
Result<> check_text(std::string_view text, std::string_view what, const DeskLimits& limits);

}   // namespace ward::desk
