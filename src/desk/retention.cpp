// SPDX-License-Identifier: Apache-2.0
#include "desk/retention.hpp"

#include <algorithm>
#include <array>

#include "desk/standing.hpp"

namespace ward::desk {
namespace {

/// When something happened last to each case that is no part of another.
std::map<std::int64_t, Time> last_changes(const Book& book) {
    std::map<std::int64_t, Time> last;
    const auto happened = [&](std::int64_t in_case, Time at) {
        auto& time = last.try_emplace(book.root_of(in_case), at).first->second;
        time = std::max(time, at);
    };
    for (const auto& [number, row] : book.cases) happened(number, row.told.value_or(Time::min()));
    for (const auto& finding : book.findings) happened(finding.in_case, finding.kept);
    for (const auto& join : book.joins) happened(join.into, join.at);
    for (const auto& step : book.steps) happened(step.in_case, step.at);
    for (const auto& verdict : book.verdicts) happened(verdict.in_case, verdict.at);
    for (const auto& split : book.splits) {
        happened(split.from, split.at);
        happened(split.into, split.at);
    }
    return last;
}

using Roots = std::set<std::int64_t>;

Roots quiet(const Book& book, Time now, Time before, const DeskLimits& limits) {
    Roots roots;
    for (const auto& [root, at] : last_changes(book))
        if (at < before) roots.insert(root);
    for (const auto& one : stand(book, now, limits))
        if (one.state == State::open || one.state == State::acknowledged) roots.erase(one.in_case);
    return roots;
}

/// Whether any was taken out: all of `together` stay if one of them does.
bool keep_together(Roots& roots, std::span<const std::int64_t> together) {
    const auto goes = [&](std::int64_t root) { return roots.contains(root); };
    if (std::ranges::all_of(together, goes) || std::ranges::none_of(together, goes)) return false;
    for (const auto root : together) roots.erase(root);
    return true;
}

/// Those that a verdict was given on.
std::array<std::int64_t, 2> homes(const Book& book, const Verdict& verdict) {
    const auto root = book.root_of(verdict.in_case);
    return {root, verdict.finding ? book.finding(*verdict.finding).in_case : root};
}

bool goes(const Book& book, const Verdict& verdict, Time before, const Roots& roots) {
    if (verdict.until >= before) return false;
    for (const auto home : homes(book, verdict))
        if (!roots.contains(home)) return false;
    return std::ranges::all_of(book.findings, [&](const KeptFinding& finding) {
        return roots.contains(finding.in_case) ||
               std::ranges::find(finding.verdicts, verdict.number) == finding.verdicts.end();
    });
}

/// Takes out what has to stay for something else that does, until nothing has.
void settle(const Book& book, Time before, Roots& roots) {
    for (bool changed = true; changed;) {
        changed = false;
        for (const auto& split : book.splits) {
            const auto& finding = book.finding(split.finding);
            const std::array together{book.root_of(split.from), book.root_of(split.into), finding.in_case,
                                      book.root_of(finding.own_case)};
            changed |= keep_together(roots, together);
        }
        for (const auto& verdict : book.verdicts) {
            if (goes(book, verdict, before, roots)) continue;
            for (const auto home : homes(book, verdict)) changed |= roots.erase(home) > 0;
        }
    }
}

}   // namespace

Leaving leaving(const Book& book, Time now, std::chrono::days kept, const DeskLimits& limits) {
    const auto before = now - kept;
    auto roots = quiet(book, now, before, limits);
    settle(book, before, roots);
    Leaving all;
    for (const auto& [number, row] : book.cases)
        if (roots.contains(book.root_of(number))) all.cases.insert(number);
    for (const auto& finding : book.findings)
        if (roots.contains(finding.in_case)) all.findings.insert(finding.number);
    for (const auto& verdict : book.verdicts)
        if (goes(book, verdict, before, roots)) all.verdicts.insert(verdict.number);
    for (const auto& declaration : book.declarations) {
        const auto is_needed = [&](const KeptFinding& finding) {
            return !all.findings.contains(finding.number) &&
                   std::ranges::find(finding.declarations, declaration.number) != finding.declarations.end();
        };
        if (declaration.until < before && std::ranges::none_of(book.findings, is_needed))
            all.declarations.insert(declaration.number);
    }
    return all;
}

}   // namespace ward::desk
