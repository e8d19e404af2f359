// SPDX-License-Identifier: Apache-2.0
// Which hosts have been in the network for long.
#pragma once

#include <string>

#include "core/lru_map.hpp"
#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

struct NewcomerLimits {
    std::chrono::hours learn{6};   // whoever is seen within this of the first event was there before it
    std::chrono::hours new_for{24};
    std::size_t hosts_max = 50'000;
};

/// A host is its address until DHCP lends that to a card; then it is the card. That of a host that nobody saw
/// for long may have been forgotten, and is new again.
class Newcomers {
public:
    explicit Newcomers(IpAddressHash hash = {}, NewcomerLimits limits = {})
        : limits_(limits), hosts_(limits.hosts_max, hash), cards_(limits.hosts_max) {}

    void see(const Seen& seen);
    /// False of who was never seen to send anything.
    bool is_new(const IpAddress& host, Time now);
    /// Whether all hosts are known that are there all day.
    void state(state::Kept& kept) { kept(first_, hosts_, cards_); }
    bool has_learned(Time now) const { return first_ && now - *first_ >= limits_.learn; }

private:
    struct Host {
        Time first{};
        std::string card{};

        void state(state::Kept& kept) { kept(first, card); }
    };
    void lend(const Seen& seen);

    NewcomerLimits limits_;
    std::optional<Time> first_{};
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
    LruMap<std::string, Time> cards_;   // when each was first seen
};

}   // namespace ward::detect
