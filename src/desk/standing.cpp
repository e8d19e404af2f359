// SPDX-License-Identifier: Apache-2.0
#include "desk/standing.hpp"

#include <algorithm>
#include <tuple>

#include "desk/pattern.hpp"

namespace ward::desk {
namespace {

void add_once(std::vector<std::string>& names, const std::string& name) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// What is gathered of one case before it is judged.
struct Gathered {
    std::map<std::string, double> riskiest{};   // of each kind
    std::optional<Time> asked{};                // since when people can know of what is not explained
    std::optional<Said> answer{};               // the newest on the case
    std::optional<Time> answered{};
    std::optional<Time> acknowledged{};
    std::optional<Time> escalated{};
};

void gather_findings(const Book& book, const DeskLimits& limits, Standing& one, Gathered& gathered) {
    std::ranges::stable_sort(one.findings, {}, [&](std::int64_t number) { return book.finding(number).at; });
    for (const auto number : one.findings) {
        const auto& finding = book.finding(number);
        add_once(one.kinds, finding.kind);
        add_once(one.actors, finding.who());
        for (std::size_t i = 1; i < finding.systems.size(); ++i) add_once(one.reached, finding.systems[i]);
        one.last = std::max(one.last, finding.at);
        if (effect_of(book, finding).is_explained()) {
            ++one.explained;
            continue;
        }
        auto& riskiest = gathered.riskiest[finding.kind];
        riskiest = std::max(riskiest, risk_of(book, finding, limits));
        gathered.asked = std::min(gathered.asked.value_or(finding.kept), finding.kept);
    }
    double none = 1;
    for (const auto& [kind, risk] : gathered.riskiest) none *= 1 - risk;
    one.risk = 1 - none;
}

State state_of(const Standing& one, const Gathered& gathered, Time now, const DeskLimits& limits) {
    if (gathered.answer == Said::true_attack) return State::true_attack;
    if (one.explained == one.findings.size()) {
        if (!gathered.answer) return State::explained;
        return *gathered.answer == Said::benign ? State::benign : State::expected;
    }
    if (!one.shown || one.risk < limits.cases.risk_min) return State::below;
    const bool is_looked_at = gathered.acknowledged && now - *gathered.acknowledged < limits.acknowledged_for;
    return is_looked_at ? State::acknowledged : State::open;
}

std::chrono::minutes patience(double risk, const DeskLimits& limits) {
    switch (class_of(risk, limits)) {
        case 3: return limits.critical_waits;
        case 2: return limits.high_waits;
        default: return limits.rest_waits;
    }
}

void judge(Standing& one, Gathered& gathered, std::optional<Time> told, Time now, const DeskLimits& limits) {
    one.state = state_of(one, gathered, now, limits);
    if (one.state != State::open && one.state != State::acknowledged) return;
    if (one.level >= limits.level_max) return;
    auto asked = std::max(told.value_or(Time::min()), gathered.asked.value_or(Time::min()));
    if (gathered.acknowledged) asked = std::max(asked, *gathered.acknowledged + limits.acknowledged_for);
    if (gathered.escalated) asked = std::max(asked, *gathered.escalated);
    one.due = asked + patience(one.risk, limits);
}

}   // namespace

std::string_view name(State state) {
    switch (state) {
        case State::open: return "open";
        case State::acknowledged: return "acknowledged";
        case State::true_attack: return "true";
        case State::benign: return "benign";
        case State::expected: return "expected";
        case State::explained: return "explained";
        case State::below: return "below";
    }
    return {};
}

bool is_listed(State state) {
    return state == State::open || state == State::acknowledged || state == State::true_attack;
}

int class_of(double risk, const DeskLimits& limits) {
    if (risk >= limits.risk_critical) return 3;
    if (risk >= limits.cases.risk_high) return 2;
    return risk >= limits.cases.risk_min ? 1 : 0;
}

std::vector<Standing> stand(const Book& book, Time now, const DeskLimits& limits) {
    std::map<std::int64_t, Standing> standings;
    std::map<std::int64_t, Gathered> gathered;
    std::map<std::int64_t, std::optional<Time>> told;
    for (const auto& finding : book.findings) standings[finding.in_case].findings.push_back(finding.number);
    for (const auto& [number, row] : book.cases) {
        const auto root = book.root_of(number);
        const auto one = standings.find(root);
        if (one == standings.end()) continue;   // all of it was split off
        if (number != root) one->second.parts.push_back(number);
        // From when one of its parts was first shown.
        const auto earliest = [](std::optional<Time>& first, const std::optional<Time>& other) {
            if (other && (!first || *other < *first)) first = other;
        };
        earliest(one->second.shown, row.shown);
        earliest(told[root], row.told);
        if (number == root) one->second.opened = row.opened;
    }
    for (const auto& verdict : book.verdicts) {
        const auto root = book.root_of(verdict.in_case);
        auto& answered = gathered[verdict.finding ? book.finding(*verdict.finding).in_case : root];
        answered.answer = verdict.said;
        answered.answered = verdict.at;
    }
    for (const auto& step : book.steps) {
        const auto root = book.root_of(step.in_case);
        if (step.what == Step::acknowledged) gathered[root].acknowledged = step.at;
        // What comes after an answer has nobody answered yet, and begins anew.
        if (step.what != Step::escalated || step.at <= gathered[root].answered.value_or(Time::min()))
            continue;
        gathered[root].escalated = step.at;
        standings[root].level = std::max(standings[root].level, step.level);
    }
    std::vector<Standing> all;
    for (auto& [number, one] : standings) {
        if (one.findings.empty()) continue;
        one.in_case = number;
        gather_findings(book, limits, one, gathered[number]);
        judge(one, gathered[number], told[number], now, limits);
        all.push_back(std::move(one));
    }
    return all;
}

void rank(std::vector<Standing>& standings) {
    std::ranges::stable_sort(standings, [](const Standing& one, const Standing& other) {
        const auto key = [](const Standing& standing) {
            return std::tuple{is_listed(standing.state), standing.risk, standing.last};
        };
        return key(one) > key(other);
    });
}

std::vector<Due> due(std::span<const Standing> standings, Time now, const DeskLimits& limits) {
    std::vector<Due> all;
    for (const auto& one : standings)
        if (one.state == State::open && one.level < limits.level_max && one.due && *one.due <= now)
            all.push_back(
                {.in_case = one.in_case, .level = one.level + 1, .risk = one.risk, .since = *one.due});
    return all;
}

}   // namespace ward::desk
