// SPDX-License-Identifier: Apache-2.0
#include "notify/findings.hpp"

#include <algorithm>
#include <cmath>

#include "core/text.hpp"
#include "event/timestamp.hpp"
#include "notify/escape.hpp"

namespace ward::notify {
namespace {

constexpr std::size_t text_bytes_max = 1'000;

std::string text(json::Value value) { return one_line(beginning(value.text(), text_bytes_max)); }

int percent(double risk) { return static_cast<int>(std::lround(risk * 100)); }

void add_new(std::vector<std::string>& to, const std::string& word, std::size_t most) {
    if (to.size() < most && std::ranges::find(to, word) == to.end()) to.push_back(word);
}

}   // namespace

std::optional<Telling::Line> Telling::read(const json::Document& document) {
    const auto in_case = number(document["case"].text());
    const auto risk = document["risk"].number();
    const auto at = event::parse_timestamp(document["at"].text());
    Line line{.kind = text(document["finding"]),
              .in_case = 0,
              .risk = 0,
              .at = {},
              .sentence = text(document["sentence"]),
              .harmless_if = text(document["harmless_if"]),
              .systems = {}};
    for (const auto system : document["systems"].items()) line.systems.push_back(text(system));
    if (line.kind.empty() || line.systems.empty() || !in_case || *in_case > INT32_MAX || !risk ||
        !(*risk >= 0 && *risk <= 100) || !at)
        return std::nullopt;
    line.in_case = static_cast<std::int64_t>(*in_case);
    line.risk = static_cast<int>(*risk);
    line.at = std::chrono::floor<std::chrono::milliseconds>(*at);
    return line;
}

bool Telling::has_machine(const Case& one, const Line& line) const {
    return std::ranges::any_of(line.systems, [&](const auto& system) {
        return std::ranges::find(one.machines, system) != one.machines.end();
    });
}

Telling::Case& Telling::case_of(const Line& line) {
    auto found = cases_.find(line.in_case);
    // What was a case of a higher number was joined to this one.
    Case joined{.since = line.at};
    if (found != cases_.end() && found->second.risk <= line.risk)
        for (auto later = std::next(found); later != cases_.end();) {
            if (std::ranges::find(later->second.machines, line.systems.front()) ==
                later->second.machines.end()) {
                ++later;
                continue;
            }
            for (const auto& kind : later->second.kinds) add_new(joined.kinds, kind, limits_.machines_max);
            for (const auto& machine : later->second.machines)
                add_new(joined.machines, machine, limits_.machines_max);
            joined.told = std::max(joined.told, later->second.told);
            later = cases_.erase(later);
        }
    const bool is_same = found != cases_.end() && found->second.risk <= line.risk &&
                         (has_machine(found->second, line) || !joined.machines.empty());
    if (found != cases_.end() && !is_same) cases_.erase(std::exchange(found, cases_.end()));
    if (found == cases_.end()) {
        if (cases_.size() >= limits_.cases_max) cases_.erase(cases_.begin());
        return cases_.emplace(line.in_case, Case{.since = line.at}).first->second;
    }
    auto& one = found->second;
    one.told = std::max(one.told, joined.told);
    for (const auto& kind : joined.kinds) add_new(one.kinds, kind, limits_.machines_max);
    for (const auto& machine : joined.machines) add_new(one.machines, machine, limits_.machines_max);
    return one;
}

Notice Telling::notice(What what, const Line& line, const Case& one) const {
    Notice notice{.what = what,
                  .in_case = line.in_case,
                  .level = one.risk >= percent(limits_.cases.risk_high) ? 2 : 1,
                  .risk = one.risk,
                  .sentence = line.sentence,
                  .kinds = one.kinds,
                  .at = line.at,
                  .harmless_if = line.harmless_if};
    // Those of the finding at hand say most.
    for (const auto* systems : {&line.systems, &one.machines})
        for (const auto& system : *systems) add_new(notice.machines, system, Notice::machines_max);
    notice.thread = make_id({"case", std::to_string(line.in_case), to_instant(one.since)});
    return notice;
}

void Telling::tell_case(const Line& line, Case& one, std::vector<Notice>& notices) const {
    const auto line_of_risk = percent(limits_.cases.risk_min), high = percent(limits_.cases.risk_high);
    if (one.risk < line_of_risk) return;
    const bool becomes_high = one.risk >= high && one.told < high;
    if (one.told != 0 && one.risk < one.told + limits_.growth && !becomes_high) return;
    auto told = notice(one.told == 0 ? What::opened : What::risen, line, one);
    told.id = make_id({name(told.what), told.thread, std::to_string(one.risk)});
    one.told = one.risk;
    notices.push_back(std::move(told));
}

void Telling::tell_sites(const Line& line, const Case& one, std::vector<Notice>& notices) {
    const auto caller = parse_ip_address(line.systems.front());
    if (!caller || !sites_.is_inside(*caller)) return;
    const auto site = sites_.site_of(*caller);
    std::optional<Notice> page;   // one, though name and address are known
    for (const auto& indicator : indicators_of(line.kind, line.systems, sites_)) {
        auto sites = sightings_.see(indicator, site, line.at);
        if (sites.empty() || page) continue;
        page = notice(What::paging, line, one);
        page->level = Notice::level_max;
        page->indicator = indicator;
        page->sites = std::move(sites);
        page->id = make_id({"paging", page->thread, indicator, joined(page->sites, ",")});
    }
    if (page) notices.push_back(*std::move(page));
}

void Telling::take(std::string_view text, std::vector<Notice>& notices) {
    const auto document = json::Document::parse(std::string{text}, {.bytes_max = std::size_t{1} << 20U});
    const auto line = document ? read(*document) : std::nullopt;
    if (!line) {
        ++refused_;
        return;
    }
    auto& one = case_of(*line);
    one.risk = line->risk;
    add_new(one.kinds, line->kind, limits_.machines_max);
    for (const auto& system : line->systems) add_new(one.machines, system, limits_.machines_max);
    tell_case(*line, one, notices);
    tell_sites(*line, one, notices);
}

}   // namespace ward::notify
