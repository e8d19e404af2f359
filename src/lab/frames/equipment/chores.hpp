// SPDX-License-Identifier: Apache-2.0
// What machines do over and over, by day more often than at night.
#pragma once

#include <deque>
#include <functional>
#include <initializer_list>

#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires. Must stay where it is once there is something to do.
class Chores {
public:
    Chores(Wires& wires, std::string_view name) : wires_(wires), random_(wires.story().dice(name)) {}

    struct Pace {
        double seconds = 0;   // apart, by day
        double factor = 1.2;
        double night_share = 1;   // of what is done by day
    };
    using Deed = std::function<void(const Device& device, Moment at)>;
    /// Each machine of these kinds does it from now on.
    void begin(std::initializer_list<DeviceKind> kinds, Pace pace, Deed deed);

private:
    struct Chore {
        Pace pace;
        Deed deed;
    };
    void again(const Device& device, const Chore& chore);

    Wires& wires_;
    Dice random_;
    std::deque<Chore> chores_;   // which stay where they are
};

}   // namespace ward::lab
