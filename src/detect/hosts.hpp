// SPDX-License-Identifier: Apache-2.0
// What is known of addresses from what all events said so far.
#pragma once

#include <string>
#include <vector>

#include "core/lru_map.hpp"
#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

class Hosts {
public:
    static constexpr std::size_t hosts_max = 100'000;
    static constexpr std::size_t clients_max = 8;   // with as many it serves

    explicit Hosts(IpAddressHash hash = {}) : hosts_(hosts_max, hash) {}

    /// Answers of DNS (RFC 1035) name addresses, whatever stood between the name that was asked for and the
    /// address; the inventory's `device` says what they are; flows whom they serve.
    void learn(const Seen& seen);
    /// Tells the event what is known of its ends; good until the next learn().
    void introduce(Seen& seen);
    void state(state::Kept& kept) { kept(hosts_); }

private:
    struct Host {
        std::string name;                   // the last one that somebody asked for
        std::string role;                   // of devices.md
        std::vector<IpAddress> clients{};   // of one's own network that it answered over TCP, the first few

        void state(state::Kept& kept) { kept(name, role, clients); }
    };
    void learn_client(const Seen& flow);

    LruMap<IpAddress, Host, IpAddressHash> hosts_;
};

}   // namespace ward::detect
