// SPDX-License-Identifier: Apache-2.0
// One port tried at many hosts; and worms, which speak to some of those they find in a way that nobody uses.
#pragma once

#include <deque>
#include <optional>
#include <unordered_set>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/evidence.hpp"

namespace ward::detect {

struct SweepLimits {
    std::chrono::minutes window{10};
    std::size_t silent_max = 15;   // hosts that did not answer, or refused, at one port within the window
    std::size_t sources_max = 4'096;
};

/// Tells `worm`. A sweep alone is no finding: scanners and inventories do it all day.
class Sweep final : public Detector {
public:
    explicit Sweep(SweepLimits limits = {}) : limits_(limits), sources_(limits.sources_max) {}

    void see(const Seen& seen, Findings& findings) override;
    void pass(Time, Findings&) override {}

private:
    struct Tried {
        Time at{};
        IpAddress host;
        std::string event;
    };
    /// Of one host and SMB's port.
    struct Source {
        std::deque<Tried> silent;             // within the window, each host once
        std::deque<Tried> abused;             // in the same
        std::optional<Tried> infected_by{};   // who abused this one, and when
        Time told{};
    };

    void forget(Source& source, Time now) const;
    void consider(const Seen& seen, Source& source, Findings& findings);
    Finding told(const Seen& seen, const Source& source) const;

    SweepLimits limits_;
    LruMap<IpAddress, Source, IpAddressHash> sources_;
};

}   // namespace ward::detect
