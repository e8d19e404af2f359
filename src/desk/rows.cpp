// SPDX-License-Identifier: Apache-2.0
#include "desk/rows.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace ward::desk {
namespace {

/// Of rows in the order of their numbers.
template <class Rows>
auto* find_row(Rows& rows, std::int64_t number) {
    using Row = typename Rows::value_type;
    const auto place = std::ranges::lower_bound(rows, number, {}, &Row::number);
    return place == rows.end() || place->number != number ? nullptr : &*place;
}

template <class Rows>
const auto& row_of(const Rows& rows, std::int64_t number) {
    const auto* row = find_row(rows, number);
    WARD_ASSERT(row != nullptr);
    return *row;
}

}   // namespace

std::string_view name(Said said) {
    switch (said) {
        case Said::true_attack: return "true";
        case Said::benign: return "benign";
        case Said::expected: return "expected";
    }
    return {};
}

std::optional<Said> parse_said(std::string_view text) {
    for (const auto said : {Said::true_attack, Said::benign, Said::expected})
        if (name(said) == text) return said;
    return std::nullopt;
}

std::string_view name(Declared declared) { return declared == Declared::scanner ? "scanner" : "window"; }

std::string_view name(Step step) { return step == Step::acknowledged ? "acknowledged" : "escalated"; }

KeptFinding* Book::find_finding(std::int64_t number) { return find_row(findings, number); }
Verdict* Book::find_verdict(std::int64_t number) { return find_row(verdicts, number); }
const KeptFinding& Book::finding(std::int64_t number) const { return row_of(findings, number); }
const Verdict& Book::verdict(std::int64_t number) const { return row_of(verdicts, number); }
const Declaration& Book::declaration(std::int64_t number) const { return row_of(declarations, number); }

std::int64_t Book::root_of(std::int64_t in_case) const {
    // Each join is of what was no part of another then.
    for (const auto& join : joins)
        if (join.from == in_case) in_case = join.into;
    return in_case;
}

void Book::settle() {
    for (auto& finding : findings) finding.in_case = finding.own_case;
    for (const auto& split : splits) find_finding(split.finding)->in_case = split.into;
    std::map<std::int64_t, std::int64_t> roots;
    for (auto& finding : findings) {
        const auto [root, is_first] = roots.try_emplace(finding.in_case);
        if (is_first) root->second = root_of(finding.in_case);
        finding.in_case = root->second;
    }
}

std::optional<Time> Book::newest() const {
    if (findings.empty()) return std::nullopt;
    return std::ranges::max_element(findings, {}, &KeptFinding::at)->at;
}

}   // namespace ward::desk
