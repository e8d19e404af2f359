// SPDX-License-Identifier: Apache-2.0
// A host that reads far more files of shares than it ever does: somebody collects them.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct HoardLimits {
    std::chrono::minutes window{60};
    std::size_t read_max = 60;       // files of shares that one host reads within the window
    std::size_t usual_factor = 4;    // over the most that it read before in as long
    std::size_t written_share = 2;   // who writes one for so many that it reads copies them, in sight of all
    std::size_t done_max = 2'048;    // kept of one host, of each kind
    std::size_t hosts_max = 4'096;
};

/// Migrations write what they read; what a server backs up of itself no network sees.
class Hoard final : public Detector {
public:
    explicit Hoard(IpAddressHash hash = {}, HoardLimits limits = {})
        : limits_(limits), hosts_(limits.hosts_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(hosts_, limits_); }

private:
    struct Read {
        Time at{};
        std::string event;

        void state(state::Kept& kept) { kept(at, event); }
    };
    struct Written {
        Time at{};

        void state(state::Kept& kept) { kept(at); }
    };
    struct Host {
        explicit Host(const HoardLimits& limits)
            : read(limits.window, limits.done_max), written(limits.window, limits.done_max) {}

        Recent<Read> read;
        Recent<Written> written;
        std::size_t most = 0;        // read in a window that is over
        std::size_t in_window = 0;   // the most of the one that is not
        Time window_end{};
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(read, written, most, in_window, window_end, told); }
    };

    void end_window(Host& host, Time now) const;
    Finding told(const Seen& seen, const Host& host) const;

    HoardLimits limits_;
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
};

}   // namespace ward::detect
