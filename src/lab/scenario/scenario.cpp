// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/scenario.hpp"

#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/assert.hpp"
#include "lab/scenario/library.hpp"
#include "lab/scenario/step_reader.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t text_bytes_max = std::size_t{1} << 20;
constexpr std::size_t steps_max = 300;
constexpr auto sizes = std::to_array<std::string_view>({"clinic", "small", "large", "group"});

}   // namespace

std::string_view ScenarioStep::word(std::string_view name) const {
    const auto found = words.find(name);
    return found == words.end() ? std::string_view{} : std::string_view{found->second};
}

double ScenarioStep::number(std::string_view name) const {
    const auto found = numbers.find(name);
    WARD_ASSERT(found != numbers.end());
    return found->second;
}

std::optional<double> ScenarioStep::number_if_any(std::string_view name) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::nullopt : std::optional{found->second};
}

std::span<const Key> keys_of_scenarios() {
    static const std::vector<Key> keys{needed(label("name")), needed(sentence("title")),
                                       whole("days", 1, 400, 1), word_of("size", sizes, "small")};
    return keys;
}

Result<Scenario> parse_scenario(std::string_view text, std::string_view file) {
    if (text.size() > text_bytes_max)
        return fail(Errc::malformed,
                    fmt::format("{}: a scenario has at most {} bytes", file, text_bytes_max));
    const auto table = TRY(config::parse_table(text, file));
    auto said = TRY(read_keys(table, file, "a scenario", keys_of_scenarios()));
    Scenario scenario{said.words["name"],
                      said.words["title"],
                      static_cast<int>(said.numbers["days"]),
                      *size_named(said.words["size"]),
                      {}};
    StepReader reader{file, scenario.days};
    for (const auto& [key, steps] : table.tables) {
        const auto line = table.lines.at(key);
        if (key != "step") return wrong_at(file, line, fmt::format("[[{}]] is no [[step]]", key));
        if (steps.size() > steps_max)
            return wrong_at(file, line, fmt::format("a scenario has at most {} steps", steps_max));
        for (const auto& one : steps) scenario.steps.push_back(TRY(reader.read(one)));
    }
    return scenario;
}

std::vector<std::string_view> scenario_names() {
    std::vector<std::string_view> names;
    for (const auto& [name, text] : scenario_library()) names.push_back(name);
    return names;
}

Result<Scenario> scenario_named(std::string_view name) {
    for (const auto& [known, text] : scenario_library())
        if (known == name) return parse_scenario(text, fmt::format("{}.toml", known));
    return fail(Errc::not_found, fmt::format("there is no scenario '{}'; there are {}", name,
                                             fmt::join(scenario_names(), ", ")));
}

}   // namespace ward::lab
