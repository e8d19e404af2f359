// SPDX-License-Identifier: Apache-2.0
// What patient monitors tell their gateway.
#pragma once

#include <vector>

#include "lab/frames/devices/intellivue.hpp"
#include "lab/frames/udp_line.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Borrows the tap and the story.
class MonitorTraffic {
public:
    MonitorTraffic(Tap& tap, Story& story);
    void see(const Act& act);

private:
    struct Monitor {
        UdpLine line;   // from the gateway
        intellivue::System system;
        Moment switched_on{};
        VitalsTaken vitals{};   // the latest, and when
        Moment seen{};
        std::uint16_t invoke = 0;
        std::uint16_t poll_number = 0;
        std::uint16_t sequence = 0;
        std::uint32_t association = 0;   // odd: there is one
    };

    void associate(std::size_t monitor);
    void release(std::size_t monitor);
    // As long as that association lasts.
    void poll(std::size_t monitor, std::uint32_t association);
    void tell(std::size_t monitor, std::uint32_t association);

    Story& story_;
    Dice random_;
    std::vector<Monitor> monitors_;
    std::vector<std::uint32_t> number_of_;   // of each device: its place in the above and one; 0: it is none
};

}   // namespace ward::lab
