// SPDX-License-Identifier: Apache-2.0
#include "detect/tickets/tickets.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

/// RFC 8429: RC4 and DES are no ciphers any more.
bool is_weak(std::string_view cipher) { return cipher.starts_with("rc4") || cipher.starts_with("des"); }

}   // namespace

void Tickets::see(const Seen& seen, Findings& findings) {
    if (!seen.is("krb5") || !seen.has_ends() || seen.text("msg_type") != "KRB_TGS_REP" ||
        !is_weak(seen.text("ticket_encryption")))
        return;
    auto& client = clients_.at(seen.client, limits_);
    const auto learn_one = [&](const Asked& asked) { learn(client, asked); };
    client.asked.forget(seen.now, learn_one);
    const auto service = std::hash<std::string_view>{}(seen.text("sname"));
    if (client.usual.contains(service) ||
        std::ranges::find(client.asked, service, &Asked::service) != client.asked.end())
        return;
    client.asked.add({seen.at, service, conversation_of(seen)}, seen.now, [](const Asked&) {});
    const auto in_burst = static_cast<std::size_t>(std::ranges::count_if(
        client.asked, [&](const Asked& one) { return seen.now - one.at <= limits_.burst; }));
    if (in_burst <= limits_.burst_max && client.asked.size() <= limits_.long_max) return;
    if (client.told && seen.now - *client.told < limits_.while_long) return;
    client.told = seen.now;
    findings.push_back(told(seen, client, in_burst));
}

/// What belongs to a burst that was told never becomes usual: whoever waits a day does not teach it.
void Tickets::learn(Client& client, const Asked& asked) const {
    if (client.told && asked.at + limits_.while_long >= *client.told &&
        asked.at <= *client.told + limits_.while_long)
        return;
    if (client.usual.size() == limits_.usual_max)
        client.usual.erase(
            std::ranges::min_element(client.usual, {}, [](const auto& one) { return one.second; }));
    client.usual.insert_or_assign(asked.service, asked.at);
}

Finding Tickets::told(const Seen& seen, const Client& client, std::size_t in_burst) const {
    const bool is_burst = in_burst > limits_.burst_max;
    const auto host = to_text(seen.client);
    Finding finding{
        .kind = "kerberoasting",
        .at = seen.now,
        // A server's programs ask for those that they use together.
        .severity = seen.client_serves ? Severity::medium : Severity::high,
        .confidence = is_burst ? 60 : 40,
        .sentence = fmt::format("The computer {} collected keys to {} services, in a form whose passwords "
                                "can be guessed elsewhere.",
                                host, is_burst ? in_burst : client.asked.size())};
    finding.facts = {
        {fmt::format("services asked for in {} minutes, under a weak cipher", limits_.burst.count()),
         fmt::format("at most {}", limits_.burst_max), std::to_string(in_burst)},
        {fmt::format("the same in {} hours", limits_.while_long.count()),
         fmt::format("at most {}", limits_.long_max), std::to_string(client.asked.size())},
        {"services that it had such tickets for on other days", "most of them",
         fmt::format("{}, none of these", client.usual.size())},
        {"cipher of the last ticket", "AES", std::string{seen.text("ticket_encryption")}}};
    if (!client.usual.empty())
        finding.against.push_back(
            {"services that it had such tickets for on other days", "", std::to_string(client.usual.size())});
    if (!is_burst)
        finding.against.push_back({"how fast", "", "slowly, as programs do that are used now and then"});
    weigh_serving(seen, finding);
    finding.harmless_if = "an inventory, or a program that cannot do AES, asks for all services it knows";
    finding.techniques = {"T1558.003"};
    finding.systems = {host};
    Evidence evidence;
    for (const auto& one : client.asked)
        if (!is_burst || seen.now - one.at <= limits_.burst) evidence.add(one.event);
    finding.events = evidence.ids();
    return finding;
}

}   // namespace ward::detect
