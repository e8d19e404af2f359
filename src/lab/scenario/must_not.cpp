// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/must_not.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "lab/scenario/deed_forms.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t entries_max = 20;   // of a step

constexpr auto feeds =
    std::to_array<std::string_view>({"own", "EHR", "LIS", "RIS", "MONGW", "PUMPGW", "partners"});
constexpr auto certificates = std::to_array<std::string_view>({"own", "partners"});
constexpr auto in_use = std::to_array<std::string_view>({"in use"});
constexpr std::string_view usable = "imaging modality";   // of what the story tells who lies in it

std::vector<std::string_view> own_and(std::span<const std::string_view> others,
                                      std::initializer_list<std::string_view> more = {}) {
    std::vector<std::string_view> all{own_part};
    all.insert(all.end(), others.begin(), others.end());
    all.insert(all.end(), more);
    return all;
}

bool is_any(std::string_view) { return true; }

Result<MustNot> read_one(const config::Table& table, std::string_view file, bool is_attack) {
    if (!table.tables.empty()) return wrong_at(file, table.line, "a [[step.must_not]] has no tables");
    auto said = TRY(read_keys(table, file, "[[step.must_not]]", keys_of_must_not()));
    MustNot one{said.words["action"], said.words["of"], said.words.contains("while"), said.words["why"]};
    const auto form = std::ranges::find(action_forms(), one.action, &ActionForm::name);
    const auto line = table.lines.at("of");
    if (std::ranges::find(form->targets, one.of) == form->targets.end())
        return wrong_at(file, line,
                        fmt::format("'of' of {} is {}", one.action, allowed(word_of("of", form->targets))));
    if (is_attack && one.of == own_part)
        return wrong_at(file, line, "'own' is of look-alikes: an attack has to be stopped");
    if (one.is_in_use && (one.action != "isolate-device" || one.of != usable))
        return wrong_at(file, table.lines.at("while"),
                        fmt::format("'while' is of isolate-device of {} only", usable));
    return one;
}

}   // namespace

std::span<const ActionForm> action_forms() {
    static const auto machines = own_and(machine_kinds());
    static const auto addresses = own_and(machine_kinds(), {"partners", "vendors"});
    static const auto people = own_and(names_of_departments());
    static const std::array<ActionForm, 6> all{
        {{"isolate-device", "cut a machine off from the network", machines},
         {"block-address", "let nothing of an address pass", addresses},
         {"disable-account", "lock somebody's account", people},
         {"refuse-access", "keep a chart closed to somebody", people},
         {"close-feed", "take nothing more of what a system or partner sends", feeds},
         {"revoke-certificate", "trust a certificate no longer", certificates}}};
    return all;
}

bool is_action(std::string_view name) {
    return std::ranges::find(action_forms(), name, &ActionForm::name) != action_forms().end();
}

std::span<const Key> keys_of_must_not() {
    static const auto actions = [] {
        std::vector<std::string_view> names;
        for (const auto& form : action_forms()) names.push_back(form.name);
        return names;
    }();
    static const std::vector<Key> keys{needed(word_of("action", actions)),
                                       needed(text_that("of", is_any, "a target of the action")),
                                       word_of("while", in_use), needed(sentence("why"))};
    return keys;
}

Result<std::vector<MustNot>> read_must_not(const config::Table& step, std::string_view file, bool is_attack) {
    std::vector<MustNot> all;
    for (const auto& [name, tables] : step.tables) {
        if (name != "must_not")
            return wrong_at(file, step.lines.at(name),
                            fmt::format("[[step.{}]] is no [[step.must_not]]", name));
        if (tables.size() > entries_max)
            return wrong_at(file, step.line,
                            fmt::format("a step has at most {} [[step.must_not]]", entries_max));
        for (const auto& table : tables) all.push_back(TRY(read_one(table, file, is_attack)));
    }
    return all;
}

}   // namespace ward::lab
