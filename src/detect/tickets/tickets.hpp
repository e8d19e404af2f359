// SPDX-License-Identifier: Apache-2.0
// Tickets for many services in a short time, under a cipher that can be cracked: Kerberoasting.
#pragma once

#include <deque>
#include <set>
#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"

namespace ward::detect {

struct TicketLimits {
    std::chrono::minutes window{15};
    std::size_t services_max = 5;   // of one client under a weak cipher within the window: no more is usual
    std::size_t clients_max = 20'000;
};

/// RFC 4120: a ticket is encrypted under the service's key; RC4's (RFC 4757) is its password's hash.
class Tickets final : public Detector {
public:
    explicit Tickets(TicketLimits limits = {}) : limits_(limits), clients_(limits.clients_max) {}

    void see(const Seen& seen, Findings& findings) override;
    void pass(Time, Findings&) override {}

private:
    struct Asked {
        Time at{};
        std::string service;
    };
    struct Client {
        std::deque<Asked> weak;        // within the window, at most one of each service
        std::set<std::string> usual;   // services that it was given weak tickets for before
        Evidence evidence;
        Time told{};
    };

    Finding told(const Seen& seen, const Client& client) const;

    TicketLimits limits_;
    LruMap<IpAddress, Client, IpAddressHash> clients_;
};

}   // namespace ward::detect
