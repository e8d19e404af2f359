// SPDX-License-Identifier: Apache-2.0
#include "lab/findings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>

#include "lab/scenario/must_not.hpp"
#include "lab/true_story.hpp"

namespace ward::lab {
namespace {

constexpr std::size_t line_bytes_max = std::size_t{1} << 20;
constexpr int lines_max = 2'000'000;
constexpr std::size_t case_bytes_max = 200;

Result<std::vector<Action>> read_actions(json::Value list, Time at) {
    std::vector<Action> all;
    for (const auto one : list.items()) {
        Action action{std::string{one["action"].text()}, std::string{one["target"].text()}, at};
        if (!is_action(action.action) || action.target.empty()) {
            std::vector<std::string_view> names;
            for (const auto& form : action_forms()) names.push_back(form.name);
            return fail(Errc::malformed,
                        fmt::format("an action is a JSON object with 'action' (one of {}) and 'target'",
                                    fmt::join(names, ", ")));
        }
        if (const auto said = one["at"].text(); !said.empty()) {
            const auto time = parse_instant(said);
            if (!time) return fail(Errc::malformed, "'at' of an action is such as 2026-03-02T08:05:12.000Z");
            action.at = *time;
        }
        all.push_back(std::move(action));
    }
    return all;
}

Result<Finding> read_finding(const std::string& line, int number) {
    const auto document = json::Document::parse(line, {.bytes_max = line_bytes_max});
    const auto at = document ? parse_instant((*document)["at"].text()) : std::nullopt;
    if (!at || (*document)["finding"].text().empty())
        return fail(Errc::malformed,
                    "a finding is a JSON object with 'finding' and 'at', as in 2026-03-02T08:05:12.000Z");
    const auto& one = *document;
    Finding finding{std::string{one["finding"].text()},
                    std::string{one["case"].text()},
                    *at,
                    texts(one["people"]),
                    texts(one["patients"]),
                    texts(one["systems"]),
                    texts(one["events"]),
                    TRY(read_actions(one["actions"], *at))};
    if (finding.in_case.size() > case_bytes_max)
        return fail(Errc::malformed, fmt::format("a 'case' has at most {} bytes", case_bytes_max));
    if (finding.in_case.empty()) finding.line = number;
    return finding;
}

}   // namespace

Result<> read_findings(const std::filesystem::path& file, const std::function<void(Finding)>& take) {
    std::ifstream stream{file, std::ios::binary};
    if (!stream || std::filesystem::is_directory(file))
        return fail(Errc::not_found, fmt::format("{} cannot be read", file.string()));
    std::string line(line_bytes_max + 1, '\0');
    for (int number = 1; stream.getline(line.data(), static_cast<std::streamsize>(line.size())); ++number) {
        const auto place = fmt::format("{}:{}", file.string(), number);
        if (number > lines_max)
            return fail(Errc::limit_exceeded,
                        fmt::format("{}: there are more than {} lines", place, lines_max));
        const auto ends = stream.eof() ? 0 : 1;   // the line feed is counted
        const std::string text{line.data(), static_cast<std::size_t>(stream.gcount() - ends)};
        if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
        auto finding = read_finding(text, number);
        if (!finding) return fail(finding.error().code, fmt::format("{}: {}", place, finding.error().what));
        take(*std::move(finding));
    }
    if (stream.bad()) return fail(Errc::unavailable, fmt::format("{} cannot be read", file.string()));
    if (!stream.eof())
        return fail(Errc::malformed,
                    fmt::format("{}: a line has at most {} bytes", file.string(), line_bytes_max));
    return {};
}

}   // namespace ward::lab
