// SPDX-License-Identifier: Apache-2.0
// ward-lab: a hospital that is made up, and what happens in it. Touches no real data.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "apps/ward-lab/commands.hpp"
#include "core/durable_file.hpp"
#include "core/text.hpp"
#include "json/writer.hpp"
#include "lab/made.hpp"
#include "lab/play/play.hpp"
#include "lab/score.hpp"

namespace ward::lab {
namespace {

Result<std::string> text_of(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream || std::filesystem::is_directory(file))
        return fail(Errc::not_found, fmt::format("{} cannot be read", file));
    std::string text{std::istreambuf_iterator<char>{stream}, {}};
    if (text.empty()) return fail(Errc::malformed, fmt::format("{} is empty", file));
    return text;
}

Result<Scenario> chosen_scenario(const std::string& name) {
    if (!name.ends_with(".toml")) return scenario_named(name);
    return parse_scenario(TRY(text_of(name)), name);
}

Result<> list(const CommandOptions& options) {
    std::string json;
    json::Writer writer{json};
    writer.begin_array();
    for (const auto name : scenario_names()) {
        const auto scenario = TRY(scenario_named(name));
        const auto attacks = std::ranges::count(scenario.steps, true, &ScenarioStep::is_attack);
        if (!options.json)
            fmt::print("{:<18} {:>3} {}  {}\n", name, scenario.days, scenario.days == 1 ? "day " : "days",
                       scenario.title);
        writer.begin_object().member("name", name).member("title", scenario.title);
        writer.member("size", name_of(scenario.size))
            .key("days")
            .number(scenario.days)
            .key("attacks")
            .number(attacks);
        writer.key("look_alikes")
            .number(static_cast<std::int64_t>(scenario.steps.size()) - attacks)
            .end_object();
    }
    writer.end_array();
    if (options.json) fmt::print("{}\n", json);
    return {};
}

Result<std::chrono::year_month_day> first_day_of(const CommandOptions& options) {
    int year = 0;
    unsigned month = 0, day = 0;
    char rest = 0;
    if (std::sscanf(options.first_day.c_str(), "%4d-%2u-%2u%c", &year, &month, &day, &rest) == 3) {
        const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                               std::chrono::day{day}};
        if (date.ok() && date >= std::chrono::year{2020} / 1 / 1 && date < std::chrono::year{2100} / 1 / 1)
            return date;
    }
    return fail(Errc::malformed,
                fmt::format("'{}' is no day from 2020-01-01 to 2099-12-31", options.first_day));
}

Result<DaysWish> days_of(const CommandOptions& options) {
    DaysWish wish;
    wish.scenario = TRY(chosen_scenario(options.scenario));
    wish.size = options.size.empty() ? wish.scenario.size : *size_named(options.size);
    wish.seed = options.seed;
    wish.first_day = TRY(first_day_of(options));
    return wish;
}

/// A percentage on a terminal, and nothing elsewhere.
std::function<void(Moment, Moment)> progress_from(Moment begin) {
    if (::isatty(STDERR_FILENO) == 0) return {};
    return [begin](Moment now, Moment end) {
        fmt::print(stderr, "\r{:3.0f} %", 100.0 * (now - begin) / (end - begin));
        if (now == end) fmt::print(stderr, "\n");
    };
}

Result<> make(const CommandOptions& options) {
    Wish wish{TRY(days_of(options)), options.folder};
    wish.progress = progress_from(std::chrono::sys_days{wish.first_day});
    const auto made = TRY(lab::make(wish));
    fmt::print(
        "{}: {} HL7 messages, {} FHIR transactions, {} entries of the audit trail, {} frames, {} letters, {} "
        "uses of files; {:.1f} MB\n",
        options.folder, made.messages, made.transactions, made.audited, made.frames, made.letters,
        made.files_touched, static_cast<double>(made.bytes) / 1e6);
    return {};
}

