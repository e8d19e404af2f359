// SPDX-License-Identifier: Apache-2.0
// The HL7 messages on the wire: each system keeps a connection to Ward open and waits for each
// acknowledgement (MLLP release 1).
#pragma once

#include <map>
#include <memory>

#include "lab/feeds/hl7_feed.hpp"
#include "lab/frames/tcp_line.hpp"

namespace ward::lab {

/// Borrows the tap and the story's network.
class Hl7Wire {
public:
    Hl7Wire(Tap& tap, const Story& story)
        : tap_(tap), network_(story.network()), random_(story.dice("hl7 wire")) {}

    void carry(const Hl7Message& message);

private:
    TcpLine& line_of(DeviceId sender);
    void carry_alone(const Hl7Message& message);
    std::chrono::microseconds storing();

    Tap& tap_;
    const Network& network_;
    Dice random_;
    std::map<DeviceId, std::unique_ptr<TcpLine>> lines_;
};

}   // namespace ward::lab
