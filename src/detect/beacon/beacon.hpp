// SPDX-License-Identifier: Apache-2.0
// A host calls a site that hardly anybody else calls, over and over, day and night: a beacon.
#pragma once

#include <deque>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/pair.hpp"

namespace ward::detect {

struct BeaconLimits {
    std::size_t calls_min = 18;
    std::chrono::hours span_min{12};   // from the first to the last, so that it goes on when people are gone
    std::chrono::seconds apart_min{60};   // closer ones are one call
    double spread_max = 0.4;              // of the times between calls, median deviation over median
    double pause_max = 4;                 // the longest time between calls, over the median
    std::size_t callers_max = 2;          // hosts that call the same site, or domain, again and again
    std::size_t often = 8;                // calls of such a host: others just looked at a page
    std::size_t kept_max = 32;            // times between calls, of one pair
    std::size_t pairs_max = 100'000;      // of a host and a site
    std::size_t sites_max = 50'000;
};

/// RITA's idea: programs keep time, people do not. Of a site that many hosts call nothing is said: it is
/// what they have all installed.
class Beacon final : public Detector {
public:
    explicit Beacon(IpAddressHash hash = {}, BeaconLimits limits = {})
        : limits_(limits),
          pairs_(limits.pairs_max, {hash}),
          sites_(limits.sites_max, hash),
          domains_(limits.sites_max) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return pairs_.forgotten() + sites_.forgotten() + domains_.forgotten();
    }
    void state(state::Kept& kept) override { kept(pairs_, sites_, domains_); }

private:
    struct Calls {
        Time first{};
        Time last{};
        std::size_t count = 0;
        std::deque<float> apart{};   // seconds, the latest ones
        std::uint64_t sent = 0;
        std::string name{};   // that it was called by last: many sites share an address
        Evidence evidence{};
        bool told = false;

        void state(state::Kept& kept) { kept(first, last, count, apart, sent, name, evidence, told); }
    };
    struct Rhythm {
        double median = 0;   // seconds
        double spread = 0;   // of the median
        double pause = 0;    // the longest, over the median
    };

    using Callers = std::vector<IpAddress>;   // the first few

    void count_caller(const Seen& seen, std::string_view name);
    std::size_t callers_of(const Seen& seen, std::string_view name);
    static Rhythm rhythm_of(const Calls& calls);
    static Finding told(const Seen& seen, const Calls& calls, const Rhythm& rhythm, std::size_t callers);

    BeaconLimits limits_;
    LruMap<Pair, Calls, PairHash> pairs_;
    LruMap<IpAddress, Callers, IpAddressHash> sites_;   // who calls each
    LruMap<std::string, Callers> domains_;              // one maker has many sites
};

}   // namespace ward::detect
