// SPDX-License-Identifier: Apache-2.0
// A host lists what is in the directory, a kind after the other.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct SurveyLimits {
    std::chrono::minutes window{15};
    std::uint64_t entries_min = 5;   // of a list; fewer are a look-up
    std::size_t lists_max = 3;       // different ones within the window
    std::chrono::hours told_for{30 * 24};
    std::size_t kept_max = 32;   // of one host
    std::size_t hosts_max = 20'000;
};

/// A list is a search (RFC 4511, 4.5.1) below a point of the tree, by kind alone: no name or number says whom
/// it looks for.
class Survey final : public Detector {
public:
    explicit Survey(IpAddressHash hash = {}, SurveyLimits limits = {})
        : limits_(limits), hosts_(limits.hosts_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten(); }
    void state(state::Kept& kept) override { kept.entries(hosts_, limits_); }

private:
    struct List {
        Time at{};
        std::uint64_t entries = 0;
        std::string event;

        void state(state::Kept& kept) { kept(at, entries, event); }
    };
    struct Host {
        explicit Host(const SurveyLimits& limits) : lists(limits.window, limits.kept_max) {}

        Recent<List> lists;   // each number of entries once: the same list twice is none more
        std::optional<Time> told{};

        void state(state::Kept& kept) { kept(lists, told); }
    };

    Finding told(const Seen& seen, const Host& host) const;

    SurveyLimits limits_;
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
};

}   // namespace ward::detect
