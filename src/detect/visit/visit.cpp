// SPDX-License-Identifier: Apache-2.0
#include "detect/visit/visit.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

#include "core/clock.hpp"
#include "detect/evidence.hpp"
#include "detect/pair.hpp"

namespace ward::detect {
namespace {

bool is_session(const Seen& seen) {
    static constexpr std::array kinds{"tls", "rdp", "ssh", "vnc"};
    return std::ranges::find(kinds, seen.type) != kinds.end();
}

/// What a machine is looked after by; to a gateway's own servers for names and time it speaks otherwise.
bool is_administration(const Seen& seen) { return is_session(seen) || seen.is("telnet") || seen.is("http"); }

}   // namespace

std::size_t Visits::Visit::networks() const {
    std::set<IpAddress> networks;
    for (const auto& machine : machines) networks.insert(network_of(machine.address));
    return networks.size();
}

void Visits::see(const Seen& seen, Findings& findings) {
    if (!seen.has_ends()) return;
    const bool from_inside = seen.client.is_private(), to_inside = seen.server.is_private();
    if (!from_inside && to_inside && is_session(seen)) begin(seen);
    if (!from_inside && to_inside && seen.is("flow")) end(seen);
    if (from_inside && to_inside && is_administration(seen)) reach(seen, findings);
    // Many sites share an address: what is called over TLS is known by its name.
    const bool is_call = seen.is("tls") || (seen.is("flow") && seen.protocol != "tls" &&
                                            count_of(seen.own["bytes_toclient"]) > 0);
    if (from_inside && is_outside(seen.server) && is_call) call(seen, findings);
}

void Visits::begin(const Seen& seen) {
    auto& first = visitors_.at(seen.client);
    if (first == Time{}) first = seen.at;
    auto& visits = gateways_.at(seen.server);
    if (std::ranges::find(visits, seen.flow_id, &Visit::flow) != visits.end()) return;
    if (visits.size() == limits_.visits_max) visits.erase(visits.begin());
    visits.push_back({.visitor = seen.client,
                      .flow = seen.flow_id,
                      .began = seen.at,
                      .event = conversation_of(seen),
                      .is_known = seen.at - first > limits_.known_after});
}

void Visits::end(const Seen& seen) {
    if (auto* visits = gateways_.find(seen.server))
        std::erase_if(*visits, [&](const Visit& visit) { return visit.flow == seen.flow_id; });
}

bool Visits::is_night(const Seen& seen) const {
    const auto time = seen.local_time();
    return time >= limits_.night_begin || time < limits_.night_end;
}

void Visits::reach(const Seen& seen, Findings& findings) {
    auto* visits = gateways_.find(seen.client);
    if (visits == nullptr || visits->empty()) return;
    // The one that began last: whoever came first is at work already.
    auto& visit = visits->back();
    if (visit.machines.size() == limits_.machines_max ||
        std::ranges::find(visit.machines, seen.server, &Machine::address) != visit.machines.end())
        return;
    visit.machines.push_back({seen.server, conversation_of(seen)});
    if (visit.networks() < limits_.networks_min || visit.machines.size() < limits_.machines_min) return;
    for (const auto& machine : visit.machines) {
        auto& visited = visited_.at(machine.address);
        // A technician who comes after an intruder does not wipe out the trace.
        if (visited.is_odd && seen.now - visited.at <= limits_.remembered_for) continue;
        visited = {seen.at, seen.client, visit.visitor, is_odd(seen, visit)};
    }
    if (visit.told) return;
    visit.told = true;
    findings.push_back(told(seen, visit));
}

void Visits::call(const Seen& seen, Findings& findings) {
    const auto name = seen.text("sni");
    auto& site = sites_.at(name.empty() ? to_text(seen.server) : std::string{name});
    if (site.first == Time{}) site.first = seen.at;
    const auto* visited = visited_.find(seen.client);
    if (visited != nullptr && (seen.now - visited->at > limits_.remembered_for || site.first < visited->at))
        visited = nullptr;
    if (visited == nullptr && !site.is_indicator) return;
    if (site.callers.size() == limits_.machines_max ||
        std::ranges::find(site.callers, seen.client, &Machine::address) != site.callers.end())
        return;
    site.callers.push_back({seen.client, conversation_of(seen)});
    site.is_odd |= visited != nullptr && visited->is_odd;
    if (site.callers.size() < limits_.callers_min) return;
    site.is_indicator = true;
    findings.push_back(told(seen, site, visited));
}

Finding Visits::told(const Seen& seen, const Visit& visit) const {
    const auto visitor = to_text(visit.visitor), gateway = to_text(seen.client);
    const bool odd = is_odd(seen, visit);
    Finding finding{.kind = "vendor-access",
                    .at = seen.now,
                    .severity = odd ? Severity::high : Severity::medium,
                    .confidence = 60,
                    .sentence = fmt::format("Somebody came in from {} by {} and goes on to machines of "
                                            "different kinds, which no one vendor looks after.",
                                            visitor, gateway)};
    finding.facts = {
        {"machines reached in this visit", "of one kind", std::to_string(visit.machines.size())},
        {"networks that they are in", "one", std::to_string(visit.networks())},
        {"the address that it comes from", "one that came before", visit.is_known ? "came before" : "is new"},
        {"time of day", "when it was agreed on",
         fmt::format("{:02}:{:02}", seen.local_time().count() / 60, seen.local_time().count() % 60)}};
    if (visit.is_known)
        finding.against.push_back({"the address that it comes from", "", "one that came before"});
    if (!is_night(seen)) finding.against.push_back({"time of day", "", "by day"});
    finding.harmless_if = "a technician was asked to come, at this time and to these machines";
    finding.techniques = {"T1133", "T1199"};
    finding.systems = {visitor, gateway};
    Evidence evidence;
    evidence.add(visit.event);
    for (const auto& machine : visit.machines) {
        finding.systems.push_back(to_text(machine.address));
        evidence.add(machine.event);
    }
    finding.takes_over = odd;
    finding.events = evidence.ids();
    return finding;
}

Finding Visits::told(const Seen& seen, const Site& site, const Visited* visited) const {
    const auto address = to_text(seen.server);
    const auto sni = seen.text("sni");
    const auto name = sni.empty() ? address : std::string{sni};
    Finding finding{
        .kind = "indicator",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = site.is_odd ? 70 : 50,
        .sentence =
            visited != nullptr
                ? fmt::format("Machines that somebody from outside had reached now call {} on the internet, "
                              "which nobody called before: they may be under somebody's control.",
                              name)
                : fmt::format("{} calls {} too, which machines call that may be under somebody's control.",
                              to_text(seen.client), name)};
    finding.facts = {
        {fmt::format("machines that call {}", name), "none", std::to_string(site.callers.size())},
        {"when it was first called", "long ago, by many",
         to_instant(std::chrono::floor<std::chrono::seconds>(site.first))}};
    if (visited != nullptr)
        finding.facts.push_back(
            {"who had reached this one before", "nobody",
             fmt::format("{} by {}", to_text(visited->visitor), to_text(visited->gateway))});
    if (visited == nullptr)
        finding.against.push_back({"who had reached this one from outside", "", "nobody who was seen"});
    weigh_serving(seen, finding);
    finding.harmless_if = "the vendor gave these machines a new place for updates, and says so";
    finding.techniques = {"T1071"};
    finding.systems = {name};
    if (name != address) finding.systems.push_back(address);
    finding.takes_over = true;
    Evidence evidence;
    for (const auto& caller : site.callers) {
        finding.systems.push_back(to_text(caller.address));
        evidence.add(caller.event);
    }
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
