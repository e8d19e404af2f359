// SPDX-License-Identifier: Apache-2.0
#include "detect/alarm/alarm.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

/// Suricata's 1 is the worst; who says nothing is in between.
Severity severity_of(const Seen& alert) {
    const auto said = count_of(alert.own["severity"]);
    if (said == 1) return Severity::high;
    return said == 0 || said == 2 ? Severity::medium : Severity::low;
}

/// The rule's author says how sure he is, in a word.
int confidence_of(const Seen& alert) {
    std::string_view word = alert.text("confidence");
    for (const auto one : alert.own["confidence"].items()) word = one.text();
    return word == "High" ? 40 : word == "Low" ? 15 : 25;
}

/// A technique of MITRE ATT&CK that our own findings have, too, for a finding holds no text of others.
std::vector<std::string_view> techniques_of(const Seen& alert) {
    static constexpr std::array<std::string_view, 28> known{
        "T1003", "T1021", "T1018", "T1039", "T1040", "T1041", "T1046", "T1048", "T1053", "T1059",
        "T1071", "T1078", "T1090", "T1095", "T1105", "T1110", "T1133", "T1190", "T1204", "T1210",
        "T1213", "T1219", "T1486", "T1489", "T1557", "T1558", "T1566", "T1571"};
    std::vector<std::string_view> all;
    for (const auto said : alert.own["techniques"].items()) {
        const auto* const found = std::ranges::find(known, said.text().substr(0, 5));
        if (found != known.end() && std::ranges::find(all, *found) == all.end()) all.push_back(*found);
    }
    return all;
}

}   // namespace

void Alarm::see(const Seen& seen, Findings& findings) {
    if (!seen.is("alert") || seen.client.family == IpAddress::Family::none) return;
    // A rule may say who did it.
    const auto source = parse_ip_address(seen.text("source"));
    const auto host = to_text(source.value_or(seen.client));
    const auto other = to_text(source && *source == seen.server ? seen.client : seen.server);
    const auto rule = std::string{seen.text("signature").substr(0, 200)};
    const auto today = std::chrono::floor<std::chrono::days>(seen.now);
    auto& told = told_.at(fmt::format("{} {} {}", host, count_of(seen.own["signature_id"]), rule));
    if (told.day == today) return;
    told.day = today;
    const auto sensor = std::string{seen.whole["told_by"].text()};
    Finding finding{.kind = "foreign-alert",
                    .at = seen.now,
                    .severity = severity_of(seen),
                    .confidence = confidence_of(seen),
                    .sentence = fmt::format(
                        "Another system that watches the network says of the computer {}: {}.", host, rule),
                    .facts = {{"rule", "no match", rule},
                              {"said by", "", sensor.empty() ? "another sensor" : sensor},
                              {"category", "", std::string{seen.text("category").substr(0, 200)}}},
                    .harmless_if = "the rule matches what this computer does every day",
                    .techniques = techniques_of(seen),
                    .systems = {host}};
    if (!other.empty()) finding.systems.push_back(other);
    Evidence evidence;
    evidence.add(conversation_of(seen));
    finding.events = evidence.ids();
    findings.push_back(std::move(finding));
}

}   // namespace ward::detect
