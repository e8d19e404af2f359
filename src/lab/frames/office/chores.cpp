// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/chores.hpp"

#include <algorithm>

namespace ward::lab {
namespace {

double share_at(const Chores::Pace& pace, Moment at) {
    const auto hour = hour_of(at);
    return (hour >= 6 && hour < 20 ? 1 : pace.night_share) * (is_weekend(at) ? pace.weekend_share : 1);
}

}   // namespace

void Chores::repeat(const Device& device, Pace pace, Deed deed) {
    const auto& chore = chores_.emplace_back(Chore{device, pace, std::move(deed)});
    wires_.story().agenda().in(seconds_of(random_->uniform() * pace.apart.count()),
                               [this, &chore] { again(chore); });
}

void Chores::begin(std::initializer_list<DeviceKind> kinds, Pace pace, const Deed& deed) {
    for (const auto& device : wires_.network().equipment)
        if (std::ranges::find(kinds, device.kind) != kinds.end()) repeat(device, pace, deed);
}

void Chores::again(const Chore& chore) {
    const auto now = wires_.story().now();
    const auto share = share_at(chore.pace, now);
    if (share >= 1 || random_->chance(share)) chore.deed(chore.device, now);
    wires_.story().agenda().in(seconds_of(random_->around(chore.pace.apart.count(), chore.pace.factor)),
                               [this, &chore] { again(chore); });
}

}   // namespace ward::lab
