// SPDX-License-Identifier: Apache-2.0
// A host that nobody knows asks devices at beds, or one that never did commands them.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/newcomers.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct RogueLimits {
    std::chrono::hours window{12};
    std::size_t asked_max = 4;       // devices that a host may ask which is new to the network
    std::size_t weight = 2;          // a device that was commanded counts as so many
    std::size_t commanded_max = 1;   // devices that any other may command which never asked any before
    std::chrono::hours usual_after{24};
    std::size_t kept_max = 256;   // devices of one host
    std::size_t hosts_max = 8'192;
    std::size_t devices_max = 8'192;
};

/// IEEE 11073 SDC: whoever reaches a device may ask what it measures; where it takes commands, set it, too.
class Rogue final : public Detector {
public:
    explicit Rogue(IpAddressHash hash = {}, RogueLimits limits = {})
        : limits_(limits),
          newcomers_(hash),
          devices_(limits.devices_max, hash),
          hosts_(limits.hosts_max, hash) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return hosts_.forgotten() + devices_.forgotten(); }
    void state(state::Kept& kept) override {
        kept(newcomers_, devices_);
        kept.entries(hosts_, limits_);
    }

private:
    struct Spoken {
        Time at{};
        IpAddress device;
        std::string event;

        void state(state::Kept& kept) { kept(at, device, event); }
    };
    struct Device {
        bool is_known = true;

        void state(state::Kept& kept) { kept(is_known); }
    };
    struct Host {
        explicit Host(const RogueLimits& limits)
            : asked(limits.window, limits.kept_max), commanded(limits.window, limits.kept_max) {}

        Recent<Spoken> asked;       // each device once
        Recent<Spoken> commanded;   // of them, as well
        std::optional<Time> first{};
        bool is_usual = false;   // it asked before all hosts were known
        std::optional<Time> told{};
        bool told_commands = false;

        void state(state::Kept& kept) { kept(asked, commanded, first, is_usual, told, told_commands); }
    };

    void learn_device(const Seen& seen);
    bool is_device(const IpAddress& host) { return devices_.find(host) != nullptr; }
    void consider(const Seen& seen, Host& host, Findings& findings);
    Finding told(const Seen& seen, const Host& host, bool is_new) const;

    RogueLimits limits_;
    Newcomers newcomers_;
    LruMap<IpAddress, Device, IpAddressHash> devices_;
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
};

}   // namespace ward::detect
