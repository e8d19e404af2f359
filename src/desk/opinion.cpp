// SPDX-License-Identifier: Apache-2.0
#include "desk/opinion.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/utf8.hpp"
#include "desk/pattern.hpp"

namespace ward::desk {
namespace {

Result<std::vector<const KeptFinding*>> findings_of(const Book& book, const Opinion& opinion) {
    const auto root = book.root_of(opinion.in_case);
    std::vector<const KeptFinding*> all;
    for (const auto& finding : book.findings)
        if (finding.in_case == root && (!opinion.finding || *opinion.finding == finding.number))
            all.push_back(&finding);
    if (!all.empty()) return all;
    if (opinion.finding)
        return fail(Errc::not_found,
                    fmt::format("case {} has no finding {}", opinion.in_case, *opinion.finding));
    return fail(Errc::not_found, fmt::format("there is no case {}", opinion.in_case));
}

Result<Time> expiry(const Opinion& opinion, Time now, const DeskLimits& limits) {
    if (!opinion.until && opinion.said == Said::expected)
        return fail(Errc::malformed, "until when is it expected? --until says so");
    const auto until = opinion.until.value_or(now + limits.benign_for);
    if (until <= now) return fail(Errc::malformed, "a verdict cannot end before it is given");
    if (until > now + limits.verdict_max)
        return fail(Errc::malformed, fmt::format("a verdict holds for {} days at the most; then look again",
                                                 limits.verdict_max.count()));
    return until;
}

}   // namespace

Result<> check_text(std::string_view text, std::string_view what, const DeskLimits& limits) {
    if (text.empty()) return fail(Errc::malformed, fmt::format("{} is missing", what));
    if (text.size() > limits.text_bytes_max || !is_printable(text))
        return fail(Errc::malformed, fmt::format("{} is too long or no printable UTF-8: at most {} bytes",
                                                 what, limits.text_bytes_max));
    return {};
}

Result<Verdict> weigh(const Book& book, const Opinion& opinion, Time now, const DeskLimits& limits) {
    const auto findings = TRY(findings_of(book, opinion));
    Verdict verdict{.number = book.given.verdict + 1,
                    .in_case = opinion.in_case,
                    .finding = opinion.finding,
                    .said = opinion.said,
                    .reason = opinion.reason,
                    .by = opinion.by,
                    .at = now,
                    .since = *book.newest() - limits.looked_back};
    verdict.until = TRY(expiry(opinion, now, limits));
    for (const auto* finding : findings) {
        if (!opinion.whom.empty() && std::ranges::find(finding->systems.begin() + 1, finding->systems.end(),
                                                       opinion.whom) == finding->systems.end())
            continue;
        verdict.since = std::min(verdict.since, finding->at);
        verdict.patterns.push_back({.kind = finding->kind, .who = finding->who(), .whom = opinion.whom});
    }
    std::ranges::sort(verdict.patterns);
    const auto rest = std::ranges::unique(verdict.patterns);
    verdict.patterns.erase(rest.begin(), rest.end());
    if (verdict.patterns.empty())
        return fail(Errc::not_found, "none of these findings was done to " + opinion.whom);
    return verdict;
}

std::vector<std::int64_t> changed_by(const Book& book, const Verdict& verdict) {
    using enum Effect::What;
    const auto wanted = verdict.said == Said::true_attack ? raised : explained;
    std::vector<std::int64_t> changed;
    for (const auto& finding : book.findings)
        if (covers(verdict, finding) && effect_of(book, finding).what != wanted)
            changed.push_back(finding.number);
    return changed;
}

std::vector<std::int64_t> changed_by(const Book& book, const Declaration& declaration) {
    std::vector<std::int64_t> changed;
    for (const auto& finding : book.findings)
        if (explains(declaration, finding) && finding.verdicts.empty() && finding.declarations.empty())
            changed.push_back(finding.number);
    return changed;
}

Result<> check(const Declaration& declaration, const DeskLimits& limits) {
    TRY(check_text(declaration.reason, "a reason", limits));
    TRY(check_text(declaration.by, "who declares it", limits));
    TRY(check_text(declaration.host, "a host or a network", limits));
    const auto longest = declaration.what == Declared::scanner ? limits.scanner_max : limits.window_max;
    if (declaration.until <= declaration.from) return fail(Errc::malformed, "it ends before it begins");
    if (declaration.until - declaration.from > longest)
        return fail(Errc::malformed,
                    fmt::format("a {} lasts {} days at the most", name(declaration.what), longest.count()));
    if (declaration.kinds.size() > limits.kinds_max) return fail(Errc::malformed, "too many kinds");
    for (const auto& kind : declaration.kinds)
        if (kind.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") != std::string::npos || kind.empty())
            return fail(Errc::malformed, "no kind of finding: " + kind);
    return {};
}

}   // namespace ward::desk
