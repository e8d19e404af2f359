// SPDX-License-Identifier: Apache-2.0
// Each deed with all that its steps may say: the one place where a deed's keys, their limits and what they
// are else stand. docs/formats/scenario.md names the same.
#pragma once

#include "lab/scenario/keys.hpp"
#include "lab/scenario/scenario.hpp"

namespace ward::lab {

/// Who does it, which a step says in keys of their own.
enum class Doer : std::uint8_t {
    none,             // nobody in particular
    machine,          // and whoever sits at it
    account,          // the same, and it needs an account
    machine_if_any,   // it may be left out
};

struct DeedForm {
    std::string_view name;
    Doer doer{};
    std::vector<Key> keys{};   // without those of whoever does it
    /// About how much happens because of it, in acts of the story; ten kilobytes are one.
    double (*acts)(const ScenarioStep& step) = nullptr;
};

std::span<const DeedForm> deed_forms();
/// nullptr if there is none.
const DeedForm* deed_form_named(std::string_view name);

std::span<const Key> keys_of(Doer doer);
/// What a scenario may say beside its steps, and what every step may.
std::span<const Key> keys_of_scenarios();
std::span<const Key> keys_of_steps();

/// Words that many deeds know, with what they are called: roles, kinds of machines, ties.
struct WordList {
    std::string_view what;
    std::span<const std::string_view> words;
};
std::span<const WordList> word_lists();

/// Of kinds of devices, those that a step may name.
std::span<const std::string_view> machine_kinds();

}   // namespace ward::lab
