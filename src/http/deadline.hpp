// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace ward::http {

/// What a connection is doing. Time passes in each but `answering`, which is the program's own business.
enum class Phase : std::uint8_t { handshake, idle, reading, answering, writing, lingering, expired };

using Moment = std::chrono::steady_clock::time_point;

/// What one connection does, and by when it must have done it. The connection moves on, a sweeper lets it
/// expire; both happen in one step, so that exactly one of them wins.
class Deadline {
public:
    /// Moves on. False if the time had run out before: then nothing changes, until extend().
    bool move_on(Phase phase, Moment until) {
        auto seen = state_.load();
        do {
            if (phase_of(seen) == Phase::expired) return false;
        } while (!state_.compare_exchange_weak(seen, pack(phase, until)));
        return true;
    }

    /// Moves on even after the time ran out: for what is left to do then, with a time of its own.
    void extend(Phase phase, Moment until) { state_.store(pack(phase, until)); }

    /// Lets it expire if its time is over. Gives the phase it expired in, or `expired` if it did not now.
    Phase expire_if_over(Moment now) {
        auto seen = state_.load();
        while (phase_of(seen) != Phase::expired && seen >> phase_bits <= ticks(now))
            if (state_.compare_exchange_weak(seen, pack(Phase::expired, now))) return phase_of(seen);
        return Phase::expired;
    }

    /// The same, whenever it is in that phase.
    bool expire_if(Phase phase, Moment now) {
        auto seen = state_.load();
        while (phase_of(seen) == phase)
            if (state_.compare_exchange_weak(seen, pack(Phase::expired, now))) return true;
        return false;
    }

    bool is_expired() const { return phase_of(state_.load()) == Phase::expired; }

    static constexpr Moment never = Moment::max();

private:
    static constexpr unsigned phase_bits = 3;

    // Milliseconds of a steady clock: 61 bits last longer than the machine.
    static std::uint64_t ticks(Moment moment) {
        return static_cast<std::uint64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count());
    }
    static std::uint64_t pack(Phase phase, Moment until) {
        return ticks(until) << phase_bits | static_cast<std::uint64_t>(phase);
    }
    static Phase phase_of(std::uint64_t state) { return static_cast<Phase>(state & 7U); }

    std::atomic<std::uint64_t> state_{pack(Phase::idle, never)};
};

}   // namespace ward::http
