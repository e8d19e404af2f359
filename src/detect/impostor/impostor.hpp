// SPDX-License-Identifier: Apache-2.0
// An address that is answered by another machine's card than its own.
#pragma once

#include <optional>
#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"

namespace ward::detect {

struct ImpostorLimits {
    std::chrono::hours held_min{1};   // an address counts as a card's after this
    std::chrono::hours moved_after{24};
    std::size_t cards_max = 8;       // of one address: its own, and those that were found harmless
    std::size_t addresses_max = 8;   // of one card: one with more is a router that answers for others
    std::size_t hosts_max = 20'000;
};

/// RFC 826: whoever says that an address is its own is believed. Of addresses that are not lent by DHCP. A
/// second card of the same maker, and an address that moves between two machines of a group, are no
/// impostors.
class Impostor final : public Detector {
public:
    explicit Impostor(IpAddressHash hash = {}, ImpostorLimits limits = {})
        : limits_(limits), addresses_(limits.hosts_max, hash), cards_(limits.hosts_max) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return addresses_.forgotten(); }
    void state(state::Kept& kept) override { kept(addresses_, cards_); }

private:
    struct Address {
        std::string card{};   // the true one
        Time since{};
        std::string lent_to{};
        std::string other{};   // the last one that claimed it and was neither harmless nor told
        Time other_since{};
        std::vector<std::string> harmless{};
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(card, since, lent_to, other, other_since, harmless, told); }
    };
    struct Card {
        std::vector<IpAddress> addresses{};
        std::optional<IpAddress> lent{};
        std::string lent_by{};   // the conversation

        void state(state::Kept& kept) { kept(addresses, lent, lent_by); }
    };
    struct Claim {
        IpAddress address;
        std::string card;
    };

    void lend(const Seen& seen);
    void claim(const Seen& seen, const Claim& claim, Findings& findings);
    bool is_harmless(const Address& address, const Claim& claim);
    void tell(const Seen& seen, Address& address, const Claim& claim, Findings& findings);
    std::optional<IpAddress> own_address(const std::string& card, const IpAddress& but);

    ImpostorLimits limits_;
    LruMap<IpAddress, Address, IpAddressHash> addresses_;
    LruMap<std::string, Card> cards_;
};

}   // namespace ward::detect
