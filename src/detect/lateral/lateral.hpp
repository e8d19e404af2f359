// SPDX-License-Identifier: Apache-2.0
// A host starts programs on others, or works at their desks, and never did: lateral movement.
#pragma once

#include <optional>

#include "core/lru_map.hpp"
#include "detect/detector.hpp"
#include "detect/pair.hpp"
#include "detect/recent.hpp"

namespace ward::detect {

struct LateralLimits {
    std::chrono::hours learned_for{24};   // from the first event on: who does it then is known to
    std::chrono::hours window{3};
    std::size_t started_max = 2;   // machines on which one that is not known to starts programs
    std::size_t desks_max = 2;     // known ones, of who looks after others
    std::chrono::hours told_for{7 * 24};
    std::chrono::hours settled_after{24};    // a host that is there so long is known by its address ...
    std::chrono::hours gone_after{4 * 24};   // ... until it was silent for so long
    std::size_t kept_max = 64;               // of one host
    std::size_t hosts_max = 20'000;
    std::size_t pairs_max = 100'000;
};

/// Programs are started by services ([MS-SCMR] RCreateService) and tasks ([MS-TSCH] SchRpcRegisterTask);
/// desks are reached by RDP, VNC and SSH.
class Lateral final : public Detector {
public:
    explicit Lateral(IpAddressHash hash = {}, LateralLimits limits = {})
        : limits_(limits),
          hosts_(limits.hosts_max, hash),
          present_(limits.hosts_max, hash),
          desks_(limits.pairs_max, {hash}) {}

    void see(const Seen& seen, Findings& findings) override;
    std::size_t forgotten() const override {
        return hosts_.forgotten() + present_.forgotten() + desks_.forgotten();
    }
    void state(state::Kept& kept) override {
        kept(begun_, present_, desks_);
        kept.entries(hosts_, limits_);
    }

private:
    struct Started {
        Time at{};
        IpAddress machine;
        std::string event;

        void state(state::Kept& kept) { kept(at, machine, event); }
    };
    struct Presence {
        Time first{};
        Time last{};

        void state(state::Kept& kept) { kept(first, last); }
    };
    struct Host {
        explicit Host(const LateralLimits& limits) : started(limits.window, limits.kept_max) {}

        bool starts = false;       // it did so on the first day
        std::size_t desks = 0;     // that it worked at, and of which nothing was told
        Recent<Started> started;   // each machine once
        std::optional<Time> told_few{};
        std::optional<Time> told_many{};

        void state(state::Kept& kept) { kept(starts, desks, started, told_few, told_many); }
    };

    void note_presence(const Seen& seen);
    Pair who_sits_where(const Seen& seen);
    bool is_first_day(const Seen& seen) const { return seen.now - begun_ < limits_.learned_for; }
    void start(const Seen& seen, Findings& findings);
    void sit_down(const Seen& seen, Findings& findings);
    Finding told(const Seen& seen, const Host& host) const;
    Finding told(const Seen& seen, std::size_t desks_before) const;

    LateralLimits limits_;
    Time begun_ = Time::max();
    LruMap<IpAddress, Host, IpAddressHash> hosts_;
    LruMap<IpAddress, Presence, IpAddressHash> present_;
    LruMap<Pair, Time, PairHash> desks_;   // who was where, and when last
};

}   // namespace ward::detect
