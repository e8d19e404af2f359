// SPDX-License-Identifier: Apache-2.0
// What a step says must not be done about it: the few words for it, and how they are read.
#pragma once

#include "config/table.hpp"
#include "lab/scenario/keys.hpp"
#include "lab/scenario/scenario.hpp"

namespace ward::lab {

/// To find an attack in what only looks like one: of every look-alike, without being said.
constexpr std::string_view raise_case = "raise-case";
/// Whoever and whatever has a part in the step itself.
constexpr std::string_view own_part = "own";

struct ActionForm {
    std::string_view name;
    std::string_view what;
    std::span<const std::string_view> targets{};   // what a step may name as `of`
};
/// All but raise_case.
std::span<const ActionForm> action_forms();
bool is_action(std::string_view name);   // one of those

/// Of one [[step.must_not]]; what `of` may be depends on the action.
std::span<const Key> keys_of_must_not();

/// Errc::malformed, with the line.
Result<std::vector<MustNot>> read_must_not(const config::Table& step, std::string_view file, bool is_attack);

}   // namespace ward::lab
