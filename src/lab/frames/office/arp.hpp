// SPDX-License-Identifier: Apache-2.0
// Who has an address: RFC 826, in Ethernet frames.
#pragma once

#include "core/bytes.hpp"
#include "lab/network.hpp"

namespace ward::lab {

enum class ArpOperation : std::uint8_t { request = 1, reply = 2 };

struct ArpMessage {
    ArpOperation operation{};
    Mac sender_mac{};
    Address sender = 0;
    Mac target_mac{};   // zero where it is asked for
    Address target = 0;
    Mac to{};   // the frame's target
};

inline constexpr Mac broadcast_mac{0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

Buffer arp_frame(const ArpMessage& message);

}   // namespace ward::lab
