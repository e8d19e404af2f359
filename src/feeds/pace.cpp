// SPDX-License-Identifier: Apache-2.0
#include "feeds/pace.hpp"

#include <algorithm>

namespace ward::feeds {

Pace::Turn Pace::take_in() {
    const Lock lock{mutex_};
    ++taken_in_;
    return {*this, &Pace::taken_in_};
}

Pace::Turn Pace::map(Time arrived, const std::stop_token& stop) {
    constexpr std::chrono::milliseconds look_again{100};   // waiting alone makes room
    Lock lock{mutex_};
    const auto has_room = [&]() WARD_TSA(requires_capability(mutex_)) { return mapped_ < room_for(arrived); };
    while (!stop.stop_requested() && !has_room()) changed_.wait_for(lock, stop, look_again, has_room);
    ++mapped_;
    return {*this, &Pace::mapped_};
}

int Pace::room_for(Time arrived) const {
    if (taken_in_ == 0) return limits_.at_once_max;
    const auto steps = std::max(clock_.now() - arrived, {}) / limits_.step;
    return static_cast<int>(std::min<std::int64_t>(1 + steps, limits_.at_once_max));
}

void Pace::end(int Pace::*count) {
    const Lock lock{mutex_};
    --(this->*count);
    if (count == &Pace::mapped_ || taken_in_ == 0) changed_.notify_all();
}

}   // namespace ward::feeds
