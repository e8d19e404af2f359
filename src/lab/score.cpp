// SPDX-License-Identifier: Apache-2.0
#include "lab/score.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "json/writer.hpp"
#include "lab/scenario/must_not.hpp"

namespace ward::lab {

using namespace std::chrono;

Scorer::Scorer(const TrueStory& truth)
    : truth_(truth), earliest_(truth.steps.size()), traces_(truth.steps.size()) {
    for (std::uint32_t i = 0; i < truth.steps.size(); ++i) {
        const auto& step = truth.steps[i];
        index(&Scorer::events_, step.events, i);
        index(&Scorer::people_, step.people, i);
        index(&Scorer::patients_, step.patients, i);
        index(&Scorer::systems_, step.systems, i);
        for (const auto& one : step.must_not)
            for (const auto& target : one.targets)
                bans_[{one.action, target}][i].push_back({i, one.from, one.until, one.until, &one});
    }
    for (auto& [what, of_steps] : bans_)
        for (auto& [step, bans] : of_steps) {
            std::ranges::stable_sort(bans, {}, &Ban::from);
            auto latest = bans.front().until;
            for (auto& ban : bans) latest = ban.latest = std::max(latest, ban.until);
        }
}

void Scorer::index(Index Scorer::*into, const std::vector<std::string>& names, std::uint32_t step) {
    for (const auto& name : names) {
        auto& steps = (this->*into)[name];
        if (steps.empty() || steps.back() != step) steps.push_back(step);
    }
}

void Scorer::mark(const Index& index, const std::vector<std::string>& names, Trace trace) {
    for (const auto& name : names) {
        const auto steps = index.find(name);
        if (steps == index.end()) continue;
        for (const auto step : steps->second) {
            if (traces_[step] == 0) touched_.push_back(step);
            traces_[step] |= trace;
        }
    }
}

bool Scorer::is_about(std::uint32_t step) const {
    const auto traces = traces_[step];
    if ((traces & event) != 0) return true;
    if (truth_.steps[step].patients.empty()) return (traces & (person | system)) != 0;
    return (traces & person) != 0 && (traces & patient) != 0;
}

void Scorer::note(Times& times, Time at) {
    if (times.count++ == 0 || at < times.first) times.first = at;
}

void Scorer::take(const Finding& finding) {
    mark(events_, finding.events, event);
    mark(people_, finding.people, person);
    mark(patients_, finding.patients, patient);
    mark(systems_, finding.systems, system);
    auto& in = cases_[{finding.in_case, finding.line}];
    for (const auto step : touched_) {
        if (is_about(step)) hold(finding, step, in);
        traces_[step] = 0;
    }
    touched_.clear();
    for (const auto& action : finding.actions) hold(action);
}

void Scorer::hold(const Finding& finding, std::uint32_t step, Case& in) {
    const auto& of = truth_.steps[step];
    if (finding.finding != of.finding || finding.at < of.first) return;
    if (!of.is_attack) return note(in.raised[step], finding.at);
    if (finding.at > of.find_by) return;
    in.holds = true;
    auto& earliest = earliest_[step];
    if (!earliest || finding.at < *earliest) earliest = finding.at;
}

void Scorer::hold(const Action& action) {
    const auto bans = bans_.find({action.action, action.target});
    if (bans == bans_.end()) return;
    for (const auto& [step, all] : bans->second) {
        auto ban = std::ranges::upper_bound(all, action.at, {}, &Ban::from);
        // Back to the last that was begun and is not over, if any before is not.
        do {
            if (ban == all.begin() || std::prev(ban)->latest <= action.at) break;
            --ban;
        } while (ban->until <= action.at);
        if (ban == all.end() || ban->from > action.at || ban->until <= action.at) continue;
        auto& times = done_[{step, action.action, action.target}];
        if (times.count == 0 || action.at < times.first) times.what = ban->what;
        note(times, action.at);
    }
}

Score Scorer::score() const {
    Score score;
    for (std::uint32_t i = 0; i < truth_.steps.size(); ++i) {
        const auto& step = truth_.steps[i];
        if (!step.is_attack) continue;
        if (earliest_[i])
            score.found.push_back({step.id, duration_cast<seconds>(*earliest_[i] - step.first).count()});
        else
            score.missed.push_back(step.id);
    }
    auto done = done_;
    for (const auto& [key, one] : cases_) {
        if (one.holds) continue;
        const auto name = key.first.empty() ? fmt::format("line {}", key.second) : key.first;
        score.false_cases.push_back(name);
        for (const auto& [step, times] : one.raised) done[{step, std::string{raise_case}, name}] = times;
    }
    for (const auto& [key, times] : done) {
        const auto& [step, action, target] = key;
        score.must_not_done.push_back(
            {truth_.steps[step].id, action, target, times.first, times.count,
             times.what == nullptr ? "it only looks like an attack" : times.what->why});
    }
    const auto length = duration_cast<seconds>(truth_.end - truth_.begin).count();
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
    writer.key("must_not_done").begin_array();
    for (const auto& one : score.must_not_done) {
        writer.begin_object().member("step", one.step).member("action", one.action);
        writer.member("target", one.target).member("at", to_instant(one.at));
        writer.key("times").number(one.times).member("why", one.why).end_object();
    }
    writer.end_array().end_object();
    return json + '\n';
}

}   // namespace ward::lab
