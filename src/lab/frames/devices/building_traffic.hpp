// SPDX-License-Identifier: Apache-2.0
// What the building's head end asks its controllers: BACnet/IP of all, Modbus of two.
#pragma once

#include <vector>

#include "lab/frames/devices/bacnet.hpp"
#include "lab/frames/udp_line.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Borrows the tap and the story. The head end is the site's vendor gateway.
class BuildingTraffic {
public:
    BuildingTraffic(Tap& tap, Story& story);

private:
    struct Point {
        bacnet::Object object{};
        double middle = 0;
        double swing = 0;   // over a day; 0: somebody set it
    };
    struct Controller {
        DeviceId device{};
        UdpLine line;   // from the head end
        std::uint32_t instance = 0;
        std::vector<Point> points{};
        std::chrono::seconds pause{};
        std::uint8_t invoke = 0;
    };
    struct Meter {
        TcpLine line;   // from the head end
        std::uint16_t transaction = 0;
        std::uint16_t address = 0;
        std::uint16_t count = 0;
        int target = 0;   // tenths of a degree
    };
    /// The controllers of one site; the first repeats broadcasts for the head end.
    struct Site {
        std::vector<std::size_t> controllers;
        std::uint16_t ip_id = 0;
    };

    void add_site(DeviceId head_end);
    void add_controller(DeviceId head_end, DeviceId device);
    void add_meter(DeviceId head_end, DeviceId device);
    void poll(std::size_t controller);
    void read(std::size_t meter);
    void write(std::size_t meter, int target);
    void register_head_end(std::size_t site);
    void discover(std::size_t site);
    void broadcast(Site& site, DeviceId from, Bytes datagram, Moment at);
    double value_of(double middle, double swing);

    Tap& tap_;
    Story& story_;
    Dice random_;
    std::vector<Controller> controllers_;
    std::vector<Meter> meters_;
    std::vector<Site> sites_;
};

}   // namespace ward::lab
