// SPDX-License-Identifier: Apache-2.0
#include "notify/telling.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "desk/pattern.hpp"
#include "json/document.hpp"
#include "notify/escape.hpp"

namespace ward::notify {
namespace {

constexpr std::size_t text_bytes_max = 1'000;
constexpr int high_class = 2;   // desk::class_of

std::string clean(std::string_view text) { return one_line(beginning(text, text_bytes_max)); }

Time to_time(desk::Time time) { return std::chrono::floor<std::chrono::milliseconds>(time); }

void add_clean(std::vector<std::string>& to, const std::vector<std::string>& words, std::size_t most) {
    for (const auto& word : words) {
        if (to.size() >= most) return;
        auto cleaned = clean(word);
        if (std::ranges::find(to, cleaned) == to.end()) to.push_back(std::move(cleaned));
    }
}

/// The riskiest finding of a case that is not explained, or the newest one.
enum class Choice : std::uint8_t { riskiest, newest };
const desk::KeptFinding& chosen(const desk::Book& book, const desk::Standing& one, Choice choice,
                                const desk::DeskLimits& limits) {
    const auto* best = &book.finding(one.findings.back());
    double most = -1;
    for (const auto number : one.findings) {
        const auto& finding = book.finding(number);
        if (desk::effect_of(book, finding).is_explained()) continue;
        const auto risk = choice == Choice::newest ? 0 : desk::risk_of(book, finding, limits);
        if (risk > most || choice == Choice::newest) best = &finding;
        most = std::max(most, risk);
    }
    return *best;
}

Draft draft(What what, const desk::Book& book, const desk::Standing& one, const desk::KeptFinding& finding) {
    Notice notice{.thread = thread_of(book, one.in_case),
                  .what = what,
                  .in_case = one.in_case,
                  .risk = static_cast<int>(std::lround(one.risk * 100)),
                  .at = to_time(finding.at)};
    add_clean(notice.kinds, one.kinds, Notice::machines_max);
    // Those of the finding at hand say most.
    for (const auto* systems : {&finding.systems, &one.actors, &one.reached})
        add_clean(notice.machines, *systems, Notice::machines_max);
    return {std::move(notice), finding.number};
}

/// The case with those that were joined to it, of which other things may have been told.
ToldOfCase told_of(const desk::Book& book, const desk::Standing& one, const Told& told) {
    ToldOfCase all;
    const auto add = [&](std::int64_t number) {
        const auto found = told.find(thread_of(book, number));
        if (found == told.end()) return;
        if (number == one.in_case) all.round = found->second.round;
        all.risk_class = std::max(all.risk_class, found->second.risk_class);
        all.level = std::max(all.level, found->second.level);
    };
    add(one.in_case);
    for (const auto part : one.parts) add(part);
    return all;
}

/// Whoever opens it again is told anew.
void close(const desk::Book& book, const desk::Standing& one, const Told& told, News& news) {
    const auto close_thread = [&](std::int64_t number) {
        const auto found = told.find(thread_of(book, number));
        if (found == told.end() || (found->second.risk_class == 0 && found->second.level == 0)) return;
        news.told[found->first] = {.round = found->second.round + 1};
    };
    close_thread(one.in_case);
    for (const auto part : one.parts) close_thread(part);
}

struct Escalated {
    int level = 0;
    desk::Time at{};
};

/// As it was written down, or is due: nobody may be there to write.
Escalated escalated(const desk::Book& book, const desk::Standing& one, std::span<const desk::Due> dues) {
    const auto due = std::ranges::find(dues, one.in_case, &desk::Due::in_case);
    if (due != dues.end()) return {due->level, due->since};
    Escalated last{.level = one.level};
    if (last.level == 0) return last;
    for (const auto& step : book.steps)
        if (step.what == desk::Step::escalated && book.root_of(step.in_case) == one.in_case)
            last.at = std::max(last.at, step.at);
    return last;
}

void tell_case(const desk::Book& book, const desk::Standing& one, const Escalated& step,
               const desk::DeskLimits& limits, const Told& told, News& news) {
    auto known = told_of(book, one, told);
    const auto risk_class = std::max(1, desk::class_of(one.risk, limits));
    const auto round = std::to_string(known.round);
    const auto before = news.drafts.size();
    if (risk_class > known.risk_class) {
        const bool is_new = known.risk_class == 0;
        auto made = draft(is_new ? What::opened : What::risen, book, one,
                          chosen(book, one, is_new ? Choice::riskiest : Choice::newest, limits));
        made.notice.level = risk_class >= high_class ? 2 : 1;
        made.notice.at = to_time(is_new && known.round == 0 ? one.shown.value_or(one.last) : one.last);
        made.notice.id = make_id({name(made.notice.what), made.notice.thread, round,
                                  is_new ? std::string{} : std::to_string(risk_class)});
        known.risk_class = risk_class;
        news.drafts.push_back(std::move(made));
    }
    if (one.state == desk::State::open && step.level > known.level) {
        auto made = draft(What::escalated, book, one, chosen(book, one, Choice::riskiest, limits));
        made.notice.level = known.level = step.level;
        made.notice.at = to_time(step.at);
        made.notice.id =
            make_id({name(What::escalated), made.notice.thread, round, std::to_string(step.level)});
        news.drafts.push_back(std::move(made));
    }
    if (news.drafts.size() > before) news.told[news.drafts.back().notice.thread] = known;
}

}   // namespace

std::string thread_of(const desk::Book& book, std::int64_t in_case) {
    return make_id({"case", std::to_string(in_case), to_instant(to_time(book.cases.at(in_case).opened))});
}

News Telling::take(const desk::Book& book, desk::Time now, const Told& told) {
    News news;
    const auto standings = desk::stand(book, now, limits_);
    const auto dues = desk::due(standings, now, limits_);
    for (const auto& one : standings)
        if (desk::is_listed(one.state))
            tell_case(book, one, escalated(book, one, dues), limits_, told, news);
        else
            close(book, one, told, news);
    tell_sites(book, standings, news);
    return news;
}

void Telling::tell_sites(const desk::Book& book, std::span<const desk::Standing> standings, News& news) {
    for (const auto& finding : book.findings) {
        if (finding.number <= seen_) continue;
        seen_ = finding.number;
        const auto caller = parse_ip_address(finding.who());
        if (!caller || !sites_.is_inside(*caller) || desk::effect_of(book, finding).is_explained()) continue;
        const auto site = sites_.site_of(*caller);
        bool is_told = false;   // once, though name and address are known
        for (const auto& indicator : indicators_of(finding.kind, finding.systems, sites_)) {
            auto sites = sightings_.see(indicator, site, to_time(finding.at));
            if (sites.empty() || std::exchange(is_told, true)) continue;
            const auto one = std::ranges::find(standings, finding.in_case, &desk::Standing::in_case);
            auto page = draft(What::paging, book, *one, finding);
            page.notice.level = Notice::level_max;
            page.notice.indicator = clean(indicator);
            page.notice.sites = std::move(sites);
            page.notice.id = make_id({name(What::paging), indicator, site, to_instant(page.notice.at)});
            news.drafts.push_back(std::move(page));
        }
    }
}

void add_words(Notice& notice, std::string_view words) {
    const auto document = json::Document::parse(std::string{words}, {.bytes_max = std::size_t{1} << 20U});
    if (!document) return;
    notice.sentence = clean((*document)["sentence"].text());
    notice.harmless_if = clean((*document)["harmless_if"].text());
}

}   // namespace ward::notify
