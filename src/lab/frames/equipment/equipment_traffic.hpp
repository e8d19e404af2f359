// SPDX-License-Identifier: Apache-2.0
// What a hospital's equipment says by itself. Of cameras not the pictures: a mirror port of a hospital leaves
// those out.
#pragma once

#include <map>
#include <memory>

#include "lab/frames/equipment/meters.hpp"
#include "lab/frames/equipment/phones.hpp"
#include "lab/frames/office/chores.hpp"
#include "lab/frames/office/resolver.hpp"
#include "lab/frames/office/rounds.hpp"
#include "lab/frames/office/tls_session.hpp"

namespace ward::lab {

/// Borrows the wires.
class EquipmentTraffic {
public:
    explicit EquipmentTraffic(Wires& wires);
    EquipmentTraffic(const EquipmentTraffic&) = delete;
    EquipmentTraffic& operator=(const EquipmentTraffic&) = delete;

private:
    void poll(const Device& asked, Moment at);
    void print_page(const Device& printer, Moment at);
    void print_label(const Device& printer, Moment at);
    void look_after(const Device& camera, Moment at);
    void restart(const Device& camera, Moment at);
    void tell_of_door(const Device& controller, Moment at);
    void work_at(const Device& client, DeviceKind with, int exchanges, Moment at);
    void read_guide(const Device& screen, Moment at);
    void call_home(const Device& screen, Moment at);

    /// Whether somebody is there: where nobody is, nothing is printed.
    bool is_staffed(const Device& device, Moment at) const;

    Wires& wires_;
    Resolver resolver_;
    Rounds rounds_;
    Chores chores_;
    Meters meters_;
    Phones phones_;
    Dice random_;
    std::map<Address, std::unique_ptr<TlsSession>> doors_;   // which stay connected
};

}   // namespace ward::lab
