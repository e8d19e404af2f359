// SPDX-License-Identifier: Apache-2.0
// What a scenario does over the network, as frames: an attack's and its look-alikes' in the same way.
#pragma once

#include <map>
#include <memory>

#include "lab/frames/edge/edge_traffic.hpp"
#include "lab/frames/office/office.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the office.
class DeedTraffic final : public Witness {
public:
    explicit DeedTraffic(Office& office)
        : office_(office), edge_(office), random_(office.wires.story().dice("deed traffic")) {}
    DeedTraffic(const DeedTraffic&) = delete;
    DeedTraffic& operator=(const DeedTraffic&) = delete;

    void see(const Act& act, const Story& story) override;

private:
    struct Caller {
        DeviceId id{};
        const Device& device;
        std::string_view account;
        Moment at{};
    };

    void show(const SiteCalled& use, const Caller& caller);
    void show(const PortTried& use, const Caller& caller);
    void show(const TicketAsked& use, const Caller& caller);
    void show(const DirectorySurveyed& use, const Caller& caller);
    void show(const ProgramStarted& use, const Caller& caller);
    void show(const DeskTaken& use, const Caller& caller);
    void show(const OldSmbSpoken& use, const Caller& caller);
    void show(const DeviceUse&, const Caller&) {}   // DeviceDeedTraffic shows it
    /// Who asks: a machine has an account too.
    static Account account_of(const Caller& caller);
    /// What crosses the edge.
    template <class Use>
    void show(const Use& use, const Caller& caller) {
        edge_.show(use, caller.id, caller.at);
    }

    Office& office_;
    EdgeTraffic edge_;
    Dice random_;
};

}   // namespace ward::lab