Result<> play(const CommandOptions& options) {
    PlayWish wish{TRY(days_of(options))};
    const auto set = [](std::optional<Receiver>& into, const std::string& text) -> Result<> {
        if (!text.empty()) into = TRY(parse_receiver(text));
        return {};
    };
    TRY(set(wish.messages, options.messages_to));
    TRY(set(wish.trail, options.trail_to));
    TRY(set(wish.resources, options.resources_to));
    wish.interface = options.interface;
    if (!wish.messages && !wish.trail && !wish.resources && wish.interface.empty())
        wish.messages = Receiver{"127.0.0.1", 2575};
    if (!options.trusted_file.empty()) wish.trusted_pem = TRY(text_of(options.trusted_file));
    if (!options.token_file.empty()) {
        const auto text = TRY(text_of(options.token_file));
        wish.token = trimmed(text);
    }
    wish.speed = options.speed;
    wish.patience = std::chrono::seconds{options.patience_seconds};
    wish.progress = progress_from(std::chrono::sys_days{wish.first_day});
    const auto played = TRY(lab::play(wish));
    if (!options.truth_file.empty())
        TRY(write_durably(options.truth_file, as_bytes(played.truth), Readable::by_all, Existing::replace));
    fmt::print(
        "sent {} HL7 messages, {} FHIR transactions, {} entries of the audit trail and {} frames; {} were "
        "refused\n",
        played.messages, played.transactions, played.entries, played.frames, played.refused);
    return {};
}

std::string joined(const std::vector<std::string>& words) {
    return words.empty() ? ""
                         : fmt::format("{}{}", words.front(),
                                       words.size() > 1 ? fmt::format(" and {} more", words.size() - 1) : "");
}

Result<> truth(const CommandOptions& options) {
    const auto story = TRY(read_truth(options.folder));
    if (options.json) {
        std::ifstream stream{std::filesystem::path{options.folder} / "truth.json", std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{stream}, {}};
        fmt::print("{}", text);
        return {};
    }
    fmt::print("{}: {}\n", story.scenario, story.title);
    for (const auto& step : story.steps) {
        fmt::print("\n{} {}\n", step.is_attack ? "attack    " : "look-alike", step.id);
        fmt::print("  from      {}\n  until     {}\n", to_instant(step.first), to_instant(step.last));
        if (!step.people.empty()) fmt::print("  people    {}\n", joined(step.people));
        if (!step.patients.empty()) fmt::print("  patients  {}\n", joined(step.patients));
        if (!step.systems.empty()) fmt::print("  systems   {}\n", joined(step.systems));
        if (!step.technique.empty()) fmt::print("  technique {}\n", step.technique);
        fmt::print("  events    {}\n", step.events.size());
        if (step.is_attack)
            fmt::print("  should be found as {} by {}\n", step.finding, to_instant(step.find_by));
        else
            fmt::print("  should not be found as {}\n", step.finding);
    }
    return {};
}

Result<> tell_score(const CommandOptions& options) {
    const auto story = TRY(read_truth(options.folder));
    const auto result = score(story, TRY(read_findings(options.findings)));
    if (options.json) {
        fmt::print("{}", to_json(result));
        return {};
    }
    for (const auto& found : result.found) fmt::print("found   {} after {} s\n", found.step, found.seconds);
    for (const auto& missed : result.missed) fmt::print("missed  {}\n", missed);
    for (const auto& wrong : result.false_cases) fmt::print("false   {}\n", wrong);
    fmt::print("{} of {} found; {:.2f} false cases a day\n", result.found.size(),
               result.found.size() + result.missed.size(), result.false_cases_per_day);
    return {};
}

Result<> perform(const CommandOptions& options) {
    switch (options.what) {
        case CommandOptions::What::list: return list(options);
        case CommandOptions::What::make: return make(options);
        case CommandOptions::What::play: return play(options);
        case CommandOptions::What::truth: return truth(options);
        case CommandOptions::What::score: break;
    }
    return tell_score(options);
}

int run(int argc, char** argv) {
    CommandOptions options;
    CLI::App app{"Makes up a hospital, what happens in it, and what its systems tell.", "ward lab"};
    add_commands(app, options);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {   // how CLI11 says it
        return app.exit(error) == 0 ? 0 : 2;
    }
    const auto done = perform(options);
    if (done) return 0;
    fmt::print(stderr, "ward lab: {}\n", done.error().what);
    return 1;
}

}   // namespace
}   // namespace ward::lab

int main(int argc, char** argv) { return ward::lab::run(argc, argv); }
