// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/step_reader.hpp"

#include <charconv>
#include <fmt/format.h>

#include "lab/scenario/must_not.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using config::Table;

constexpr double acts_max = 1'000'000;        // of all steps together
constexpr double megabytes_a_part_max = 20;   // all of a part is in memory at once
constexpr double sites_max = 3;

bool says(const Table& table, std::string_view key) { return table.values.contains(key); }

/// What names the doer.
std::vector<std::string_view> doers_said(const Table& table) {
    std::vector<std::string_view> said;
    for (const std::string_view key : {"who", "machine", "newcomer"})
        if (says(table, key)) said.push_back(key);
    return said;
}

std::vector<Key> keys_of(const DeedForm& form) {
    std::vector<Key> keys{keys_of_steps().begin(), keys_of_steps().end()};
    keys.insert(keys.end(), form.keys.begin(), form.keys.end());
    const auto of_doer = keys_of(form.doer);
    keys.insert(keys.end(), of_doer.begin(), of_doer.end());
    return keys;
}

std::string taken(Said& said, std::string_view key) {
    const auto found = said.words.find(key);
    return found == said.words.end() ? std::string{} : std::move(said.words.extract(found).mapped());
}

bool is_of_partners(const ScenarioStep& step) { return step.deed.ends_with("-partner"); }

}   // namespace

std::optional<microseconds> parse_step_time(std::string_view text) {
    constexpr int days_max = 400;
    unsigned day = 0, hour = 0, minute = 0;   // no sign is read
    const auto* end = text.data() + text.size();
    const auto take = [&](const char* from, unsigned& into) { return std::from_chars(from, end, into); };
    const auto [day_end, day_error] = take(text.data(), day);
    if (day_error != std::errc{} || end - day_end < 2 || day_end[0] != 'd' || day_end[1] != ' ')
        return std::nullopt;
    const auto [hour_end, hour_error] = take(day_end + 2, hour);
    if (hour_error != std::errc{} || hour_end == end || *hour_end != ':') return std::nullopt;
    const auto [minute_end, minute_error] = take(hour_end + 1, minute);
    if (minute_error != std::errc{} || minute_end != end) return std::nullopt;
    if (day < 1 || day > days_max || hour > 23 || minute > 59) return std::nullopt;
    return days{day - 1} + hours{hour} + minutes{minute};
}

tl::unexpected<Error> StepReader::wrong(const Table& table, std::string_view key,
                                        std::string_view what) const {
    const auto line = table.lines.find(key);
    return wrong_at(file_, line == table.lines.end() ? table.line : line->second, what);
}

Result<ScenarioStep> StepReader::read(const Table& table) {
    const auto deed = table.values.find("do");
    const auto* name = deed == table.values.end() ? nullptr : std::get_if<std::string>(&deed->second);
    if (name == nullptr) return wrong(table, "do", "a step needs 'do': the name of a deed");
    const auto* form = deed_form_named(*name);
    if (form == nullptr) return wrong(table, "do", fmt::format("there is no deed '{}'", *name));
    auto said = TRY(read_keys(table, file_, fmt::format("'{}'", *name), keys_of(*form)));
    ScenarioStep step;
    step.place = fmt::format("{}:{}", file_, table.line);
    step.id = taken(said, "id");
    step.deed = taken(said, "do");
    step.find = taken(said, "find");
    step.technique = taken(said, "technique");
    step.is_attack = said.truths["attack"];
    step.is_due_from_first = said.truths["due_from_first"];
    TRY(read_times(table, said, step));
    for (const std::string_view key : {"at", "jitter_minutes", "within_minutes"}) {
        if (const auto found = said.words.find(key); found != said.words.end()) said.words.erase(found);
        if (const auto found = said.numbers.find(key); found != said.numbers.end()) said.numbers.erase(found);
    }
    step.words = std::move(said.words);
    step.numbers = std::move(said.numbers);
    if (!ids_.insert(step.id).second)
        return wrong(table, "id", fmt::format("two steps are called '{}'", step.id));
    TRY(check_attack(table, step));
    TRY(check_doer(table, *form, step));
    TRY(check_names(table, step));
    TRY(check_together(table, *form, step));
    step.must_not = TRY(read_must_not(table, file_, step.is_attack));
    return step;
}

Result<> StepReader::read_times(const Table& table, const Said& said, ScenarioStep& step) const {
    step.after = *parse_step_time(said.words.find("at")->second);
    step.jitter = minutes{static_cast<int>(said.numbers.find("jitter_minutes")->second)};
    if (const auto within = said.numbers.find("within_minutes"); within != said.numbers.end())
        step.within = minutes{static_cast<int>(within->second)};
    if (step.after + step.jitter >= days{days_})
        return wrong(table, "at",
                     fmt::format("'{}' is after the last day, or may be by its jitter", step.id));
    return {};
}

