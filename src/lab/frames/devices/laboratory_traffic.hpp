// SPDX-License-Identifier: Apache-2.0
// What analysers send to the laboratory system.
#pragma once

#include <memory>
#include <vector>

#include "lab/frames/devices/astm.hpp"
#include "lab/frames/tcp_line.hpp"
#include "lab/story.hpp"

namespace ward::lab {

/// Borrows the tap and the story.
class LaboratoryTraffic {
public:
    LaboratoryTraffic(Tap& tap, Story& story);
    void see(const Act& act);

private:
    struct Bench {
        DeviceId device{};
        std::uint16_t port = 0;
        bool is_haematology = false;
        std::unique_ptr<TcpLine> line{};
        Moment free_at{};
    };

    void report(const Act& act, OrderId order);
    void control(std::size_t bench);
    void send(Bench& bench, const astm::Report& report);

    Tap& tap_;
    Story& story_;
    Dice random_;
    std::vector<Bench> benches_;
};

}   // namespace ward::lab
