// SPDX-License-Identifier: Apache-2.0
#include "apps/ward-watch/desk.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

#include "apps/ward-watch/declarations.hpp"
#include "apps/ward-watch/keep.hpp"
#include "core/clock.hpp"
#include "core/output.hpp"
#include "desk/ocsf.hpp"
#include "desk/telling.hpp"

namespace ward::watch {
namespace {

constexpr std::size_t examples_max = 5;
constexpr std::size_t batch_max = 200;   // findings of one transaction

void tell(const std::string& text) { fmt::print(stderr, "{}\n", text); }

event::Time now() { return SystemClock{}.now(); }

Result<> write(const std::string& text) {
    auto output = TRY(Output::open(""));
    TRY(output.write(text));
    return output.close();
}

Result<desk::Desk> open_kept(const DeskOptions& options) {
    std::vector<std::filesystem::path> read;
    if (!options.file.empty()) read.emplace_back(options.file);
    TRY(check_inputs(options.file.empty() ? std::vector<std::string>{} : std::vector{options.file}, ""));
    std::error_code error;
    if (!std::filesystem::is_directory(options.folder, error))
        return fail(Errc::not_found, options.folder + ": no cases were kept here");
    TRY(confine_to({.read = std::move(read), .read_write = {options.folder}}));
    return desk::Desk::open_existing(options.folder);
}

Result<desk::Standing> find_case(const desk::Book& book, std::int64_t number, const desk::Desk& desk) {
    const auto root = book.root_of(number);
    for (auto& one : desk::stand(book, now(), desk.limits()))
        if (one.in_case == root) return std::move(one);
    return fail(Errc::not_found, fmt::format("there is no case {}", number));
}

Result<desk::Words> words_of(desk::Desk& desk, const desk::Standing& standing) {
    desk::Words words;
    for (const auto finding : standing.findings) words[finding] = TRY(desk.words(finding));
    return words;
}

Result<> tell_story(desk::Desk& desk, const DeskOptions& options) {
    const auto book = TRY(desk.book());
    const auto standing = TRY(find_case(book, options.number, desk));
    const auto words = TRY(words_of(desk, standing));
    if (standing.in_case != options.number)
        tell(fmt::format("case {} is part of case {}", options.number, standing.in_case));
    if (options.ocsf) return write(desk::to_ocsf(book, standing, words, desk.limits()));
    return write(options.json ? desk::story_json(book, standing, words) + "\n"
                              : desk::story_of(book, standing, words));
}

/// How many findings it changes, and the first few of them.
std::string changes_of(const desk::Book& book, const std::vector<std::int64_t>& changed,
                       std::string_view done) {
    auto out = fmt::format("findings of the last 30 days {}: {}\n", done, changed.size());
    for (std::size_t i = 0; i < std::min(changed.size(), examples_max); ++i) {
        const auto& finding = book.finding(changed[i]);
        out += fmt::format("  {}  finding {} of case {}: {} by {}\n", desk::instant(finding.at),
                           finding.number, finding.in_case, finding.kind, finding.who());
    }
    return out;
}

Result<> list_cases(const DeskOptions& options) {
    const auto since = TRY(moment(options.since, "--since"));
    auto desk = TRY(open_kept(options));
    const auto at = now();
    const auto book = TRY(desk.book());
    auto all = desk::stand(book, at, desk.limits());
    desk::rank(all);
    std::size_t below = 0, closed = 0;
    std::erase_if(all, [&](const desk::Standing& one) {
        if (since && one.last < *since) return true;
        if (options.all || desk::is_listed(one.state)) return false;
        ++(one.state == desk::State::below ? below : closed);
        return true;
    });
    std::string text;
    for (const auto& one : all) {
        if (options.json) text += desk::to_json(one) + "\n";
        if (options.ocsf) text += desk::to_ocsf(book, one, TRY(words_of(desk, one)), desk.limits());
    }
    TRY(write(options.json || options.ocsf ? text : desk::table_of(all, at)));
    if (below > 0)
        tell(fmt::format("{} cases are of too little risk to be shown; --all tells of them", below));
    if (closed > 0) tell(fmt::format("{} cases are closed or explained; --all tells of them", closed));
    return {};
}

Result<> work_on_case(const DeskOptions& options) {
    auto desk = TRY(open_kept(options));
    if (options.acknowledge) {
        TRY(desk.acknowledge(options.number, options.by, options.reason, now()));
        tell(fmt::format("case {} is looked at by {}", options.number, options.by));
        return {};
    }
    if (options.split > 0) {
        const auto made = TRY(desk.split(options.number, options.split, options.by, options.reason, now()));
        tell(fmt::format("finding {} is case {} now", options.split, made));
        return {};
    }
    if (options.join > 0) {
        const auto into = TRY(desk.join(options.number, options.join, options.by, options.reason, now()));
        tell(fmt::format("cases {} and {} are case {} now", options.number, options.join, into));
        return {};
    }
    if (!options.by.empty() || !options.reason.empty())
        return fail(Errc::malformed,
                    "--by and --reason say who does what: --acknowledge, --split or --join?");
    return tell_story(desk, options);
}

Result<> give_verdict(const DeskOptions& options) {
    const auto said = *desk::parse_said(options.said);   // the command line allows no other
    desk::Opinion opinion{.in_case = options.number,
                          .said = said,
                          .reason = options.reason,
                          .by = options.by,
                          .whom = options.whom};
    if (options.finding > 0) opinion.finding = options.finding;
    opinion.until = TRY(moment_ahead(options.until, "--until", now()));
    auto desk = TRY(open_kept(options));
    const auto outcome = TRY(options.preview ? desk.preview(opinion, now()) : desk.say(opinion, now()));
    if (options.json) return write(desk::to_json(outcome.verdict, outcome.changed) + "\n");
    const auto book = TRY(desk.book());
    const std::string done = said == desk::Said::true_attack ? "raised" : "hidden";
    return write((options.preview ? "not given: " : "") + desk::line_of(outcome.verdict) +
                 changes_of(book, outcome.changed,
                            options.preview ? "that it would have " + done : "that it has " + done));
}

Result<> declare(const DeskOptions& options) {
    auto declaration = TRY(declaration_of(options, now()));
    auto desk = TRY(open_kept(options));
    const auto changed = TRY(desk.declare(declaration, now()));
    if (options.json) return write(desk::to_json(declaration) + "\n");
    const auto book = TRY(desk.book());
    for (const auto& kind : declaration.kinds)
        if (std::ranges::find(book.findings, kind, &desk::KeptFinding::kind) == book.findings.end())
            tell("ward-watch: nothing was found yet of kind " + kind);
    return write(desk::line_of(declaration) + changes_of(book, changed, "that it explains"));
}

Result<> declare_all(const DeskOptions& options) {
    auto desk = TRY(open_kept(options));
    auto declarations = TRY(read_declarations(options.file, now()));
    for (const auto& one : declarations) TRY(desk::check(one, desk.limits()));
    const auto known = TRY(desk.book()).declarations;
    std::string text;
    std::size_t repeated = 0;
    for (auto& one : declarations) {
        const auto is_same = [&](const desk::Declaration& other) {
            return one.what == other.what && one.host == other.host && one.kinds == other.kinds &&
                   one.from == other.from && one.reason == other.reason && one.by == other.by;
        };
        if (std::ranges::any_of(known, is_same)) {
            ++repeated;
            continue;
        }
        TRY(desk.declare(one, now()));
        text += options.json ? desk::to_json(one) + "\n" : desk::line_of(one);
    }
    if (repeated > 0) tell(fmt::format("{} were declared before", repeated));
    return write(text);
}

Result<> list_declarations(const DeskOptions& options) {
    auto desk = TRY(open_kept(options));
    const auto book = TRY(desk.book());
    std::string text;
    for (const auto& one : book.declarations)
        if (options.all || one.until > now())
            text += options.json ? desk::to_json(one) + "\n" : desk::line_of(one);
    return write(text);
}

Result<> end_declaration(const DeskOptions& options) {
    auto desk = TRY(open_kept(options));
    TRY(desk.end(options.number, options.by, options.reason, now()));
    tell(fmt::format("declaration {} explains nothing more from now on", options.number));
    return {};
}

Result<> escalate(const DeskOptions& options) {
    auto desk = TRY(open_kept(options));
    std::string text;
    for (const auto& one : TRY(desk.escalate(now())))
        text += options.json ? fmt::format("{{\"case\":{},\"level\":{},\"since\":\"{}\"}}\n", one.in_case,
                                           one.level, desk::instant(one.since))
                             : fmt::format("case {} escalates to level {}: nobody answered until {}\n",
                                           one.in_case, one.level, desk::instant(one.since));
    return write(text);
}

}   // namespace

Result<> keep_findings(desk::Desk& desk, std::span<const detect::Finding> findings) {
    desk::Desk::Counts sum;
    for (std::size_t begin = 0; begin < findings.size(); begin += batch_max) {
        const auto batch = findings.subspan(begin, std::min(batch_max, findings.size() - begin));
        const auto counts = TRY(desk.keep(batch, now()));
        sum.added += counts.added;
        sum.repeated += counts.repeated;
        sum.explained += counts.explained;
    }
    tell(fmt::format("{} findings kept, {} were there already", sum.added, sum.repeated));
    if (sum.explained > 0) tell(fmt::format("{} are explained by what was said before", sum.explained));
    return {};
}

Result<> forget_cases(const CommandOptions& options) {
    DeskOptions kept;
    kept.folder = options.cases;
    auto desk = TRY(open_kept(kept));
    const auto gone = TRY(desk.forget(now(), std::chrono::days{options.case_days}));
    tell(fmt::format("{} cases forgotten, with {} findings", gone.cases, gone.findings));
    return {};
}

Result<> work_at_desk(const DeskOptions& options) {
    switch (options.chosen) {
        case DeskAction::none: break;
        case DeskAction::list_cases: return list_cases(options);
        case DeskAction::work_on_case: return work_on_case(options);
        case DeskAction::give_verdict: return give_verdict(options);
        case DeskAction::declare: return declare(options);
        case DeskAction::declare_all: return declare_all(options);
        case DeskAction::list_declarations: return list_declarations(options);
        case DeskAction::end_declaration: return end_declaration(options);
        case DeskAction::escalate: return escalate(options);
    }
    return {};
}

}   // namespace ward::watch
