// SPDX-License-Identifier: Apache-2.0
#include "detect/newcomers.hpp"

namespace ward::detect {

void Newcomers::see(const Seen& seen) {
    if (!first_) first_ = seen.now;
    if (seen.is("dhcp")) lend(seen);
    if (seen.client.family == IpAddress::Family::none) return;
    auto& host = hosts_.at(seen.client, Host{seen.at});
    host.first = std::min(host.first, seen.at);
}

void Newcomers::lend(const Seen& seen) {
    if (seen.text("dhcp_type") != "ack") return;
    const auto address = parse_ip_address(seen.text("assigned_ip"));
    const std::string card{seen.text("client_mac")};
    if (!address || card.empty()) return;
    const auto first = cards_.at(card, seen.at);
    auto& host = hosts_.at(*address, Host{first});
    if (host.card == card) return;
    // Until now the address may have been another's.
    if (!host.card.empty()) host.first = first;
    host.card = card;
}

bool Newcomers::is_new(const IpAddress& host, Time now) {
    const auto* known = hosts_.find(host);
    return known != nullptr && known->first - *first_ >= limits_.learn &&
           now - known->first < limits_.new_for;
}

}   // namespace ward::detect
