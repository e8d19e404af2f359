// SPDX-License-Identifier: Apache-2.0
// SMB's port tried at many hosts, and large transactions sent where there is no file: a worm.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct SweepLimits {
    std::chrono::minutes window{10};
    std::chrono::minutes infected_for{60};
    std::size_t silent_max = 15;   // hosts that did not answer, or refused, within the window
    std::size_t abused_max = 3;    // hosts that were sent such transactions, without any that is silent
    std::size_t kept_max = 512;    // hosts of one source
    std::size_t sources_max = 4'096;
};

/// A sweep alone is no finding: scanners and inventories do it all day. Nor is one transaction.
class Sweep final : public Detector {
public:
    explicit Sweep(IpAddressHash hash = {}, SweepLimits limits = {})
        : limits_(limits), sources_(limits.sources_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return sources_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(sources_, limits_); }

private:
    struct Tried {
        Time at{};
        IpAddress host;
        std::string event;

        void state(state::Kept& kept) { kept(at, host, event); }
    };
    struct Source {
        explicit Source(const SweepLimits& limits)
            : silent(limits.window, limits.kept_max),
              abused(limits.window, limits.kept_max),
              abused_by(limits.infected_for, 1) {}

        Recent<Tried> silent;   // each host once, as below
        Recent<Tried> abused;
        Recent<Tried> abused_by;   // the last one that did so to it, and was answered
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(silent, abused, abused_by, told); }
    };

    Source& source_of(const IpAddress& host, Time now);
    void consider(const Seen& seen, Source& source, Findings& findings);
    Finding told(const Seen& seen, const Source& source) const;

    SweepLimits limits_;
    LruMap<IpAddress, Source, IpAddressHash> sources_;
};

}   // namespace ward::detect
