// SPDX-License-Identifier: Apache-2.0
// What another sensor's rules say of a host.
#pragma once

#include <string>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"

namespace ward::detect {

struct AlarmLimits {
    std::size_t told_max = 50'000;   // pairs of a rule and a host that are remembered
};

/// One finding for each rule and host a day (UTC). How sure is little: rules match in any traffic, and alone
/// most weigh too little to be shown.
class Alarm final : public Detector {
public:
    explicit Alarm(IpAddressHash hash = {}, AlarmLimits limits = {}) : told_(limits.told_max) {
        static_cast<void>(hash);
    }

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override { return told_.forgotten(); }
    void state(state::Kept& kept) override { kept(told_); }

private:
    struct Told {
        std::chrono::sys_days day{};

        void state(state::Kept& kept) { kept(day); }
    };
    LruMap<std::string, Told> told_;
};

}   // namespace ward::detect
