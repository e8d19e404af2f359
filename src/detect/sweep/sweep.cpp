// SPDX-License-Identifier: Apache-2.0
#include "detect/sweep/sweep.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::detect {
namespace {

constexpr std::uint16_t smb_port = 445;
constexpr std::size_t tried_max = 512;   // kept of one source

bool came_to_nothing(const Seen& seen) {
    const auto state = seen.whole["tcp"]["state"].text();
    return state == "syn_sent" || (state == "reset" && seen.protocol.empty());
}

/// A transaction so large that it comes in parts, on a tree that has no files: MS17-010 is found in it.
bool is_abuse(const Seen& seen) {
    const auto command = seen.text("command");
    return (command == "SMB1_COMMAND_NT_TRANS" || command == "SMB1_COMMAND_NT_TRANS_SECONDARY") &&
           seen.text("share_type") == "PIPE" && seen.text("named_pipe").empty();
}

}   // namespace

void Sweep::see(const Seen& seen, Findings& findings) {
    if (seen.server_port != smb_port) return;
    if (seen.is("flow") && came_to_nothing(seen)) {
        auto& source = sources_.at(seen.client);
        forget(source, seen.at);
        const auto known = std::ranges::find(source.silent, seen.server, &Tried::host);
        if (known != source.silent.end() || source.silent.size() == tried_max) return;
        source.silent.push_back({seen.at, seen.server, conversation_of(seen)});
        consider(seen, source, findings);
    } else if (seen.is("smb") && is_abuse(seen)) {
        sources_.at(seen.server).infected_by = Tried{seen.at, seen.client, conversation_of(seen)};
        auto& source = sources_.at(seen.client);
        forget(source, seen.at);
        const auto known = std::ranges::find(source.abused, seen.server, &Tried::host);
        if (known != source.abused.end() || source.abused.size() == tried_max) return;
        source.abused.push_back({seen.at, seen.server, conversation_of(seen)});
        consider(seen, source, findings);
    }
}

void Sweep::forget(Source& source, Time now) const {
    for (auto* tried : {&source.silent, &source.abused})
        while (!tried->empty() && now - tried->front().at > limits_.window) tried->pop_front();
}

void Sweep::consider(const Seen& seen, Source& source, Findings& findings) {
    const bool was_infected = source.infected_by && seen.at - source.infected_by->at < 6 * limits_.window;
    if (source.silent.size() <= limits_.silent_max || (source.abused.empty() && !was_infected)) return;
    if (seen.at - source.told < limits_.window) return;
    source.told = seen.at;
    findings.push_back(told(seen, source));
}

Finding Sweep::told(const Seen& seen, const Source& source) const {
    Finding finding{
        .kind = "worm",
        .at = seen.at,
        .severity = Severity::critical,
        .confidence = 90,
        .sentence = fmt::format("{} tries to reach one computer after the other for shared files, and "
                                "breaks into those that answer: a worm spreads.",
                                to_text(seen.client))};
    finding.facts = {{"hosts that did not answer it at SMB's port",
                      fmt::format("at most {} in {} minutes", limits_.silent_max, limits_.window.count()),
                      std::to_string(source.silent.size())},
                     {"hosts to which it sent large transactions where there is no file", "none",
                      std::to_string(source.abused.size())}};
    if (source.infected_by)
        finding.facts.push_back(
            {"host that did the same to it before", "none", to_text(source.infected_by->host)});
    finding.harmless_if = "a scanner for vulnerabilities was started, and tries what it finds";
    finding.techniques = {"T1210", "T1046"};
    finding.systems = {to_text(seen.client)};
    Evidence evidence;
    for (const auto& one : source.abused) {
        finding.systems.push_back(to_text(one.host));
        evidence.add(one.event);
    }
    if (source.infected_by) evidence.add(source.infected_by->event);
    for (const auto& one : source.silent) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
