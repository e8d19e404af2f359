// SPDX-License-Identifier: Apache-2.0
#include "detect/sweep/sweep.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

constexpr std::uint16_t smb_port = 445;

bool came_to_nothing(const Seen& seen) {
    const auto state = seen.whole["tcp"]["state"].text();
    return state == "syn_sent" || (state == "reset" && seen.protocol.empty());
}

/// MS17-010 is in how a server puts together a transaction that comes in parts. No program sends one to a
/// tree that has no files and opens no pipe in it.
bool is_abuse(const Seen& seen) {
    const auto command = seen.text("command");
    return (command == "SMB1_COMMAND_NT_TRANS" || command == "SMB1_COMMAND_NT_TRANS_SECONDARY") &&
           seen.text("share_type") == "PIPE" && seen.text("named_pipe").empty();
}

}   // namespace

Sweep::Source& Sweep::source_of(const IpAddress& host, Time now) {
    auto& source = sources_.at(host, limits_);
    for (auto* recent : {&source.silent, &source.abused, &source.abused_by}) recent->forget(now);
    return source;
}

void Sweep::see(const Seen& seen, Findings& findings) {
    if (seen.server_port != smb_port || !seen.has_ends()) return;
    const bool is_silent = seen.is("flow") && came_to_nothing(seen);
    const bool is_abused = seen.is("smb") && is_abuse(seen);
    if (!is_silent && !is_abused) return;
    if (is_abused && seen.text("status") == "STATUS_SUCCESS")
        source_of(seen.server, seen.now)
            .abused_by.add({seen.at, seen.client, conversation_of(seen)}, seen.now);
    auto& source = source_of(seen.client, seen.now);
    auto& hosts = is_silent ? source.silent : source.abused;
    if (std::ranges::find(hosts, seen.server, &Tried::host) != hosts.end()) return;
    if (hosts.add({seen.at, seen.server, conversation_of(seen)}, seen.now)) consider(seen, source, findings);
}

void Sweep::consider(const Seen& seen, Source& source, Findings& findings) {
    const bool sweeps = source.silent.size() > limits_.silent_max;
    const bool was_or_did = !source.abused.empty() || !source.abused_by.empty();
    if (!(sweeps && was_or_did) && source.abused.size() <= limits_.abused_max) return;
    if (source.told && seen.now - *source.told < limits_.infected_for) return;
    source.told = seen.now;
    findings.push_back(told(seen, source));
}

Finding Sweep::told(const Seen& seen, const Source& source) const {
    const auto host = to_text(seen.client);
    const bool did = !source.abused.empty();
    Finding finding{
        .kind = "worm",
        .at = seen.now,
        .severity = Severity::critical,
        .confidence = did ? 90 : 60,
        .sentence = did ? fmt::format("{} tries one computer after the other for shared files, and sends "
                                      "to those that answer what breaks into them: a worm spreads.",
                                      host)
                        : fmt::format("{} tries one computer after the other for shared files, shortly "
                                      "after {} sent it what breaks into computers: a worm may spread.",
                                      host, to_text(source.abused_by.oldest().host))};
    const auto minutes = limits_.window.count();
    finding.facts = {{fmt::format("hosts that did not answer it at SMB's port in {} minutes", minutes),
                      fmt::format("at most {}", limits_.silent_max), std::to_string(source.silent.size())},
                     {"hosts to which it sent transactions in parts where there is no file", "none",
                      std::to_string(source.abused.size())}};
    if (!did) finding.against.push_back({"hosts that it was seen to break into", "", "none so far"});
    weigh_serving(seen, finding);
    finding.harmless_if = "a scanner for vulnerabilities was started, and tries what it finds";
    finding.techniques = {"T1210", "T1018"};
    finding.takes_over = true;
    finding.systems = {host};
    Evidence evidence;
    for (const auto& one : source.abused) {
        finding.systems.push_back(to_text(one.host));
        evidence.add(one.event);
    }
    for (const auto& one : source.abused_by) {
        finding.facts.push_back({"host that did the same to it before", "none", to_text(one.host)});
        finding.systems.push_back(to_text(one.host));
        evidence.add(one.event);
    }
    for (const auto& one : source.silent) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
