// SPDX-License-Identifier: Apache-2.0
// Somebody from outside goes on from a gateway to machines that have nothing in common; and where those call
// afterwards.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"

namespace ward::detect {

struct VisitLimits {
    std::size_t networks_min = 2;   // with machines that one visit reaches: a vendor looks after one kind
    std::size_t machines_min = 2;
    std::chrono::hours night_begin{22};   // of the local day, when nobody was asked to come
    std::chrono::hours night_end{6};
    std::chrono::hours known_after{20};      // whose first visit was longer ago is known
    std::chrono::hours remembered_for{24};   // machines that were visited
    std::size_t callers_min = 2;             // visited machines that call the same new site
    std::size_t machines_max = 64;           // kept of one visit
    std::size_t visits_max = 16;             // at one gateway at a time
    std::size_t gateways_max = 4'096;
    std::size_t visited_max = 20'000;
    std::size_t visitors_max = 20'000;
    std::size_t sites_max = 50'000;
};

/// A visit is a session of TLS, RDP, SSH or VNC from outside, and what the host that answers it reaches
/// inside until it ends. ATT&CK T1133, T1199.
class Visits final : public Detector {
public:
    explicit Visits(IpAddressHash hash = {}, VisitLimits limits = {})
        : limits_(limits),
          gateways_(limits.gateways_max, hash),
          visited_(limits.visited_max, hash),
          visitors_(limits.visitors_max, hash),
          sites_(limits.sites_max) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return gateways_.forgotten() + visited_.forgotten() + visitors_.forgotten() + sites_.forgotten();
    }
    void state(state::Kept& kept) override { kept(gateways_, visited_, visitors_, sites_); }

private:
    struct Machine {
        IpAddress address;
        std::string event;

        void state(state::Kept& kept) { kept(address, event); }
    };
    struct Visit {
        IpAddress visitor;
        std::uint64_t flow = 0;
        Time began{};
        std::string event{};
        bool is_known = false;
        bool told = false;
        std::vector<Machine> machines{};

        std::size_t networks() const;

        void state(state::Kept& kept) { kept(visitor, flow, began, event, is_known, told, machines); }
    };
    struct Visited {
        Time at{};
        IpAddress gateway;
        IpAddress visitor;
        bool is_odd = false;

        void state(state::Kept& kept) { kept(at, gateway, visitor, is_odd); }
    };
    struct Site {
        Time first{};
        std::vector<Machine> callers{};   // machines that were visited before anybody called it
        bool is_indicator = false;
        bool is_odd = false;   // as a visit to one of them was

        void state(state::Kept& kept) { kept(first, callers, is_indicator, is_odd); }
    };

    void begin(const Seen& seen);
    void reach(const Seen& seen, Findings& findings);
    void end(const Seen& seen);
    void call(const Seen& seen, Findings& findings);
    bool is_night(const Seen& seen) const;
    bool is_odd(const Seen& seen, const Visit& visit) const { return !visit.is_known && is_night(seen); }
    Finding told(const Seen& seen, const Visit& visit) const;
    Finding told(const Seen& seen, const Site& site, const Visited* visited) const;

    VisitLimits limits_;
    LruMap<IpAddress, std::vector<Visit>, IpAddressHash> gateways_;   // visits that go on
    LruMap<IpAddress, Visited, IpAddressHash> visited_;               // in visits to several networks
    LruMap<IpAddress, Time, IpAddressHash> visitors_;                 // when each first came
    LruMap<std::string, Site> sites_;   // outside, by the name they are called by, else the address
};

}   // namespace ward::detect
