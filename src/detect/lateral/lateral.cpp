// SPDX-License-Identifier: Apache-2.0
#include "detect/lateral/lateral.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

bool starts_program(const Seen& seen) {
    if (!seen.is("dcerpc") || seen.text("response") != "RESPONSE") return false;
    const auto operation = seen.text("operation");
    return operation.starts_with("RCreateService") || operation.starts_with("CreateService") ||
           operation.starts_with("SchRpcRegisterTask");
}

bool is_desk(const Seen& seen) { return seen.is("rdp") || seen.is("vnc") || seen.is("ssh"); }

}   // namespace

void Lateral::see(const Seen& seen, Findings& findings) {
    if (begun_ == Time::max()) begun_ = seen.now;
    if (!seen.has_ends() || !seen.client.is_private()) return;
    note_presence(seen);
    if (!seen.server.is_private()) return;
    if (starts_program(seen)) start(seen, findings);
    if (is_desk(seen)) sit_down(seen, findings);
}

void Lateral::note_presence(const Seen& seen) {
    auto& presence = present_.at(seen.client);
    if (presence.first == Time{} || seen.now - presence.last > limits_.gone_after) presence.first = seen.now;
    presence.last = seen.now;
}

/// An address that is lent for a day names nobody: who works from afar today is known by the network that
/// such addresses are in.
Pair Lateral::who_sits_where(const Seen& seen) {
    const auto* presence = present_.find(seen.client);
    const bool is_settled = presence != nullptr && seen.now - presence->first >= limits_.settled_after;
    return {is_settled ? seen.client : network_of(seen.client), seen.server};
}

void Lateral::start(const Seen& seen, Findings& findings) {
    auto& host = hosts_.at(seen.client, limits_);
    if (is_first_day(seen) && seen.client_serves) host.starts = true;
    if (host.starts) return;
    host.started.forget(seen.now);
    if (std::ranges::find(host.started, seen.server, &Started::machine) != host.started.end()) return;
    host.started.add({seen.at, seen.server, conversation_of(seen)}, seen.now);
    auto& told_before = host.started.size() > limits_.started_max ? host.told_many : host.told_few;
    if (told_before && seen.now - *told_before < limits_.told_for) return;
    told_before = seen.now;
    findings.push_back(told(seen, host));
}

void Lateral::sit_down(const Seen& seen, Findings& findings) {
    const auto pair = is_first_day(seen) ? Pair{seen.client, seen.server} : who_sits_where(seen);
    auto& last = desks_.at(pair);
    if (std::exchange(last, seen.now) != Time{}) return;
    auto& host = hosts_.at(pair.host, limits_);
    // Who looks after others goes to new ones all the time.
    if (is_first_day(seen) || host.desks > limits_.desks_max) {
        ++host.desks;
        return;
    }
    findings.push_back(told(seen, host.desks));
}

Finding Lateral::told(const Seen& seen, const Host& host) const {
    const bool is_many = host.started.size() > limits_.started_max;
    const auto name = to_text(seen.client);
    Finding finding{.kind = "lateral-movement",
                    .at = seen.now,
                    .severity = is_many && !seen.client_serves ? Severity::high : Severity::medium,
                    .confidence = is_many ? 60 : 50,
                    .sentence = fmt::format("The computer {} starts programs on other computers, and was not "
                                            "seen to do so before.",
                                            name)};
    finding.facts = {
        {fmt::format("computers on which it started programs, in {} hours", limits_.window.count()), "none",
         std::to_string(host.started.size())},
        {"how", "not at all", std::string{seen.text("operation")}},
        {"others that this computer serves", "many, of a server that programs are handed out from",
         seen.client_serves ? "many" : "few or none"}};
    weigh_serving(seen, finding);
    if (host.started.size() == 1)
        finding.against.push_back({"computers on which it started programs", "", "one only"});
    finding.harmless_if = "whoever looks after the computers hands out a program from here";
    finding.techniques = {"T1021.002", "T1569.002"};
    finding.takes_over = true;
    finding.systems = {name};
    Evidence evidence;
    for (const auto& one : host.started) {
        finding.systems.push_back(to_text(one.machine));
        evidence.add(one.event);
    }
    finding.events = evidence.ids();
    return finding;
}

Finding Lateral::told(const Seen& seen, std::size_t desks_before) const {
    const auto host = to_text(seen.client), desk = to_text(seen.server);
    Finding finding{.kind = "lateral-movement",
                    .at = seen.now,
                    .severity = Severity::medium,
                    .confidence = 50,
                    .sentence = fmt::format(
                        "Somebody at {} works at {} from afar, which was not seen before.", host, desk)};
    finding.facts = {
        {"what it works by", "not at all", std::string{seen.type}},
        {"computers that it worked at before", fmt::format("more than {}", limits_.desks_max), "none or few"},
        {"whether this pair was seen", "yes", "no"}};
    weigh_serving(seen, finding);
    if (desks_before > 0)
        finding.against.push_back(
            {"other computers that it worked at before", "", std::to_string(desks_before)});
    finding.harmless_if = "whoever looks after the computers was asked to help there";
    finding.techniques = {"T1021.001"};
    finding.takes_over = true;
    finding.systems = {host, desk};
    finding.events = {conversation_of(seen)};
    return finding;
}

}   // namespace ward::detect
