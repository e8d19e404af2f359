// SPDX-License-Identifier: Apache-2.0
// What machines do over and over, by day and on working days perhaps more often than else.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <initializer_list>

#include "lab/frames/office/wires.hpp"

namespace ward::lab {

/// Borrows the wires. What is to be done knows where it is.
class Chores {
public:
    Chores(Wires& wires, std::string_view name) : wires_(wires), random_(wires.story().dice(name)) {}
    Chores(const Chores&) = delete;
    Chores& operator=(const Chores&) = delete;

    static constexpr double rarely = 0.25;

    struct Pace {
        std::chrono::duration<double> apart{};   // on a working day
        double factor = 1.2;
        double night_share = 1;     // of what is done by day
        double weekend_share = 1;   // of what is done on working days
    };
    using Deed = std::function<void(const Device& device, Moment at)>;
    /// A machine does it from now on, the first time before long.
    void repeat(const Device& device, Pace pace, Deed deed);
    /// So does each piece of equipment of these kinds.
    void begin(std::initializer_list<DeviceKind> kinds, Pace pace, const Deed& deed);

private:
    struct Chore {
        const Device& device;
        Pace pace;
        Deed deed;
    };
    void again(const Chore& chore);

    Wires& wires_;
    Dice random_;
    std::deque<Chore> chores_;   // which stay where they are
};

}   // namespace ward::lab
