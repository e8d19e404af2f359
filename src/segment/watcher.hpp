// SPDX-License-Identifier: Apache-2.0
// Flows outside the plan as findings: docs/formats/findings.md, `outside-plan`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "segment/borders.hpp"
#include "segment/outside.hpp"

namespace ward::segment {

struct WatcherLimits {
    std::size_t tries_max = 50'000;   // of clients, at one zone and port
    std::size_t wide_min = 16;        // so many servers of a zone, at one port on one day, are no mistake
};

/// One finding a day (UTC) for a client, the zone it speaks to and the port; another once it matters more:
/// a clinical device answered, or many servers were tried. Others than those of the plan's zones are one
/// client: they are too many.
class Watcher {
public:
    explicit Watcher(Borders borders, IpAddressHash hash = {}, WatcherLimits limits = {})
        : borders_(std::move(borders)),
          roles_(hash),
          limits_(limits),
          tries_(limits.tries_max, TryHash{hash}) {}

    void see(const Seen& seen, detect::Findings& findings);
    std::size_t forgotten() const { return roles_.forgotten() + tries_.forgotten(); }

private:
    enum class Weight : std::uint8_t { none, little, much };
    struct Try {
        IpAddress client;
        ZoneId to = 0;
        Protocol protocol = Protocol::tcp;
        std::uint16_t port = 0;
        bool operator==(const Try&) const = default;
    };
    struct TryHash {
        IpAddressHash hash;
        std::size_t operator()(const Try& one) const noexcept {
            const auto place = (std::uint64_t{one.to} << 20U) + (std::uint64_t{one.port} << 1U) +
                               static_cast<std::uint64_t>(one.protocol);
            return folded(hash(one.client), place, hash.secret);
        }
    };
    struct Today {
        std::chrono::sys_days day{};
        std::uint64_t flows = 0;
        std::uint64_t answered = 0;
        std::vector<IpAddress> servers{};   // the first wide_min
        std::vector<std::string> events{};
        Weight told = Weight::none;
    };
    bool is_clinical(const IpAddress& server, ZoneId zone);
    detect::Finding told(const Seen& seen, const Talk& talk, const Ends& ends, const Today& today);
    std::string usual(const Ends& ends) const;

    Borders borders_;
    Roles roles_;
    WatcherLimits limits_;
    LruMap<Try, Today, TryHash> tries_;
};

}   // namespace ward::segment
