// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace ward::watch {

double Cases::Case::risk() const {
    double none = 1;
    for (const auto& [kind, risk] : kinds) none *= 1 - risk;
    return 1 - none;
}

std::size_t Cases::root_of(std::size_t number) const {
    while (joined_[number] != number) {
        joined_[number] = joined_[joined_[number]];
        number = joined_[number];
    }
    return number;
}

std::vector<std::size_t> Cases::related(const detect::Finding& finding) {
    enum class Reach : std::uint8_t { any_case, shown_case };
    std::vector<std::size_t> roots;
    const auto follow = [&](LruMap<std::string, Trace>& traces, const std::string& system, Reach reach) {
        const auto* trace = traces.find(system);
        if (trace == nullptr) return;
        const auto root = root_of(trace->in_case);
        const bool is_shown = cases_[root].is_shown;
        const auto apart_max = is_shown ? limits_.shown_apart_max : limits_.apart_max;
        if (finding.at - trace->last <= apart_max && (is_shown || reach == Reach::any_case))
            roots.push_back(root);
    };
    follow(did_, finding.systems.front(), Reach::any_case);
    follow(taken_over_, finding.systems.front(), Reach::shown_case);
    for (std::size_t i = 1; finding.takes_over && i < finding.systems.size(); ++i) {
        follow(did_, finding.systems[i], Reach::shown_case);
        follow(taken_over_, finding.systems[i], Reach::shown_case);
    }
    return roots;
}

void Cases::join(std::size_t into, std::size_t from) {
    if (into == from) return;
    joined_[from] = into;
    auto gone = std::exchange(cases_[from], {});
    auto& one = cases_[into];
    for (const auto& [kind, risk] : gone.kinds) one.kinds[kind] = std::max(one.kinds[kind], risk);
    if (gone.waiting.size() > one.waiting.size()) one.waiting.swap(gone.waiting);
    one.waiting.insert(one.waiting.end(), gone.waiting.begin(), gone.waiting.end());
    one.is_shown |= gone.is_shown;
}

bool Cases::has_room(double risk, event::Time now) {
    const auto today = std::chrono::floor<std::chrono::days>(now);
    if (today != std::exchange(day_, today)) shown_today_ = 0;
    const auto kept = risk < limits_.risk_high ? limits_.kept_for_high : 0;
    return shown_today_ + kept < limits_.shown_a_day_max;
}

void Cases::show(Case& one, event::Time now) {
    const auto risk = one.risk();
    if (!one.is_shown && risk >= limits_.risk_min && has_room(risk, now)) {
        one.is_shown = true;
        ++shown_today_;
    }
    if (!one.is_shown) return;
    for (const auto finding : std::exchange(one.waiting, {})) shown_[finding] = now;
}

void Cases::place(std::size_t root, const detect::Finding& finding, double risk) {
    did_.at(finding.systems.front()) = {root, finding.at};
    for (const auto& system :
         std::span{finding.systems}.subspan(finding.takes_over ? 1 : finding.systems.size()))
        taken_over_.at(system) = {root, finding.at};
    auto& one = cases_[root];
    auto& riskiest = one.kinds[std::string{finding.kind}];
    riskiest = std::max(riskiest, risk);
    one.waiting.push_back(findings_.size());
    findings_.push_back(root);
    shown_.emplace_back();
}

Cases::Placed Cases::add(const detect::Finding& finding, double risk) {
    auto roots = related(finding);
    Placed placed{.is_new = roots.empty()};
    if (roots.empty()) {
        roots.push_back(joined_.size());
        reserve(joined_.size() + 1);
    }
    const auto oldest = std::ranges::min(roots);
    for (const auto root : roots) {
        if (root_of(root) == oldest) continue;
        placed.joined.push_back(root + 1);
        join(oldest, root);
    }
    place(oldest, finding, risk);
    show(cases_[oldest], finding.at);
    placed.in_case = oldest + 1;
    placed.is_shown = cases_[oldest].is_shown;
    placed.risk = cases_[oldest].risk();
    return placed;
}

void Cases::reserve(std::size_t number) {
    while (joined_.size() < number) {
        joined_.push_back(joined_.size());
        cases_.emplace_back();
    }
}

void Cases::restore(const detect::Finding& finding, double risk, const Kept& kept) {
    reserve(kept.in_case);
    const auto root = kept.in_case - 1;
    place(root, finding, risk);
    auto& one = cases_[root];
    if (!kept.shown) return;
    for (const auto waiting : std::exchange(one.waiting, {})) shown_[waiting] = *kept.shown;
    if (std::exchange(one.is_shown, true)) return;
    const auto day = std::chrono::floor<std::chrono::days>(*kept.shown);
    if (day > day_) shown_today_ = 0;
    if (day >= day_) ++shown_today_;
    day_ = std::max(day_, day);
}

std::size_t Cases::case_of(std::size_t finding) const { return root_of(findings_[finding]) + 1; }

double Cases::risk(std::size_t finding) const { return cases_[root_of(findings_[finding])].risk(); }

std::size_t Cases::below_line() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(cases_, [](const Case& one) { return !one.kinds.empty() && !one.is_shown; }));
}

}   // namespace ward::watch
