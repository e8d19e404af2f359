// SPDX-License-Identifier: Apache-2.0
// Tickets for many services under a cipher that can be cracked: Kerberoasting.
#pragma once

#include <optional>
#include <unordered_map>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct TicketLimits {
    std::chrono::minutes burst{5};
    std::size_t burst_max = 12;   // services, but for the usual ones, of one client within a burst
    std::chrono::hours while_long{24};
    std::size_t long_max = 20;     // the same within this
    std::size_t asked_max = 256;   // kept of one client
    std::size_t usual_max = 64;    // kept of one client
    std::size_t clients_max = 20'000;
};

/// RFC 4120: a ticket is encrypted under the service's key; RC4's (RFC 4757) is its password's hash.
class Tickets final : public Detector {
public:
    explicit Tickets(IpAddressHash hash = {}, TicketLimits limits = {})
        : limits_(limits), clients_(limits.clients_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return clients_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(clients_, limits_); }

private:
    struct Asked {
        Time at{};
        std::uint64_t service = 0;   // a hash of its name
        std::string event;

        void state(state::Kept& kept) { kept(at, service, event); }
    };
    struct Client {
        explicit Client(const TicketLimits& limits) : asked(limits.while_long, limits.asked_max) {}

        Recent<Asked> asked;                               // each service once
        std::unordered_map<std::uint64_t, Time> usual{};   // asked for in times of which nothing was told
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(asked, usual, told); }
    };

    void learn(Client& client, const Asked& asked) const;
    Finding told(const Seen& seen, const Client& client, std::size_t in_burst) const;

    TicketLimits limits_;
    LruMap<IpAddress, Client, IpAddressHash> clients_;
};

}   // namespace ward::detect
