// SPDX-License-Identifier: Apache-2.0
// What programs of those who look after machines do by the clock: they lay programs on workstations, take
// stock of the directory and of addresses, ask for many tickets and whether services are there; and old
// consoles use shares as they always did.
#pragma once

#include "lab/frames/office/chores.hpp"
#include "lab/frames/office/office.hpp"

namespace ward::lab {

/// Borrows the office.
class Housekeeping {
public:
    explicit Housekeeping(Office& office)
        : wires_(office.wires),
          office_(office),
          chores_(wires_, "housekeeping's hours"),
          random_(wires_.story().dice("housekeeping")) {}

    /// Puts them on the agenda. Must stay where it is from then on.
    void begin();

private:
    using Deed = void (Housekeeping::*)(const Device& device);
    void repeat(const Device& device, Deed deed, double seconds);

    void lay_program(const Device& server);
    void take_stock(const Device& server);
    void ask_tickets(const Device& server);
    void try_addresses(const Device& server);
    void watch(const Device& server);
    void use_old_share(const Device& console);

    Wires& wires_;
    Office& office_;
    Chores chores_;
    Dice random_;
};

}   // namespace ward::lab
