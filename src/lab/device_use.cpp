// SPDX-License-Identifier: Apache-2.0
#include "lab/device_use.hpp"

namespace ward::lab {

std::optional<DeviceId> target_of(const DeviceUse& use) {
    if (const auto* spoken = std::get_if<PumpSpokenTo>(&use)) return spoken->pump;
    if (const auto* moved = std::get_if<GatewayMoved>(&use)) return moved->gateway;
    if (const auto* moved = std::get_if<LibraryMoved>(&use)) return moved->library;
    if (const auto* fetched = std::get_if<StudyFetched>(&use)) return fetched->target;
    return std::nullopt;
}

}   // namespace ward::lab
