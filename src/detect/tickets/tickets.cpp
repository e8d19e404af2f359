// SPDX-License-Identifier: Apache-2.0
#include "detect/tickets/tickets.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::detect {

void Tickets::see(const Seen& seen, Findings& findings) {
    if (!seen.is("krb5") || seen.text("msg_type") != "KRB_TGS_REP" || !seen.flag("weak_encryption")) return;
    auto& client = clients_.at(seen.client);
    while (!client.weak.empty() && seen.at - client.weak.front().at > limits_.window) {
        if (client.usual.size() < limits_.services_max * 16)
            client.usual.insert(std::move(client.weak.front().service));
        client.weak.pop_front();
    }
    if (client.weak.empty()) client.evidence.clear();
    const auto service = seen.text("sname");
    if (client.usual.contains(std::string{service})) return;
    if (std::ranges::find(client.weak, service, &Asked::service) != client.weak.end()) return;
    client.weak.push_back({seen.at, std::string{service}});
    client.evidence.add(conversation_of(seen));
    if (client.weak.size() <= limits_.services_max || seen.at - client.told < limits_.window) return;
    client.told = seen.at;
    findings.push_back(told(seen, client));
}

Finding Tickets::told(const Seen& seen, const Client& client) const {
    const auto minutes = std::chrono::ceil<std::chrono::minutes>(seen.at - client.weak.front().at).count();
    Finding finding{
        .kind = "kerberoasting",
        .at = seen.at,
        .severity = Severity::high,
        .confidence = 60,
        .sentence = fmt::format("The computer {} collected keys to {} services in {} minutes, in a form "
                                "whose passwords can be guessed elsewhere.",
                                to_text(seen.client), client.weak.size(), minutes)};
    finding.facts = {{"services asked for with a weak cipher",
                      fmt::format("at most {} in {} minutes", limits_.services_max, limits_.window.count()),
                      fmt::format("{} in {}", client.weak.size(), minutes)},
                     {"services that it had such tickets for before", "most of them",
                      fmt::format("{}, none of these", client.usual.size())}};
    if (const auto cipher = seen.text("ticket_encryption"); !cipher.empty())
        finding.facts.push_back({"cipher of the last ticket", "AES", std::string{cipher}});
    finding.harmless_if = "an inventory or an old program that cannot do AES asks for all services it knows";
    finding.techniques = {"T1558.003"};
    finding.systems = {to_text(seen.client)};
    finding.events = client.evidence.ids();
    return finding;
}

}   // namespace ward::detect
