// SPDX-License-Identifier: Apache-2.0
// What is kept of findings, their cases, and what people said of them: docs/formats/cases.md.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/finding.hpp"
#include "watch/cases.hpp"

namespace ward::desk {

using event::Time;

struct DeskLimits {
    std::chrono::days looked_back{30};   // from the newest finding: what a verdict covers of the past
    std::chrono::days benign_for{90};    // and true, where nobody says until when
    std::chrono::days verdict_max{365};
    std::chrono::days window_max{14};
    std::chrono::days scanner_max{365};
    std::size_t text_bytes_max = 1'000;   // of a reason, a name, a host
    std::size_t kinds_max = 64;           // of a declaration
    double raise = 0.5;                   // what a true verdict takes of what is missing to certainty

    watch::CaseLimits cases{};
    double risk_critical = 0.7;
    std::chrono::minutes critical_waits{15};
    std::chrono::minutes high_waits{4 * 60};
    std::chrono::minutes rest_waits{24 * 60};
    std::chrono::hours acknowledged_for{24};
    int level_max = 3;
};

enum class Said : std::uint8_t { true_attack, benign, expected };
std::string_view name(Said said);   // "true", "benign", "expected"
std::optional<Said> parse_said(std::string_view text);

/// What a verdict is on: that kind, by that one; to that one too, unless empty.
struct Pattern {
    std::string kind;
    std::string who;
    std::string whom{};

    auto operator<=>(const Pattern&) const = default;
};

struct Verdict {
    std::int64_t number = 0;
    std::int64_t in_case = 0;                // the number that the person named
    std::optional<std::int64_t> finding{};   // of that case, where it is on one only
    Said said = Said::benign;
    std::string reason{};
    std::string by{};
    Time at{};      // when it was given
    Time since{};   // covers what was concluded from then on, until it expires
    Time until{};
    std::vector<Pattern> patterns{};
};

enum class Declared : std::uint8_t { scanner, window };
std::string_view name(Declared declared);

/// What somebody said beforehand that a host would do.
struct Declaration {
    std::int64_t number = 0;
    Declared what = Declared::window;
    std::string host{};                 // an address, a network (10.20.0.0/16) or a name
    std::vector<std::string> kinds{};   // empty: all but those that must be named
    Time from{};
    Time until{};   // earlier where somebody ended it
    std::string reason{};
    std::string by{};
    Time at{};
};

struct KeptFinding {
    std::int64_t number = 0;
    std::string kind{};
    Time at{};
    std::vector<std::string> systems{};
    detect::Severity severity = detect::Severity::medium;
    int confidence = 0;
    bool takes_over = false;
    std::int64_t own_case = 0;   // that it was put in first
    std::int64_t in_case = 0;    // after all joins and splits
    Time kept{};
    std::vector<std::int64_t> verdicts{};       // that cover it, in their order
    std::vector<std::int64_t> declarations{};   // that explain it

    const std::string& who() const { return systems.front(); }
};

struct CaseRow {
    Time opened{};                 // by its first finding's time
    std::optional<Time> shown{};   // by the time of the findings
    std::optional<Time> told{};    // by the clock on the wall: from then on people can know
};

struct Join {
    std::int64_t from = 0;
    std::int64_t into = 0;
    Time at{};
    std::string by{};
    std::string why{};
};

struct Split {
    std::int64_t finding = 0;
    std::int64_t from = 0;
    std::int64_t into = 0;
    Time at{};
    std::string by{};
    std::string why{};
};

enum class Step : std::uint8_t { acknowledged, escalated };
std::string_view name(Step step);

struct StepRow {
    std::int64_t in_case = 0;
    Step what = Step::acknowledged;
    int level = 0;   // after it escalated
    Time at{};
    std::string by{};
    std::string why{};
};

/// The last number of each that was given, also where its row is gone.
struct Given {
    std::int64_t finding = 0;
    std::int64_t in_case = 0;
    std::int64_t verdict = 0;
    std::int64_t declaration = 0;
};

/// All of it, but what findings say in words.
struct Book {
    std::vector<KeptFinding> findings{};   // the lowest number first
    std::map<std::int64_t, CaseRow> cases{};
    std::vector<Join> joins{};
    std::vector<Split> splits{};
    std::vector<StepRow> steps{};
    std::vector<Verdict> verdicts{};           // the lowest number first
    std::vector<Declaration> declarations{};   // the same
    Given given{};

    /// Null where it is not there.
    KeptFinding* find_finding(std::int64_t number);
    Verdict* find_verdict(std::int64_t number);
    /// Of numbers that were found in this book.
    const KeptFinding& finding(std::int64_t number) const;
    const Verdict& verdict(std::int64_t number) const;
    const Declaration& declaration(std::int64_t number) const;
    /// The case that one is part of now, or itself.
    std::int64_t root_of(std::int64_t in_case) const;
    /// Fills `in_case` of all findings.
    void settle();
    /// Of all findings; nothing where there are none.
    std::optional<Time> newest() const;
};

}   // namespace ward::desk
