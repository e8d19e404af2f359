// SPDX-License-Identifier: Apache-2.0
// What machines do by themselves, over and over: ask who has an address, what time it is, for their own
// address again, and for the names of those they report to.
#pragma once

#include <vector>

#include "lab/frames/office/chores.hpp"
#include "lab/frames/office/dhcp.hpp"
#include "lab/frames/office/resolver.hpp"

namespace ward::lab {

/// Borrows the wires and the resolver.
class Rounds {
public:
    Rounds(Wires& wires, Resolver& resolver, std::string_view dice = "rounds")
        : wires_(wires), resolver_(resolver), chores_(wires, dice), random_(wires.story().dice(dice)) {}

    /// Puts all of them on the story's agenda. Must stay where it is from then on.
    void begin();
    void begin_equipment();   // those of equipment, which are fewer
    /// A machine that is new asks for an address, and says that it has it: in frames of the wires' label.
    /// What it asks from then on, as any machine does, has none.
    void settle(DeviceId id);
    /// Asks for an address, and says that it has it.
    void join(const Device& device, Moment at);

private:
    using Deed = void (Rounds::*)(const Device&, Moment);

    void repeat(DeviceId id, Deed deed, double seconds, double factor);

    void ask_who_has(const Device& device, Moment at);
    void ask_time(const Device& device, Moment at);
    void ask_time_outside(const Device& controller, Moment at);
    void renew_lease(const Device& device, Moment at);
    void start_up(const Device& device, Moment at);
    void look_up(const Device& device, Moment at);

    void answer_time(const Device& client, const Device& server, Moment at);
    static std::vector<DhcpOption> kind_of(const Device& device);
    std::vector<DhcpOption> wishes_of(const Device& device) const;
    std::vector<DhcpOption> terms_for(const Device& device) const;
    void broadcast(const Device& device, Bytes message, Moment at);

    Wires& wires_;
    Resolver& resolver_;
    Chores chores_;
    Dice random_;
};

}   // namespace ward::lab
