// SPDX-License-Identifier: Apache-2.0
#include "detect/rogue/rogue.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

constexpr std::array roles{"medical device", "patient monitor", "infusion pump", "ventilator"};

bool is_command(const Seen& seen) {
    const auto action = seen.text("action");
    return seen.is("sdc") && (action.starts_with("Set") || action == "Activate");
}

/// SOAP over HTTP; over TLS nobody sees which question it is, but who asks.
bool is_question(const Seen& seen) {
    return seen.is("tls") || (seen.is("http") && seen.text("request_content_type") == "application/soap+xml");
}

}   // namespace

/// From what they announce, and what the sensor made of all that they do.
void Rogue::learn_device(const Seen& seen) {
    if (seen.is("sdc")) {
        const auto action = seen.text("action");
        if (action == "Hello") devices_.at(seen.client);
        if (action == "ProbeMatches" || action == "ResolveMatches") devices_.at(seen.server);
    }
    if (!seen.is("device") || std::ranges::find(roles, seen.text("role")) == roles.end()) return;
    for (const auto one : seen.own["addresses"].items())
        if (const auto address = parse_ip_address(one.text())) devices_.at(*address);
}

void Rogue::see(const Seen& seen, Findings& findings) {
    newcomers_.see(seen);
    learn_device(seen);
    const bool commands = is_command(seen);
    if ((!commands && !is_question(seen)) || !seen.has_ends()) return;
    if (commands) devices_.at(seen.server);
    if (!is_device(seen.server) || is_device(seen.client)) return;
    auto& host = hosts_.at(seen.client, limits_);
    if (!host.first) {
        host.first = seen.at;
        host.is_usual = !newcomers_.has_learned(seen.now);
    }
    auto more = false;
    for (auto* recent : {&host.asked, &host.commanded}) {
        recent->forget(seen.now);
        if ((recent == &host.commanded && !commands) ||
            std::ranges::find(*recent, seen.server, &Spoken::device) != recent->end())
            continue;
        more = recent->add({seen.at, seen.server, conversation_of(seen)}, seen.now) || more;
    }
    if (more) consider(seen, host, findings);
}

void Rogue::consider(const Seen& seen, Host& host, Findings& findings) {
    if (host.is_usual || seen.at - *host.first >= limits_.usual_after) return;
    const bool is_new = newcomers_.is_new(seen.client, seen.now);
    const auto commanded = host.commanded.size();
    const auto weight = host.asked.size() + (limits_.weight - 1) * commanded;
    if (is_new ? weight <= limits_.asked_max : commanded <= limits_.commanded_max) return;
    const bool is_worse = commanded > 0 && !host.told_commands;
    if (host.told && !is_worse) return;
    host.told = seen.now;
    host.told_commands = commanded > 0;
    findings.push_back(told(seen, host, is_new));
}

Finding Rogue::told(const Seen& seen, const Host& host, bool is_new) const {
    const auto who = to_text(seen.client);
    const bool did = !host.commanded.empty();
    Finding finding{.kind = "rogue-device",
                    .at = seen.now,
                    .severity = did ? Severity::critical : Severity::high,
                    .confidence = is_new ? 70 : 55,
                    .sentence = fmt::format(
                        "{}, which {}, {} devices at patients' beds.", who,
                        is_new ? "nobody saw in the network before today" : "never did so before",
                        did ? "asks and changes the settings of" : "asks one after the other of the")};
    const auto hours = limits_.window.count();
    finding.facts = {{fmt::format("devices that it asked in {} hours", hours),
                      is_new ? fmt::format("at most {} of a host that is new", limits_.asked_max) : "",
                      std::to_string(host.asked.size())},
                     {fmt::format("devices that it commanded in {} hours", hours), "none",
                      std::to_string(host.commanded.size())},
                     {"in the network since", "long ago", is_new ? "today" : "before today"}};
    if (!is_new) finding.against.push_back({"in the network since", "", "before today"});
    if (!did) finding.against.push_back({"devices that it commanded", "", "none: it only asked"});
    weigh_serving(seen, finding);
    finding.harmless_if = "the device engineers know this host, and are at work with it";
    finding.techniques = {"T1018", "T0855"};
    finding.systems = {who};
    Evidence evidence;
    for (const auto* recent : {&host.commanded, &host.asked})
        for (const auto& one : *recent) {
            if (const auto device = to_text(one.device);
                std::ranges::find(finding.systems, device) == finding.systems.end())
                finding.systems.push_back(device);
            evidence.add(one.event);
        }
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
