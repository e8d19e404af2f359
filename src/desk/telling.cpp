// SPDX-License-Identifier: Apache-2.0
#include "desk/telling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/clock.hpp"
#include "desk/pattern.hpp"
#include "desk/technique.hpp"
#include "event/fields.hpp"
#include "history/telling.hpp"

namespace ward::desk {
namespace {

using history::harmless;

constexpr std::size_t named_max = 2;    // in a column
constexpr std::size_t events_max = 4;   // told of each finding; all are in the JSON

std::string joined(const std::vector<std::string>& names) {
    return harmless(fmt::format("{}", fmt::join(names, ", ")));
}

std::string first_few(const std::vector<std::string>& names) {
    if (names.size() <= named_max) return joined(names);
    return fmt::format("{} +{}", joined({names.begin(), names.begin() + named_max}),
                       names.size() - named_max);
}

std::string age(Time since, Time now) {
    const auto minutes = std::chrono::floor<std::chrono::minutes>(now - since).count();
    if (minutes >= 2 * 24 * 60) return fmt::format("{}d", minutes / (24 * 60));
    return minutes >= 120 ? fmt::format("{}h", minutes / 60) : fmt::format("{}m", std::max(0L, minutes));
}

int percent(double risk) { return static_cast<int>(std::lround(risk * 100)); }

std::optional<std::string> instant_of(const std::optional<Time>& time) {
    return time ? std::optional{instant(*time)} : std::nullopt;
}

/// Each once, in the order in which they are told.
std::vector<std::string> tactics_of(json::Value words) {
    std::vector<std::string> tactics;
    for (const auto technique : words["techniques"].items()) {
        std::string tactic{tactic_of(technique.text())};
        if (!tactic.empty() && std::ranges::find(tactics, tactic) == tactics.end())
            tactics.push_back(std::move(tactic));
    }
    return tactics;
}

std::vector<std::string> texts(json::Value array) {
    std::vector<std::string> all;
    for (const auto one : array.items()) all.emplace_back(one.text());
    return all;
}

struct Happened {
    Time at{};
    std::string what{};
    std::string by{};
    std::string why{};

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("at", instant(at));
        visit("what", what);
        visit("by", by);
        visit("why", why);
    }
};

std::vector<Happened> history_of(const Book& book, std::int64_t in_case) {
    std::vector<Happened> all;
    for (const auto& join : book.joins)
        if (book.root_of(join.into) == in_case)
            all.push_back({join.at, fmt::format("case {} became part of case {}", join.from, join.into),
                           join.by, join.why});
    for (const auto& split : book.splits)
        if (book.root_of(split.from) == in_case || book.root_of(split.into) == in_case)
            all.push_back({split.at,
                           fmt::format("finding {} went from case {} to case {}", split.finding, split.from,
                                       split.into),
                           split.by, split.why});
    for (const auto& step : book.steps)
        if (book.root_of(step.in_case) == in_case)
            all.push_back({step.at,
                           step.what == Step::escalated ? fmt::format("escalated to level {}", step.level)
                                                        : std::string{name(step.what)},
                           step.by, step.why});
    for (const auto& verdict : book.verdicts)
        if (book.root_of(verdict.in_case) == in_case)
            all.push_back({verdict.at,
                           fmt::format("verdict {}{}: {} until {}", verdict.number,
                                       verdict.finding ? fmt::format(" on finding {}", *verdict.finding) : "",
                                       name(verdict.said), instant(verdict.until)),
                           verdict.by, verdict.reason});
    std::ranges::stable_sort(all, {}, &Happened::at);
    return all;
}

std::string explanation(const Book& book, const KeptFinding& finding) {
    const auto effect = effect_of(book, finding);
    if (effect.verdict > 0) {
        const auto& verdict = book.verdict(effect.verdict);
        return fmt::format("{} by verdict {} ({}): {}", effect.is_explained() ? "explained" : "raised",
                           verdict.number, verdict.by, verdict.reason);
    }
    if (effect.declaration == 0) return {};
    const auto& declaration = book.declaration(effect.declaration);
    return fmt::format("explained by {} {} ({}): {}", name(declaration.what), declaration.number,
                       declaration.by, declaration.reason);
}

void append_fact(std::string& out, std::string_view lead, json::Value fact) {
    out += fmt::format("  {}{}: {}", lead, harmless(fact["what"].text()), harmless(fact["now"].text()));
    if (const auto usual = fact["usual"].text(); !usual.empty())
        out += fmt::format(" (usual: {})", harmless(usual));
    out += '\n';
}

void append_finding(std::string& out, const Book& book, const KeptFinding& finding, json::Value words) {
    auto tactics = tactics_of(words);
    out += fmt::format("\n{}  {}{}{}  (finding {}, {})\n", instant(finding.at), joined(tactics),
                       tactics.empty() ? "" : ": ", finding.kind, finding.number,
                       joined(texts(words["techniques"])));
    out += fmt::format("  {}\n", harmless(words["sentence"].text()));
    out += fmt::format("  severity {}, {} % sure\n", harmless(words["severity"].text()), finding.confidence);
    for (const auto fact : words["facts"].items()) append_fact(out, "", fact);
    for (const auto fact : words["against"].items()) append_fact(out, "against it, ", fact);
    out += fmt::format("  harmless if {}\n", harmless(words["harmless_if"].text()));
    auto events = texts(words["events"]);
    const auto more = events.size() > events_max ? events.size() - events_max : 0;
    if (more > 0) events.resize(events_max);
    if (!events.empty())
        out += fmt::format("  events: {}{}\n", joined(events),
                           more > 0 ? fmt::format(" and {} more", more) : "");
    if (const auto why = explanation(book, finding); !why.empty()) out += "  " + harmless(why) + "\n";
}

void add_standing(event::Fields& fields, const Standing& one) {
    fields("case", one.in_case);
    fields("state", one.state);
    fields("risk", percent(one.risk));
    fields("level", one.level);
    fields("opened", instant(one.opened));
    fields("last", instant(one.last));
    fields("shown", instant_of(one.shown));
    fields("due", instant_of(one.due));
    fields("kinds", one.kinds);
    fields("actors", one.actors);
    fields("reached", one.reached);
    fields("parts", one.parts);
}

}   // namespace

