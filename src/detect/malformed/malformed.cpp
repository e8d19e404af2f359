// SPDX-License-Identifier: Apache-2.0
#include "detect/malformed/malformed.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t trail_port = 6514;   // RFC 5425: syslog over TLS, as IHE ATNA asks for
constexpr std::size_t ports_max = 16;
constexpr std::size_t senders_max = 256;
constexpr std::size_t named_max = 8;

/// What a receiver says of what it cannot read, not of what it does not want.
bool is_rejected(std::string_view code) { return code == "AR" || code == "CR" || code == "NAK"; }

/// PS3.8, table 9-26: none of these is a time that ran out.
bool cannot_read(std::string_view reason) {
    return reason == "unexpected-PDU" || reason == "unrecognized-PDU" ||
           reason == "unrecognized-PDU-parameter" || reason == "unexpected-PDU-parameter" ||
           reason == "invalid-PDU-parameter value";
}

}   // namespace

void Malformed::see(const Seen& seen, Findings& findings) {
    if (!seen.has_ends()) return;
    if (seen.is("hl7")) see_message(seen, findings);
    if (seen.is("dicom")) see_association(seen, findings);
    if (seen.is("flow")) see_flow(seen, findings);
    if (seen.is("tls") || seen.is("flow")) see_trail(seen, findings);
    if (!seen.is("anomaly") || seen.text("type") != "applayer") return;
    if (seen.protocol == "hl7") broke(seen, Spoken::hl7, "is none of the protocol's", findings);
    if (seen.protocol == "dicom") broke(seen, Spoken::dicom, "is none of the protocol's", findings);
}

Malformed::Client& Malformed::client_of(const Seen& seen, Spoken spoken) {
    auto& client = clients_[static_cast<std::size_t>(spoken)].at(seen.client, limits_);
    client.broken.forget(seen.now);
    client.whole.forget(seen.now);
    return client;
}

void Malformed::see_message(const Seen& seen, Findings& findings) {
    if (seen.text("from") == "server") return;
    if (seen.own["framing"].exists()) return broke(seen, Spoken::hl7, "has no beginning or end", findings);
    if (is_rejected(seen.own["acknowledgement"]["code"].text()))
        return broke(seen, Spoken::hl7, "was rejected", findings);
    recognised(seen, Spoken::hl7);
    client_of(seen, Spoken::hl7).whole.add({seen.at}, seen.now);
}

void Malformed::see_association(const Seen& seen, Findings& findings) {
    if (seen.text("kind") == "association" && seen.text("outcome") == "accepted")
        recognised(seen, Spoken::dicom);
    if (seen.text("kind") != "end") return;
    if (seen.text("how") == "aborted" && seen.text("by") == "server" &&
        cannot_read(seen.text("abort_reason")))
        return broke(seen, Spoken::dicom, "was aborted as unreadable", findings);
    if (seen.text("how") == "released") client_of(seen, Spoken::dicom).whole.add({seen.at}, seen.now);
}

void Malformed::recognised(const Seen& seen, Spoken spoken) {
    auto& ports = servers_.at(seen.server);
    const auto known = std::ranges::find(ports, seen.server_port, &Port::number);
    if (known == ports.end()) {
        if (ports.size() < ports_max) ports.push_back({seen.server_port, spoken, 1});
    } else if (known->spoken == spoken) {
        ++known->times;
    }
}

void Malformed::see_flow(const Seen& seen, Findings& findings) {
    const auto unread = seen.own["not_inspected"];
    const bool is_cut = seen.whole["tcp"]["state"].text() == "reset" && unread["gap"].exists();
    if (is_cut && seen.protocol == "hl7") return broke(seen, Spoken::hl7, "was cut off", findings);
    if (is_cut && seen.protocol == "dicom") return broke(seen, Spoken::dicom, "was cut off", findings);
    if (!seen.protocol.empty() || !unread["unknown"].exists()) return;
    const auto* ports = servers_.find(seen.server);
    if (ports == nullptr) return;
    const auto port = std::ranges::find(*ports, seen.server_port, &Port::number);
    if (port == ports->end() || port->times < limits_.server_min) return;
    broke(seen, port->spoken, "is unlike the protocol", findings);
}

