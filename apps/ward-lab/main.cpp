// SPDX-License-Identifier: Apache-2.0
// ward-lab: a hospital that is made up, and what happens in it. Touches no real data.
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

#include "apps/ward-lab/chosen.hpp"
#include "apps/ward-lab/commands.hpp"
#include "apps/ward-lab/playing.hpp"
#include "apps/ward-lab/progress.hpp"
#include "apps/ward-lab/watched.hpp"
#include "json/writer.hpp"
#include "lab/made.hpp"
#include "lab/score.hpp"

namespace ward::lab {
namespace {

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

Result<> make(const CommandOptions& options) {
    Wish wish{TRY(days_of(options)), options.folder};
    Result<Made> done;
    {
        Progress progress{std::chrono::sys_days{wish.first_day}};
        wish.progress = [&](Moment now, Moment end) { progress.show(now, end); };
        done = lab::make(wish);
    }
    const auto made = TRY(std::move(done));
    fmt::print(
        "{}: {} HL7 messages, {} FHIR transactions, {} entries of the audit trail, {} frames, {} letters, {} "
        "uses of files; {:.1f} MB\n",
        options.folder, made.messages, made.transactions, made.audited, made.frames, made.letters,
        made.files_touched, static_cast<double>(made.bytes) / 1e6);
    return {};
}

std::string joined(const std::vector<std::string>& words) {
    return words.empty() ? ""
                         : fmt::format("{}{}", words.front(),
                                       words.size() > 1 ? fmt::format(" and {} more", words.size() - 1) : "");
}

/// What is said of one machine over and over, as of each use of it, is said once.
void print_must_not(const TrueStep& step) {
    const auto line_of = [](const Prohibition& one) {
        return fmt::format("{} {}: {}", one.action, joined(one.targets), one.why);
    };
    for (std::size_t i = 0, times = 1; i < step.must_not.size(); i += times, times = 1) {
        const auto line = line_of(step.must_not[i]);
        while (i + times < step.must_not.size() && line_of(step.must_not[i + times]) == line) ++times;
        fmt::print("  must not  {}{}\n", line, times == 1 ? "" : fmt::format(", {} times", times));
    }
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
        print_must_not(step);
    }
    return {};
}

Result<> tell_score(const CommandOptions& options) {
    const auto story = TRY(read_truth(options.folder));
    Scorer scorer{story};
    const auto take = [&](const Finding& finding) { scorer.take(finding); };
    if (options.findings.empty()) {
        auto watched = TRY(Watched::start(options.folder));
        const auto all = read_findings(watched.findings(), take);
        const auto done = watched.finish();   // which does not end well either where a line could not be read
        TRY(all);
        TRY(done);
    } else {
        TRY(read_findings(options.findings, take));
    }
    const auto result = scorer.score();
    if (options.json) {
        fmt::print("{}", to_json(result));
        return {};
    }
    for (const auto& found : result.found) fmt::print("found   {} after {} s\n", found.step, found.seconds);
    for (const auto& missed : result.missed) fmt::print("missed  {}\n", missed);
    for (const auto& wrong : result.false_cases) fmt::print("false   {}\n", wrong);
    for (const auto& one : result.must_not_done)
        fmt::print("must not be done: {} {} ({}, {}): {}\n", one.action, one.target, one.step,
                   to_instant(one.at), one.why);
    fmt::print("{} of {} found; {:.2f} false cases a day; {} things done that must not be\n",
               result.found.size(), result.found.size() + result.missed.size(), result.false_cases_per_day,
               result.must_not_done.size());
    return {};
}

/// What the program ends with.
Result<int> perform(const CommandOptions& options) {
    switch (options.what) {
        case CommandOptions::What::list: TRY(list(options)); break;
        case CommandOptions::What::make: TRY(make(options)); break;
        case CommandOptions::What::play: return play(options);
        case CommandOptions::What::truth: TRY(truth(options)); break;
        case CommandOptions::What::score: TRY(tell_score(options)); break;
    }
    return 0;
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
    if (done) return *done;
    fmt::print(stderr, "ward lab: {}\n", done.error().what);
    return 1;
}

}   // namespace
}   // namespace ward::lab

int main(int argc, char** argv) { return ward::lab::run(argc, argv); }
