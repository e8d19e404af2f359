// SPDX-License-Identifier: Apache-2.0
// Somebody works from afar, far into the night, from a place that was never seen.
#pragma once

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/pair.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct NightLimits {
    std::chrono::minutes session_min{15};   // shorter ones are a page that is looked at
    std::chrono::hours window{14};
    std::size_t sessions_min = 3;         // in the window, one of which begins in the night
    std::chrono::hours night_end{6};      // of the local day; it begins at midnight
    std::chrono::hours known_after{20};   // whose first session was longer ago is known
    std::size_t kept_max = 16;            // of one pair
    std::size_t pairs_max = 20'000;       // of a place outside and a server
};

/// What a thief does with a laptop and what its owner does on a journey look alike on the wire: this says
/// that somebody should ask. The charts that are opened and the owner's call say more.
class Nights final : public Detector {
public:
    explicit Nights(IpAddressHash hash = {}, NightLimits limits = {})
        : limits_(limits), pairs_(limits.pairs_max, {hash}) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return pairs_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(pairs_, limits_); }

private:
    struct Session {
        Time at{};
        std::string event;

        void state(state::Kept& kept) { kept(at, event); }
    };
    struct Sessions {
        explicit Sessions(const NightLimits& limits) : recent(limits.window, limits.kept_max) {}

        Time first{};
        Recent<Session> recent;
        bool told = false;

        void state(state::Kept& kept) { kept(first, recent, told); }
    };

    Finding told(const Seen& seen, const Sessions& sessions) const;

    NightLimits limits_;
    LruMap<Pair, Sessions, PairHash> pairs_;
};

}   // namespace ward::detect
