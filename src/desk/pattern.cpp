// SPDX-License-Identifier: Apache-2.0
#include "desk/pattern.hpp"

#include <algorithm>
#include <span>

#include "history/scalar.hpp"
#include "watch/cases.hpp"

namespace ward::desk {
namespace {

bool matches(const Pattern& pattern, const KeptFinding& finding) {
    if (pattern.kind != finding.kind || pattern.who != finding.who()) return false;
    const auto whom = std::span{finding.systems}.subspan(1);
    return pattern.whom.empty() || std::ranges::find(whom, pattern.whom) != whom.end();
}

bool is_of(std::string_view host, const std::string& who) {
    if (host == who) return true;
    const auto network = history::parse_prefix(host);
    const auto address = parse_ip_address(who);
    return network && address && network->holds(*address);
}

}   // namespace

bool covers(const Verdict& verdict, const KeptFinding& finding) {
    return finding.at >= verdict.since && finding.at < verdict.until &&
           std::ranges::any_of(verdict.patterns,
                               [&](const Pattern& pattern) { return matches(pattern, finding); });
}

bool must_be_named(std::string_view kind) { return kind == "ransomware" || kind == "worm"; }

bool explains(const Declaration& declaration, const KeptFinding& finding) {
    if (finding.at < declaration.from || finding.at >= declaration.until) return false;
    if (!is_of(declaration.host, finding.who())) return false;
    const auto& kinds = declaration.kinds;
    return kinds.empty() ? !must_be_named(finding.kind)
                         : std::ranges::find(kinds, finding.kind) != kinds.end();
}

Effect effect_of(const Book& book, const KeptFinding& finding) {
    using enum Effect::What;
    if (!finding.verdicts.empty()) {
        const auto newest = finding.verdicts.back();
        const auto said = book.verdict(newest).said;
        return {.what = said == Said::true_attack ? raised : explained, .verdict = newest};
    }
    if (!finding.declarations.empty()) return {.what = explained, .declaration = finding.declarations.back()};
    return {};
}

double risk_of(const Book& book, const KeptFinding& finding, const DeskLimits& limits) {
    const auto risk = detect::risk_of(as_found(finding));
    switch (effect_of(book, finding).what) {
        case Effect::What::none: return risk;
        case Effect::What::raised: return risk + (1 - risk) * limits.raise;
        case Effect::What::explained: return 0;
    }
    return risk;
}

detect::Finding as_found(const KeptFinding& finding) {
    return {.kind = finding.kind,
            .at = finding.at,
            .severity = finding.severity,
            .confidence = finding.confidence,
            .systems = finding.systems,
            .takes_over = finding.takes_over};
}

}   // namespace ward::desk
