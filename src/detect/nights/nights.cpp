// SPDX-License-Identifier: Apache-2.0
#include "detect/nights/nights.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/clock.hpp"
#include "detect/evidence.hpp"

namespace ward::detect {

void Nights::see(const Seen& seen, Findings& findings) {
    if (!seen.is("flow") || !seen.has_ends() || !is_outside(seen.client) || !seen.server.is_private()) return;
    const auto start = event::parse_timestamp(seen.own["start"].text());
    if (!start || seen.at - *start < limits_.session_min) return;
    auto& sessions = pairs_.at({seen.client, seen.server}, limits_);
    if (sessions.first == Time{}) sessions.first = *start;
    sessions.recent.forget(seen.now);
    sessions.recent.add({*start, conversation_of(seen)}, seen.now);
    const bool at_night = std::ranges::any_of(sessions.recent, [&](const Session& session) {
        return seen.local_time_at(session.at) < limits_.night_end;
    });
    if (sessions.told || sessions.recent.size() < limits_.sessions_min || !at_night ||
        *start - sessions.first > limits_.known_after)
        return;
    sessions.told = true;
    findings.push_back(told(seen, sessions));
}

Finding Nights::told(const Seen& seen, const Sessions& sessions) const {
    const auto place = to_text(seen.client), server = to_text(seen.server);
    Finding finding{
        .kind = "stolen-device",
        .at = seen.now,
        .severity = Severity::medium,
        .confidence = 75,
        .sentence = fmt::format("Somebody works from afar until deep in the night, from {}, where nobody was "
                                "before: is the device in its owner's hands?",
                                place)};
    const auto start = sessions.recent.newest().at;
    const auto clock = seen.local_time_at(start);
    finding.facts = {{"when the last session began", "by day or in the evening",
                      fmt::format("{:02}:{:02}", clock.count() / 60, clock.count() % 60)},
                     {fmt::format("sessions in {} hours", limits_.window.count()),
                      "one or two from a new place", std::to_string(sessions.recent.size())},
                     {"first session from there", "days ago",
                      to_instant(std::chrono::floor<std::chrono::seconds>(sessions.first))}};
    const auto by_day = std::ranges::count_if(
        sessions.recent, [&](const auto& one) { return seen.local_time_at(one.at) >= limits_.night_end; });
    if (by_day > 0)
        finding.against.push_back(
            {"of these sessions, by day or in the evening", "", std::to_string(by_day)});
    finding.harmless_if = "its owner is on a journey or on call, and says so when asked";
    finding.techniques = {"T1078", "T1133"};
    finding.systems = {place, server};
    Evidence evidence;
    for (const auto& session : sessions.recent) evidence.add(session.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
