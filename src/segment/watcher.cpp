// SPDX-License-Identifier: Apache-2.0
#include "segment/watcher.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"
#include "segment/kinds.hpp"

namespace ward::segment {

using detect::Severity;

void Watcher::see(const Seen& seen, detect::Findings& findings) {
    roles_.learn(seen);
    const auto read = talk_of(seen);
    const auto* talk = std::get_if<Talk>(&read);
    const auto ends = talk == nullptr ? std::nullopt : outside_of(borders_, roles_, *talk);
    if (!ends) return;
    const auto client = ends->from == borders_.outside() ? IpAddress{} : talk->client;
    auto& today = tries_.at({client, ends->to, talk->protocol, talk->port});
    if (const auto day = std::chrono::floor<std::chrono::days>(seen.now); today.day != day)
        today = {.day = day};
    ++today.flows;
    if (talk->is_answered) ++today.answered;
    if (today.servers.size() < limits_.wide_min &&
        std::ranges::find(today.servers, talk->server) == today.servers.end())
        today.servers.push_back(talk->server);
    if (today.events.size() < detect::Finding::events_max)
        today.events.push_back(detect::conversation_of(seen));
    const bool is_wide = today.servers.size() == limits_.wide_min;
    const bool is_much = is_wide || (talk->is_answered && is_clinical(talk->server, ends->to));
    const auto weight = is_much ? Weight::much : Weight::little;
    if (weight <= today.told) return;
    today.told = weight;
    findings.push_back(told(seen, *talk, *ends, today));
}

bool Watcher::is_clinical(const IpAddress& server, ZoneId zone) {
    if (segment::is_clinical(kind_of(roles_.of(server)))) return true;
    return zone < borders_.outside() && std::ranges::any_of(borders_.zone(zone).roles, [](const auto& role) {
               return segment::is_clinical(kind_of(role));
           });
}

/// What the plan lets these two zones say, shortened.
std::string Watcher::usual(const Ends& ends) const {
    constexpr std::size_t bytes_max = 100;
    std::string text;
    for (const auto& one : borders_.plan().allowed) {
        const auto is = [&](std::string_view name, ZoneId id) {
            return name == borders_.name(id) || (name == any_name && id < borders_.outside());
        };
        if (is(one.from, ends.from) && is(one.to, ends.to))
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name(one.protocol), to_text(one.ports));
    }
    if (text.empty()) return "nothing";
    if (text.size() > bytes_max) text = text.substr(0, bytes_max) + " and more";
    return text;
}

detect::Finding Watcher::told(const Seen& seen, const Talk& talk, const Ends& ends, const Today& today) {
    const auto client = to_text(talk.client), server = to_text(talk.server);
    const auto from = borders_.name(ends.from), to = borders_.name(ends.to);
    const bool is_wide = today.servers.size() == limits_.wide_min;
    const bool is_much = today.told == Weight::much;
    detect::Finding finding{.kind = "outside-plan",
                            .at = seen.now,
                            .severity = is_much ? Severity::medium : Severity::low,
                            .confidence = is_much ? 75 : 40};
    finding.sentence =
        is_wide
            ? fmt::format(
                  "{} ({}) tries one machine after the other of {}, in a way that the plan of the "
                  "network has no place for.",
                  client, from, to)
            : fmt::format("{} ({}) speaks to {} ({}) in a way that the plan of the network has no place for.",
                          client, from, server, to);
    finding.facts = {{fmt::format("what {} says to {}", from, to), usual(ends),
                      fmt::format("{} {}", name(talk.protocol), talk.port)},
                     {fmt::format("machines of {} that it spoke to so today", to), "none",
                      fmt::format("{}{}", today.servers.size(), is_wide ? " or more" : "")},
                     {"conversations of that kind today", "none", std::to_string(today.flows)}};
    if (const auto role = roles_.of(talk.server); !role.empty())
        finding.facts.push_back({"what it spoke to is", "", std::string{role}});
    if (today.answered == 0) finding.against.push_back({"answers that it got", "", "none so far"});
    finding.harmless_if = "somebody needs this for care or upkeep, and the plan forgot it";
    finding.techniques = {is_wide ? "T1018" : ends.to == borders_.outside() ? "T1071" : "T1021"};
    finding.systems = {client};
    for (const auto& one : today.servers) finding.systems.push_back(to_text(one));
    detect::Evidence evidence;
    for (const auto& id : today.events) evidence.add(id);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::segment
