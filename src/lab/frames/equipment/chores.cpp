// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/chores.hpp"

#include <algorithm>

namespace ward::lab {

void Chores::begin(std::initializer_list<DeviceKind> kinds, Pace pace, Deed deed) {
    const auto& chore = chores_.emplace_back(Chore{pace, std::move(deed)});
    for (const auto& device : wires_.network().equipment)
        if (std::ranges::find(kinds, device.kind) != kinds.end())
            wires_.story().agenda().in(seconds_of(random_->uniform() * pace.seconds),
                                       [this, &device, &chore] { again(device, chore); });
}

void Chores::again(const Device& device, const Chore& chore) {
    const auto now = wires_.story().now();
    const auto hour = hour_of(now);
    if ((hour >= 6 && hour < 20) || random_->chance(chore.pace.night_share)) chore.deed(device, now);
    wires_.story().agenda().in(seconds_of(random_->around(chore.pace.seconds, chore.pace.factor)),
                               [this, &device, &chore] { again(device, chore); });
}

}   // namespace ward::lab
