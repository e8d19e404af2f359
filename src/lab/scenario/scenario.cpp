// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/scenario.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <set>

#include "config/table.hpp"
#include "lab/scenario/library.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using config::Table;

/// "2d 10:30": the second day, half past ten.
std::optional<microseconds> parse_time(std::string_view text) {
    int day = 0, hour = 0, minute = 0;
    const auto* end = text.data() + text.size();
    const auto take = [&](const char* from, int& into) { return std::from_chars(from, end, into); };
    const auto [day_end, day_error] = take(text.data(), day);
    if (day_error != std::errc{} || end - day_end < 2 || day_end[0] != 'd' || day_end[1] != ' ')
        return std::nullopt;
    const auto [hour_end, hour_error] = take(day_end + 2, hour);
    if (hour_error != std::errc{} || hour_end == end || *hour_end != ':') return std::nullopt;
    const auto [minute_end, minute_error] = take(hour_end + 1, minute);
    if (minute_error != std::errc{} || minute_end != end) return std::nullopt;
    if (day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59) return std::nullopt;
    return days{day - 1} + hours{hour} + minutes{minute};
}

class StepReader {
public:
    StepReader(const Table& table, std::string_view file) : table_(table), file_(file) {}

    Result<ScenarioStep> read() {
        ScenarioStep step;
        for (const auto& [key, value] : table_.values) {
            if (const auto* text = std::get_if<std::string>(&value))
                step.words.emplace(key, *text);
            else if (const auto* whole = std::get_if<std::int64_t>(&value))
                step.numbers.emplace(key, static_cast<double>(*whole));
            else if (const auto* number = std::get_if<double>(&value))
                step.numbers.emplace(key, *number);
            else if (key == "attack")
                step.is_attack = std::get<bool>(value);
            else if (key == "due_from_first")
                step.is_due_from_first = std::get<bool>(value);
            else
                return wrong(fmt::format("'{}' is neither a text nor a number", key));
        }
        for (const auto& [key, into] : std::map<std::string_view, std::string*>{
                 {"id", &step.id}, {"do", &step.deed}, {"find", &step.find}}) {
            *into = take(step, key);
            if (into->empty()) return wrong(fmt::format("a step needs '{}'", key));
        }
        step.technique = take(step, "technique");
        const auto at = parse_time(take(step, "at"));
        if (!at) return wrong("a step needs 'at', such as \"2d 10:30\": a day from 1 on, and a time");
        step.after = *at;
        step.jitter = minutes{static_cast<int>(take_number(step, "jitter_minutes"))};
        step.within = minutes{static_cast<int>(take_number(step, "within_minutes"))};
        if (step.is_attack && step.within == minutes{0})
            return wrong("an attack needs 'within_minutes': by when it should be found");
        return step;
    }

private:
    static std::string take(ScenarioStep& step, std::string_view key) {
        const auto found = step.words.find(key);
        if (found == step.words.end()) return {};
        return std::move(step.words.extract(found).mapped());
    }
    static double take_number(ScenarioStep& step, std::string_view key) {
        const auto found = step.numbers.find(key);
        return found == step.numbers.end() ? 0 : step.numbers.extract(found).mapped();
    }
    tl::unexpected<Error> wrong(std::string_view what) const {
        return fail(Errc::malformed, fmt::format("{}:{}: {}", file_, table_.line, what));
    }

    const Table& table_;
    std::string_view file_;
};

}   // namespace

std::string_view ScenarioStep::word(std::string_view name, std::string_view otherwise) const {
    const auto found = words.find(name);
    return found == words.end() ? otherwise : std::string_view{found->second};
}

double ScenarioStep::number(std::string_view name, double otherwise) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? otherwise : found->second;
}

Result<Scenario> parse_scenario(std::string_view text, std::string_view file) {
    const auto table = TRY(config::parse_table(text, file));
    Scenario scenario;
    const auto say = [&](std::string_view what) {
        return fail(Errc::malformed, fmt::format("{}: {}", file, what));
    };
    for (const auto& [key, value] : table.values) {
        const auto* word = std::get_if<std::string>(&value);
        const auto* number = std::get_if<std::int64_t>(&value);
        if (key == "name" && word != nullptr)
            scenario.name = *word;
        else if (key == "title" && word != nullptr)
            scenario.title = *word;
        else if (key == "days" && number != nullptr)
            scenario.days = static_cast<int>(*number);
        else if (key == "size" && word != nullptr && size_named(*word))
            scenario.size = *size_named(*word);
        else
            return say(
                fmt::format("'{}' is none of name, title (texts), days (a number) and size (clinic, small, "
                            "large or group)",
                            key));
    }
    if (scenario.name.empty() || scenario.title.empty()) return say("a scenario has a name and a title");
    if (scenario.days < 1 || scenario.days > 400) return say("days are from 1 to 400");
    std::set<std::string> ids;
    for (const auto& [key, steps] : table.tables) {
        if (key != "step") return say(fmt::format("[[{}]] is no [[step]]", key));
        for (const auto& one : steps) {
            auto step = TRY((StepReader{one, file}.read()));
            if (!ids.insert(step.id).second) return say(fmt::format("two steps are called '{}'", step.id));
            if (step.after >= days{scenario.days})
                return say(fmt::format("'{}' is after the last day", step.id));
            scenario.steps.push_back(std::move(step));
        }
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
