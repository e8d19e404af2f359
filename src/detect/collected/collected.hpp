// SPDX-License-Identifier: Apache-2.0
// Studies fetched from the archive by a host that nobody knows, or far more of them than a host ever fetches.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/newcomers.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct CollectedLimits {
    std::chrono::hours window{12};
    std::size_t new_max = 10;      // studies that a host new to the network may fetch within it
    std::size_t known_max = 60;    // that any other one may, and
    std::size_t usual_times = 4;   // so many times what it fetched on its busiest day before
    std::chrono::hours usual_day{24};
    std::chrono::minutes series{1};   // of one study within this: nothing says which study they are of
    std::size_t kept_max = 512;       // studies of one host
    std::size_t hosts_max = 8'192;
};

class Collected final : public Detector {
public:
    explicit Collected(IpAddressHash hash = {}, CollectedLimits limits = {})
        : limits_(limits), newcomers_(hash), hosts_(limits.hosts_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten(); }
    void state(state::Kept& kept) override {
        kept(newcomers_);
        kept.entries(hosts_, limits_);
    }

private:
    struct Study {
        Time at{};
        IpAddress archive;
        std::string sent_to;   // another application's title than its own
        std::string event;

        void state(state::Kept& kept) { kept(at, archive, sent_to, event); }
    };
    struct Host {
        explicit Host(const CollectedLimits& limits) : studies(limits.window, limits.kept_max) {}

        Recent<Study> studies;
        std::optional<Time> last_part{};   // of a study
        Time day_begin{};
        std::size_t of_day = 0;
        std::optional<std::size_t> busiest{};   // of the days before
        std::size_t searches = 0;
        std::optional<Time> told{};

        void state(state::Kept& kept) {
            kept(studies, last_part, day_begin, of_day, busiest, searches, told);
        }
    };

    bool fetch(const Seen& seen, Host& host) const;
    bool is_too_much(const Host& host, bool is_new) const;
    Finding told(const Seen& seen, const Host& host, bool is_new) const;

    CollectedLimits limits_;
    Newcomers newcomers_;
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
};

}   // namespace ward::detect
