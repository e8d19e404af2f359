// SPDX-License-Identifier: Apache-2.0
// By what name the truth knows a conversation: Community ID 1.0, which others compute of frames too.
#pragma once

#include <optional>

#include "lab/frames/frame.hpp"

namespace ward::lab {

/// Addresses, ports and protocol: the same for both directions.
struct FlowKey {
    std::uint64_t low = 0;   // an address and a port
    std::uint64_t high = 0;
    std::uint8_t protocol = 0;   // 6: TCP, 17: UDP

    auto operator<=>(const FlowKey&) const = default;
};

/// None of what is neither TCP nor UDP over IPv4.
std::optional<FlowKey> flow_key(Bytes frame);
/// 1:LQU9qZlK+B5F3KDmev6m5PMibrg=, with the seed 0
std::string community_id(const FlowKey& key);

}   // namespace ward::lab
