// SPDX-License-Identifier: Apache-2.0
#include "detect/impostor/impostor.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "detect/evidence.hpp"

namespace ward::detect {
namespace {

/// The first three bytes of a card's address are its maker's.
std::string_view maker_of(std::string_view card) { return card.substr(0, 8); }

}   // namespace

void Impostor::see(const Seen& seen, Findings& findings) {
    if (seen.is("dhcp")) lend(seen);
    if (!seen.is("arp")) return;
    const auto address = parse_ip_address(seen.text("src_ip"));
    const std::string card{seen.text("src_mac")};
    if (!address || !address->is_private() || card.empty()) return;
    auto& addresses = cards_.at(card).addresses;
    if (addresses.size() <= limits_.addresses_max &&
        std::ranges::find(addresses, *address) == addresses.end())
        addresses.push_back(*address);
    claim(seen, {*address, card}, findings);
}

void Impostor::lend(const Seen& seen) {
    if (seen.text("dhcp_type") != "ack") return;
    const auto address = parse_ip_address(seen.text("assigned_ip"));
    const std::string card{seen.text("client_mac")};
    if (!address || card.empty()) return;
    auto& borrower = cards_.at(card);
    borrower.lent = *address;
    borrower.lent_by = conversation_of(seen);
    auto& known = addresses_.at(*address);
    known.lent_to = card;
    if (known.card == card) return;
    known = Address{.card = card, .since = seen.at, .lent_to = card};
}

void Impostor::claim(const Seen& seen, const Claim& claim, Findings& findings) {
    auto& address = addresses_.at(claim.address);
    const auto by_true_one = [&] { return address.card.empty() || address.card == claim.card; };
    if (address.card.empty()) {
        address.card = claim.card;
        address.since = seen.at;
    }
    if (by_true_one()) {
        // Nobody knew the other one, but this one has not gone: two machines want the same address.
        if (!address.other.empty()) tell(seen, address, {claim.address, address.other}, findings);
        address.other.clear();
        return;
    }
    if (!address.lent_to.empty()) return;
    if (is_harmless(address, claim)) {
        if (address.harmless.size() == limits_.cards_max) address.harmless.erase(address.harmless.begin());
        address.harmless.push_back(claim.card);
        return;
    }
    const bool is_settled = seen.at - address.since >= limits_.held_min;
    const auto own = own_address(claim.card, claim.address);
    if (!is_settled ||
        (address.other == claim.card && seen.at - address.other_since >= limits_.moved_after)) {
        address = Address{.card = claim.card, .since = seen.at};
    } else if (own) {
        tell(seen, address, claim, findings);
    } else if (address.other != claim.card) {
        address.other = claim.card;
        address.other_since = seen.at;
    }
}

bool Impostor::is_harmless(const Address& address, const Claim& claim) {
    if (std::ranges::find(address.harmless, claim.card) != address.harmless.end()) return true;
    const auto& card = cards_.at(claim.card);
    if (card.addresses.size() > limits_.addresses_max) return true;
    if (card.lent) return false;
    if (maker_of(address.card) == maker_of(claim.card)) return true;
    // Where both have addresses of their own, this one goes from one to the other: a group's.
    return own_address(address.card, claim.address) && own_address(claim.card, claim.address);
}

std::optional<IpAddress> Impostor::own_address(const std::string& card, const IpAddress& but) {
    const auto* known = cards_.find(card);
    if (known == nullptr) return std::nullopt;
    if (known->lent && *known->lent != but) return known->lent;
    const auto other = std::ranges::find_if(known->addresses, [&](const auto& one) { return one != but; });
    return other == known->addresses.end() ? std::nullopt : std::optional{*other};
}

void Impostor::tell(const Seen& seen, Address& address, const Claim& claim, Findings& findings) {
    if (address.told && seen.now - *address.told < limits_.moved_after) return;
    address.told = seen.now;
    const auto victim = to_text(claim.address);
    const auto own = own_address(claim.card, claim.address);
    const auto who = own ? to_text(*own) : claim.card;
    Finding finding{.kind = "device-impersonated",
                    .at = seen.now,
                    .severity = Severity::critical,
                    .confidence = own ? 80 : 50,
                    .sentence = fmt::format("Another machine, {}, says that it is the one at {}: what others "
                                            "send there it can read and change, and they believe it.",
                                            who, victim)};
    finding.facts = {
        {fmt::format("card that answers at {}", victim), address.card, claim.card},
        {"maker of that card", std::string{maker_of(address.card)}, std::string{maker_of(claim.card)}},
        {"address of that card", victim, own ? to_text(*own) : "none that is known"}};
    if (!own)
        finding.against.push_back(
            {"other addresses of that card", "", "none: it may be new hardware at the same place"});
    finding.harmless_if = "the machine at that address was replaced, or moved to other hardware";
    finding.techniques = {"T1557.002"};
    finding.systems = {who, victim};
    if (const auto& lent_by = cards_.at(claim.card).lent_by; !lent_by.empty()) finding.events = {lent_by};
    findings.push_back(std::move(finding));
}

}   // namespace ward::detect