Result<> StepReader::check_attack(const Table& table, const ScenarioStep& step) const {
    for (const std::string_view key : {"within_minutes", "technique"})
        if (step.is_attack && !says(table, key))
            return wrong(table, "attack",
                         fmt::format("an attack needs '{}': {}", key,
                                     key == "technique" ? "its number in MITRE ATT&CK"
                                                        : "by when it should be found"));
    for (const std::string_view key : {"within_minutes", "technique", "due_from_first"})
        if (!step.is_attack && says(table, key))
            return wrong(table, key,
                         fmt::format("'{}' is of attacks only: a look-alike should not be found", key));
    return {};
}

/// One of those who may, or somebody whom a step before named.
Result<> StepReader::check_doer(const Table& table, const DeedForm& form, const ScenarioStep& step) {
    if (form.doer == Doer::none) return {};
    const auto said = doers_said(table);
    if (said.size() > 1)
        return wrong(table, said[1], fmt::format("'{}' and '{}' exclude each other", said[0], said[1]));
    const auto as = step.word("as");
    if (const auto known = actors_.find(as); known != actors_.end())
        return check_known_doer(table, form, known->second);
    if (said.empty()) {
        if (!as.empty()) return wrong(table, "as", fmt::format("no step before has named '{}'", as));
        if (says(table, "account"))
            return wrong(table, "account", "'account' is of a 'machine' or 'newcomer'");
        if (form.doer == Doer::machine_if_any) return {};
        return wrong(table, "do", fmt::format("'{}' needs 'who', 'machine', 'newcomer' or 'as'", form.name));
    }
    TRY(check_account(table, form, said.front()));
    if (as.empty()) return {};
    return introduce(table, "as", step, said.front() == "who" || says(table, "account"));
}

Result<> StepReader::check_known_doer(const Table& table, const DeedForm& form, const Known& known) const {
    for (const std::string_view key : {"who", "machine", "newcomer", "account"})
        if (says(table, key))
            return wrong(table, key,
                         fmt::format("'{}' is not read: step '{}' has said who it is", key, known.step));
    if (form.doer == Doer::account && !known.has_account)
        return wrong(table, "as",
                     fmt::format("'{}' needs an account, and step '{}' named none", form.name, known.step));
    return {};
}

Result<> StepReader::check_account(const Table& table, const DeedForm& form, std::string_view by) const {
    if (by == "who" && says(table, "account"))
        return wrong(table, "account", "'account' is of a 'machine' or 'newcomer'; 'who' has one");
    if (by != "who" && form.doer == Doer::account && !says(table, "account"))
        return wrong(table, by, fmt::format("'{}' needs an 'account' beside '{}'", form.name, by));
    return {};
}

/// Whom the step names for those after it.
Result<> StepReader::check_names(const Table& table, const ScenarioStep& step) {
    const auto as = step.word("as");
    if (step.deed == "send-mail" && !as.empty()) TRY(introduce(table, "as", step, true));
    if (!step.word("then_as").empty()) {
        const auto by = actors_.find(as);
        const bool has_account =
            by != actors_.end() ? by->second.has_account : says(table, "who") || says(table, "account");
        TRY(introduce(table, "then_as", step, has_account));
    }
    if (is_of_partners(step) && !as.empty() && !partners_.emplace(as).second && says(table, "partner"))
        return wrong(table, "partner",
                     fmt::format("'partner' is not read: a step before has said who '{}' is", as));
    return {};
}

Result<> StepReader::introduce(const Table& table, std::string_view key, const ScenarioStep& step,
                               bool has_account) {
    const auto [known, is_new] =
        actors_.try_emplace(std::string{step.word(key)}, Known{step.id, has_account});
    if (is_new) return {};
    return wrong(table, key,
                 fmt::format("step '{}' has named '{}' already", known->second.step, step.word(key)));
}

/// What is allowed one by one, and too much together.
Result<> StepReader::check_together(const Table& table, const DeedForm& form, const ScenarioStep& step) {
    const auto sites = step.number_if_any("sites");
    if (sites && step.number("site") + *sites - 1 > sites_max)
        return wrong(table, "sites",
                     fmt::format("there are {} sites at most, and it goes beyond", sites_max));
    const auto megabytes = step.number_if_any("megabytes");
    if (megabytes && *megabytes / step.number("parts") > megabytes_a_part_max)
        return wrong(table, "megabytes",
                     fmt::format("a part has at most {} megabytes: more 'parts'", megabytes_a_part_max));
    acts_ += form.acts(step);
    if (acts_ > acts_max)
        return wrong(table, "do",
                     fmt::format("with this step about {:.0f} things happen because of the scenario; {} at "
                                 "most: smaller numbers, or fewer steps",
                                 acts_, acts_max));
    return {};
}

}   // namespace ward::lab
