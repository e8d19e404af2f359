// SPDX-License-Identifier: Apache-2.0
#include "lab/score.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>

#include "json/document.hpp"
#include "json/writer.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

constexpr std::size_t truth_bytes_max = std::size_t{256} << 20;
constexpr std::size_t line_bytes_max = std::size_t{1} << 20;

/// 2026-03-02T08:05:12.123Z, as this module writes it.
std::optional<Time> parse_instant(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text.back() != 'Z') return std::nullopt;
    const auto number = [&](std::size_t from, std::size_t size) {
        int value = -1;
        const auto* end = text.data() + from + size;
        const auto [stop, error] = std::from_chars(text.data() + from, end, value);
        return error == std::errc{} && stop == end ? value : -1;
    };
    const year_month_day day{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                             std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    if (!day.ok() || number(11, 2) < 0 || number(14, 2) < 0 || number(17, 2) < 0 || number(20, 3) < 0)
        return std::nullopt;
    return sys_days{day} + hours{number(11, 2)} + minutes{number(14, 2)} + seconds{number(17, 2)} +
           milliseconds{number(20, 3)};
}

std::vector<std::string> texts(json::Value list) {
    std::vector<std::string> all;
    for (const auto one : list.items()) all.emplace_back(one.text());
    return all;
}

Result<TrueStep> read_step(json::Value step) {
    const auto first = parse_instant(step["first"].text());
    const auto last = parse_instant(step["last"].text());
    if (!first || !last) return fail(Errc::malformed, "truth.json: a step has no times");
    TrueStep read{.id = std::string{step["id"].text()},
                  .finding = std::string{step["finding"].text()},
                  .technique = std::string{step["technique"].text()},
                  .is_attack = step["attack"].boolean().value_or(false),
                  .first = *first,
                  .last = *last,
                  .find_by = parse_instant(step["find_by"].text()).value_or(*last),
                  .people = texts(step["people"]),
                  .patients = texts(step["patients"]),
                  .systems = texts(step["systems"]),
                  .events = texts(step["events"])};
    return read;
}

bool share_one(const std::vector<std::string>& some, const std::vector<std::string>& others) {
    return std::ranges::any_of(
        some, [&](const auto& one) { return std::ranges::find(others, one) != others.end(); });
}

bool is_true(const Finding& finding, const TrueStep& step) {
    if (!step.is_attack || finding.finding != step.finding) return false;
    if (finding.at < step.first || finding.at > step.find_by) return false;
    if (share_one(finding.events, step.events)) return true;
    if (step.patients.empty())
        return share_one(finding.people, step.people) || share_one(finding.systems, step.systems);
    return share_one(finding.people, step.people) && share_one(finding.patients, step.patients);
}

}   // namespace

Result<TrueStory> read_truth(const std::filesystem::path& folder) {
    std::ifstream stream{folder / "truth.json", std::ios::binary};
    if (!stream)
        return fail(Errc::not_found,
                    fmt::format("{} holds no truth.json; `ward lab make` makes one", folder.string()));
    const std::string text{std::istreambuf_iterator<char>{stream}, {}};
    const auto document = TRY(json::Document::parse(text, {.bytes_max = truth_bytes_max}));
    const auto begin = parse_instant(document["begin"].text());
    const auto end = parse_instant(document["end"].text());
    if (!begin || !end || *end <= *begin) return fail(Errc::malformed, "truth.json: it has no begin and end");
    TrueStory story{
        std::string{document["scenario"].text()}, std::string{document["title"].text()}, *begin, *end, {}};
    for (const auto step : document["steps"].items()) story.steps.push_back(TRY(read_step(step)));
    return story;
}

Result<std::vector<Finding>> read_findings(const std::filesystem::path& file) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream) return fail(Errc::not_found, fmt::format("{} cannot be read", file.string()));
    std::vector<Finding> findings;
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
        const auto document = json::Document::parse(line, {.bytes_max = line_bytes_max});
        const auto at = document ? parse_instant((*document)["at"].text()) : std::nullopt;
        if (!at || (*document)["finding"].text().empty())
            return fail(Errc::malformed,
                        fmt::format("{}:{}: a finding is a JSON object with 'finding' and 'at', as in "
                                    "2026-03-02T08:05:12.000Z",
                                    file.string(), number));
        const auto& one = *document;
        findings.push_back({std::string{one["finding"].text()}, std::string{one["case"].text()}, *at,
                            texts(one["people"]), texts(one["patients"]), texts(one["systems"]),
                            texts(one["events"])});
        if (findings.back().in_case.empty()) findings.back().in_case = fmt::format("line {}", number);
    }
    if (stream.bad()) return fail(Errc::unavailable, fmt::format("{} cannot be read", file.string()));
    return findings;
}

Score score(const TrueStory& truth, const std::vector<Finding>& findings) {
    Score score;
    std::map<std::string, bool> cases;   // whether anything in it is true
    for (const auto& finding : findings) {
        const auto holds =
            std::ranges::any_of(truth.steps, [&](const auto& step) { return is_true(finding, step); });
        cases[finding.in_case] = cases[finding.in_case] || holds;
    }
    for (const auto& step : truth.steps) {
        if (!step.is_attack) continue;
        std::optional<Time> earliest;
        for (const auto& finding : findings)
            if (is_true(finding, step) && (!earliest || finding.at < *earliest)) earliest = finding.at;
        if (earliest)
            score.found.push_back({step.id, duration_cast<seconds>(*earliest - step.first).count()});
        else
            score.missed.push_back(step.id);
    }
    for (const auto& [name, holds] : cases)
        if (!holds) score.false_cases.push_back(name);
    const auto length = duration_cast<seconds>(truth.end - truth.begin).count();
    score.false_cases_per_day =
        static_cast<double>(score.false_cases.size()) * 86'400 / static_cast<double>(length);
    return score;
}

std::string to_json(const Score& score) {
    std::string json;
    json::Writer writer{json};
    const auto list = [&](std::string_view name, const std::vector<std::string>& names) {
        writer.key(name).begin_array();
        for (const auto& one : names) writer.string(one);
        writer.end_array();
    };
    writer.begin_object().key("found").begin_array();
    for (const auto& found : score.found) writer.string(found.step);
    writer.end_array();
    list("missed", score.missed);
    writer.key("time_to_find_seconds").begin_object();
    for (const auto& found : score.found) writer.key(found.step).number(found.seconds);
    writer.end_object();
    list("false_cases", score.false_cases);
    writer.key("false_cases_per_day").raw(fmt::format("{:.2f}", score.false_cases_per_day));
    writer.end_object();
    return json + '\n';
}

}   // namespace ward::lab