void Malformed::broke(const Seen& seen, Spoken spoken, std::string_view how, Findings& findings) {
    auto& client = client_of(seen, spoken);
    const auto event = conversation_of(seen);
    const auto id = seen.text("control_id");
    // One message is broken once, in whatever ways, and however often it is sent again.
    for (const auto& one : client.broken)
        if (id.empty() ? one.event == event : one.control_id == id) return;
    if (!client.broken.add({seen.at, std::string{how}, event, seen.server, std::string{id}}, seen.now))
        return;
    if (client.told && seen.now - *client.told < limits_.told_for) return;
    std::vector<std::string_view> ways;
    for (const auto& one : client.broken)
        if (std::ranges::find(ways, one.how) == ways.end()) ways.push_back(one.how);
    const auto broken = client.broken.size();
    if (broken < (ways.size() > 1 ? limits_.broken_min : limits_.alike_min)) return;
    if (client.whole.size() > broken * limits_.whole_factor) return;
    client.told = seen.now;
    findings.push_back(told(seen, spoken, client, ways));
}

Finding Malformed::told(const Seen& seen, Spoken spoken, const Client& client,
                        const std::vector<std::string_view>& ways) const {
    const auto host = to_text(seen.client);
    const auto* what = spoken == Spoken::hl7 ? "messages" : "associations for images";
    Finding finding{
        .kind = "feed-malformed",
        .at = seen.now,
        .severity = Severity::high,
        .confidence = ways.size() > 1 ? 85 : 55,
        .sentence = fmt::format("{} sends {} that are broken, again and again: somebody may try to stop or "
                                "to take over what reads them. Find out who uses {}.",
                                host, what, host),
        .facts = {{fmt::format("broken {} in an hour", what),
                   fmt::format("fewer than {}", limits_.broken_min), std::to_string(client.broken.size())},
                  {"whole ones from there meanwhile", "far more", std::to_string(client.whole.size())}},
        .harmless_if = "a new program is being tested there",
        .techniques = {"T1499.004"},
        .systems = {host}};
    std::string all;
    for (const auto way : ways) all += (all.empty() ? "" : "; ") + std::string{way};
    finding.facts.push_back({"what is wrong", "nothing, or the same each time", all});
    if (const auto whole = client.whole.size(); whole > 0)
        finding.against.push_back({"whole ones from there meanwhile", "", std::to_string(whole)});
    if (ways.size() == 1)
        finding.against.push_back(
            {"what is wrong", "", "the same each time, as of a program that was set up wrongly"});
    Evidence evidence;
    for (const auto& one : client.broken) {
        evidence.add(one.event);
        auto server = to_text(one.server);
        if (finding.systems.size() < named_max &&
            std::ranges::find(finding.systems, server) == finding.systems.end())
            finding.systems.push_back(std::move(server));
    }
    finding.events = evidence.ids();
    return finding;
}

/// Entries of an audit trail are encrypted, so who sends them is all that there is to see of them.
void Malformed::see_trail(const Seen& seen, Findings& findings) {
    if (seen.server_port != trail_port || seen.protocol != "tls") return;
    auto& senders = trails_.at(seen.server).senders;
    if (std::ranges::find(senders, seen.client, &Sender::address) != senders.end()) return;
    if (senders.size() == senders_max) return;
    // A flow is told when it is over.
    senders.push_back({seen.client, parse_timestamp(seen.own["start"].text()).value_or(seen.at)});
    const auto known_for = senders.back().first - senders.front().first;
    if (known_for < limits_.trail_known_min) return;
    const bool is_sure = known_for >= limits_.trail_known;
    const auto host = to_text(seen.client);
    Finding finding{
        .kind = "feed-malformed",
        .at = seen.now,
        .severity = Severity::high,   // what proves who saw what hangs on it
        .confidence = is_sure ? 55 : 40,
        .sentence = fmt::format("{} writes to the audit trail, which it never did before: the entries may "
                                "be broken or made up, to hide others. Look at what the trail has from "
                                "there.",
                                host),
        .facts = {{"who writes to it", fmt::format("{} others", senders.size() - 1), host},
                  {"hours since the first of them was seen", "",
                   std::to_string(std::chrono::floor<std::chrono::hours>(known_for).count())}},
        .harmless_if = "a new system was joined to the audit trail",
        .techniques = {"T1499.004", "T1565.001"},
        .systems = {host, to_text(seen.server)},
        .events = {conversation_of(seen)}};
    weigh_serving(seen, finding);
    if (!is_sure)
        finding.against.push_back(
            {"how long it is known who writes to it", "", "not yet for as long as a rare one may pause"});
    findings.push_back(std::move(finding));
}

}   // namespace ward::detect
