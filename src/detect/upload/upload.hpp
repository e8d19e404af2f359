// SPDX-License-Identifier: Apache-2.0
// Far more leaves for one address outside than its host ever sends out: exfiltration.
#pragma once

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"
#include "detect/pair.hpp"

namespace ward::detect {

struct UploadLimits {
    std::chrono::hours half_life{48};   // of all sums: what goes out slowly adds up, and is forgotten
    double bytes_min = 10e6;
    double times_received_min = 4;   // as much as came back
    double times_usual_min = 4;      // as much as the host sends to all others
    std::chrono::hours told_for{30 * 24};
    std::size_t hosts_max = 20'000;
    std::size_t pairs_max = 100'000;   // of a host and an address outside
};

/// Nothing is said of what it was: it is encrypted. So it weighs little alone, and much beside other findings
/// of the same host.
class Upload final : public Detector {
public:
    explicit Upload(IpAddressHash hash = {}, UploadLimits limits = {})
        : limits_(limits), hosts_(limits.hosts_max, hash), pairs_(limits.pairs_max, {hash}) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten() + pairs_.forgotten(); }
    void state(state::Kept& kept) override { kept(hosts_, pairs_); }

private:
    /// Of bytes, which count less the longer ago they were.
    struct Sum {
        double bytes = 0;
        Time last{};

        double at(Time now, std::chrono::nanoseconds half_life) const;
        void add(double more, Time now, std::chrono::nanoseconds half_life);

        void state(state::Kept& kept) { kept(bytes, last); }
    };
    struct Sent {
        Sum sent{};
        Sum received{};
        Evidence evidence{};
        std::uint64_t flows = 0;
        Time first{};
        Time told = Time::min();

        void state(state::Kept& kept) { kept(sent, received, evidence, flows, first, told); }
    };

    Finding told(const Seen& seen, const Sent& sent, double usual) const;

    UploadLimits limits_;
    LruMap<IpAddress, Sum, IpAddressHash> hosts_;   // what each sends out, to all
    LruMap<Pair, Sent, PairHash> pairs_;
};

}   // namespace ward::detect
