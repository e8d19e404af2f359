// SPDX-License-Identifier: Apache-2.0
// What is said of a burst of new relations.
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

#include "detect/edges/edges.hpp"

namespace ward::detect {
namespace {

struct Words {
    std::string_view of_host;
    std::string_view of_account;
    std::array<std::string_view, 2> techniques;
};

constexpr std::array<Words, relations> words{{
    {"hosts it never spoke to", "", {"T1046", "T1021"}},
    {"kinds of service it never used", "", {"T1046", "T1021"}},
    {"shares it never opened", "", {"T1135", "T1021"}},
    {"", "places and services where it never signed in", {"T1078", "T1021"}},
    {"patients it never had to do with", "patients it never had to do with", {"T1213", ""}},
}};

/// What nineteen hours of twenty do not exceed.
template <class Recent>
unsigned usual_most(const Recent& recent, std::size_t relation) {
    std::vector<unsigned> all;
    for (const auto& one : recent) all.push_back(one[relation]);
    if (all.empty()) return 0;
    const auto rank = all.begin() + static_cast<std::ptrdiff_t>((all.size() - 1) * 19 / 20);
    std::ranges::nth_element(all, rank);
    return *rank;
}

std::string sentence(const Actor& actor, const std::string& name, std::string_view kind) {
    if (actor.is_account())
        return fmt::format(
            "Within an hour the account {} signed in at many places, or opened many charts, where it "
            "never did before.",
            name);
    return fmt::format(
        "Within an hour {} ({}) turned to many machines or services that it never used before, far "
        "more than others of its kind do.",
        name, kind);
}

}   // namespace

void NewEdges::add_facts(const Source& source, Finding& finding) const {
    const auto& kind = names_.name(source.kind);
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < relations; ++i)
        if (source.news[i] > 0) order.push_back(i);
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) {
        return source.news[i] * std::log(std::max(source.news[i] / expected(source, i), 1.0));
    });
    for (const auto i : order) {
        const auto what = kind == "account" ? words[i].of_account : words[i].of_host;
        finding.facts.push_back(
            {fmt::format("{}, in an hour", what),
             fmt::format("at most {} in 19 hours of 20 for its kind ({}), {:.1f} on average for itself",
                         usual_most(like(source).recent, i), knows(kinds_[source.kind]) ? kind : "any host",
                         source.usual_news[i]),
             fmt::format("{}{}", source.news[i],
                         source.edges.size() == Distinct::kept_max ? " or more" : "")});
        for (const auto technique : words[i].techniques)
            if (!technique.empty() &&
                std::ranges::find(finding.techniques, technique) == finding.techniques.end())
                finding.techniques.push_back(technique);
    }
    double usual_all = 0;
    std::size_t all = 0;
    for (std::size_t i = 0; i < relations; ++i) {
        usual_all += source.usual_edges[i];
        all += source.all[i];
    }
    finding.facts.push_back({"all it had to do with in that hour, known ones among them",
                             fmt::format("{:.0f} on average", usual_all), std::to_string(all)});
    if (finding.facts.size() > 5) finding.facts.erase(finding.facts.begin() + 4);
}

Finding NewEdges::told(const Actor& actor, const Source& source, const Judged& judged) const {
    const auto by_chance = std::max(budget_.by_chance(judged.p_value), 1e-9);
    Finding finding{.kind = "new-edges",
                    .at = now_,
                    .severity = Severity::medium,
                    .confidence = std::clamp(12 - static_cast<int>(3 * std::log10(by_chance)), 12, 55),
                    .sentence = sentence(actor, to_text(actor), names_.name(source.kind))};
    add_facts(source, finding);
    if (source.hours < limits_.kind_hours)
        finding.against.push_back({"hours that it is known", "", fmt::format("{:.0f}", source.hours)});
    if (source.serves)
        finding.against.push_back({"others that it serves", "", "many: it is no computer of one person"});
    finding.harmless_if = actor.is_account()
                              ? "the person changed wards or took over somebody's patients"
                              : "it was given a new task, or an inventory or update runs on it";
    // Cases join by hosts: an account is found where it last was.
    finding.systems.push_back(to_text(actor.is_account() && source.other ? *source.other : actor));
    if (actor.is_account()) finding.systems.push_back("account " + to_text(actor));
    for (const auto& target : source.targets) finding.systems.push_back(ward::to_text(target));
    finding.events = source.evidence.ids();
    return finding;
}

}   // namespace ward::detect