std::string instant(Time time) { return to_instant(std::chrono::floor<std::chrono::milliseconds>(time)); }

std::string table_of(const std::vector<Standing>& standings, Time now) {
    if (standings.empty()) return {};
    auto out = fmt::format("{:>5} {:>5} {:12} {:>5} {:>5}  {:34} {:32} {}\n", "case", "risk", "state",
                           "level", "age", "kinds", "who", "machines");
    for (const auto& one : standings)
        out += fmt::format("{:>5} {:>3} % {:12} {:>5} {:>5}  {:34} {:32} {}\n", one.in_case,
                           percent(one.risk), name(one.state), one.level, age(one.opened, now),
                           first_few(one.kinds), first_few(one.actors), one.reached.size());
    return out;
}

std::string to_json(const Standing& standing) {
    std::string out;
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    add_standing(fields, standing);
    fields("findings", standing.findings);
    fields("explained", standing.explained);
    writer.end_object();
    return out;
}

std::string story_of(const Book& book, const Standing& standing, const Words& words) {
    auto out = fmt::format("Case {}: {}, risk {} %, escalated {} times\n", standing.in_case,
                           name(standing.state), percent(standing.risk), standing.level);
    out += fmt::format("Who: {}\nReached: {}\nFrom {} to {}\n", joined(standing.actors),
                       standing.reached.empty() ? "nothing else" : joined(standing.reached),
                       instant(standing.opened), instant(standing.last));
    if (standing.due) out += fmt::format("Escalates at {} unless somebody answers\n", instant(*standing.due));
    for (const auto number : standing.findings) {
        const auto document = json::Document::parse(words.at(number));
        if (document) append_finding(out, book, book.finding(number), document->root());
    }
    const auto history = history_of(book, standing.in_case);
    if (!history.empty()) out += "\nWhat was done\n";
    for (const auto& one : history)
        out += fmt::format("{}  {}, by {}{}\n", instant(one.at), one.what, harmless(one.by),
                           one.why.empty() ? "" : ": " + harmless(one.why));
    return out;
}

std::string story_json(const Book& book, const Standing& standing, const Words& words) {
    std::string out;
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    add_standing(fields, standing);
    writer.plain_key("findings").begin_array();
    for (const auto number : standing.findings) {
        const auto& finding = book.finding(number);
        const auto document = json::Document::parse(words.at(number));
        if (!document) continue;
        writer.begin_object();
        fields("number", number);
        fields("finding", finding.kind);
        fields("concluded", instant(finding.at));
        fields("own_case", finding.own_case);
        fields("tactics", tactics_of(document->root()));
        fields("said", explanation(book, finding));
        fields("explained", effect_of(book, finding).is_explained());
        for (const auto& [key, raw_key, value] : document->root().members()) writer.key(key).value(value);
        writer.end_object();
    }
    writer.end_array();
    fields("history", history_of(book, standing.in_case));
    writer.end_object();
    return out;
}

std::string line_of(const Verdict& verdict) {
    auto out = fmt::format("verdict {}: {} until {}{}{}\n", verdict.number, name(verdict.said),
                           instant(verdict.until), verdict.by.empty() ? "" : ", by " + harmless(verdict.by),
                           verdict.reason.empty() ? "" : ": " + harmless(verdict.reason));
    for (const auto& pattern : verdict.patterns)
        out += fmt::format("  {} by {}{}\n", pattern.kind, harmless(pattern.who),
                           pattern.whom.empty() ? "" : " to " + harmless(pattern.whom));
    return out;
}

std::string line_of(const Declaration& declaration) {
    return fmt::format(
        "{} {}: {}, {}, from {} until {}, by {}: {}\n", name(declaration.what), declaration.number,
        harmless(declaration.host),
        declaration.kinds.empty() ? "all kinds but ransomware and worm" : joined(declaration.kinds),
        instant(declaration.from), instant(declaration.until), harmless(declaration.by),
        harmless(declaration.reason));
}

std::string to_json(const Verdict& verdict, const std::vector<std::int64_t>& changed) {
    std::string out;
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    fields("verdict", verdict.number);
    fields("case", verdict.in_case);
    fields("finding", verdict.finding);
    fields("said", verdict.said);
    fields("reason", verdict.reason);
    fields("by", verdict.by);
    fields("since", instant(verdict.since));
    fields("until", instant(verdict.until));
    writer.plain_key("patterns").begin_array();
    for (const auto& pattern : verdict.patterns) {
        writer.begin_object();
        fields("kind", pattern.kind);
        fields("who", pattern.who);
        fields("whom", pattern.whom);
        writer.end_object();
    }
    writer.end_array();
    fields("changes", changed);
    writer.end_object();
    return out;
}

std::string to_json(const Declaration& declaration) {
    std::string out;
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    fields("declaration", declaration.number);
    fields("what", declaration.what);
    fields("host", declaration.host);
    fields("kinds", declaration.kinds);
    fields("from", instant(declaration.from));
    fields("until", instant(declaration.until));
    fields("reason", declaration.reason);
    fields("by", declaration.by);
    writer.end_object();
    return out;
}

}   // namespace ward::desk
