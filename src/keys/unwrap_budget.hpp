// SPDX-License-Identifier: Apache-2.0
// How many owners may be opened: a burst for a ward's rounds, then a rate that care needs and theft does not.
// Pure: time is a parameter, and who keeps the state is somebody else.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/clock.hpp"

namespace ward::keys {

struct UnwrapLimits {
    std::int64_t burst = 200;   // owners at once; 1 to 1,000,000
    std::int64_t per_hour = 600;
    std::chrono::minutes window{60};   // an owner opened within it does not count again
};

enum class Verdict {
    repeated,   // open already: nothing new is given away
    counted,    // one owner more
    refused,
};

/// A state that someone should look at; told once, until there is room again.
enum class Alarm { none, running_low, exhausted };

class UnwrapBudget {
public:
    /// What must survive a restart, or restarting would be a way round the limit.
    struct State {
        std::int64_t left = 0;   // in owner-milliseconds-per-hour: one owner is `unit`
        Time updated{};
        std::uint64_t counted = 0;
        std::uint64_t repeated = 0;
        std::uint64_t refused = 0;
        std::uint64_t alarms = 0;
    };
    static constexpr std::int64_t unit =
        3'600'000;   // so that refilling is exact: one millisecond adds `per_hour`

    /// Full: for a key store that is new.
    static UnwrapBudget full(UnwrapLimits limits, Time now);
    static UnwrapBudget resumed(UnwrapLimits limits, State state);

    struct Answer {
        Verdict verdict;
        Alarm alarm;
    };
    /// May the owner be opened whose last counted opening, if any, was then?
    Answer ask(Time now, std::optional<Time> last_counted);

    std::int64_t owners_left(Time now) const;
    const State& state() const { return state_; }
    const UnwrapLimits& limits() const { return limits_; }

private:
    UnwrapBudget(UnwrapLimits limits, State state);

    std::int64_t refilled(Time now) const;
    Alarm raise(Alarm alarm);

    UnwrapLimits limits_;
    State state_;
    Alarm raised_ = Alarm::none;
};

}   // namespace ward::keys
