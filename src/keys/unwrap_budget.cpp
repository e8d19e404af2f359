// SPDX-License-Identifier: Apache-2.0
#include "keys/unwrap_budget.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace ward::keys {

UnwrapBudget::UnwrapBudget(UnwrapLimits limits, State state) : limits_(limits), state_(state) {
    WARD_ASSERT(limits.burst > 0 && limits.burst <= 1'000'000);
    WARD_ASSERT(limits.per_hour > 0 && limits.per_hour <= 1'000'000);
    state_.left = std::clamp(state_.left, std::int64_t{0}, limits_.burst * unit);
}

UnwrapBudget UnwrapBudget::full(UnwrapLimits limits, Time now) {
    return UnwrapBudget{limits, State{.left = limits.burst * unit, .updated = now}};
}

UnwrapBudget UnwrapBudget::resumed(UnwrapLimits limits, State state) { return UnwrapBudget{limits, state}; }

std::int64_t UnwrapBudget::refilled(Time now) const {
    // A clock that was set back gives nothing. One that was set forward gives a burst at most.
    const std::int64_t elapsed = std::max(std::int64_t{0}, (now - state_.updated).count());
    const std::int64_t full = limits_.burst * unit;
    const std::int64_t missing = full - state_.left;
    if (elapsed > missing / limits_.per_hour) return full;
    return state_.left + elapsed * limits_.per_hour;
}

std::int64_t UnwrapBudget::owners_left(Time now) const { return refilled(now) / unit; }

Alarm UnwrapBudget::raise(Alarm alarm) {
    if (alarm <= raised_) return Alarm::none;
    raised_ = alarm;
    ++state_.alarms;
    return alarm;
}

UnwrapBudget::Answer UnwrapBudget::ask(Time now, std::optional<Time> last_counted) {
    // The window is counted from when the owner was, so that one in steady use costs one an hour.
    if (last_counted && *last_counted <= now && now - *last_counted < limits_.window) {
        ++state_.repeated;
        return {Verdict::repeated, Alarm::none};
    }
    state_.left = refilled(now);
    state_.updated = now;
    if (state_.left >= limits_.burst * unit / 2) raised_ = Alarm::none;
    if (state_.left < unit) {
        ++state_.refused;
        return {Verdict::refused, raise(Alarm::exhausted)};
    }
    state_.left -= unit;
    ++state_.counted;
    return {Verdict::counted,
            state_.left < limits_.burst * unit / 4 ? raise(Alarm::running_low) : Alarm::none};
}

}   // namespace ward::keys
