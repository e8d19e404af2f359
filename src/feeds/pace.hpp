// SPDX-License-Identifier: Apache-2.0
// Lets mapping go ahead as far as taking in leaves room: a sender waits for its acknowledgement, but nobody
// for the mapping of one message. The longer messages wait, the more room the mapping gets, so that senders
// are slowed down before the record falls far behind.
#pragma once

#include <condition_variable>
#include <stop_token>

#include "core/clock.hpp"
#include "core/mutex.hpp"

namespace ward::feeds {

struct PaceLimits {
    int at_once_max = 32;                    // messages that are mapped at once while none come in
    std::chrono::milliseconds step{2'000};   // of waiting, for each one more while some do
};

/// Callable from several threads; outlives its turns.
class Pace {
public:
    explicit Pace(const Clock& clock, PaceLimits limits = {}) : clock_(clock), limits_(limits) {}

    /// Until it is destroyed, a message is being taken in, or mapped.
    class Turn {
    public:
        Turn(Pace& pace, int Pace::*count) : pace_(pace), count_(count) {}
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;
        ~Turn() { pace_.end(count_); }

    private:
        Pace& pace_;
        int Pace::*count_;
    };

    Turn take_in();   // waits for nobody

    /// Waits until there is room to map what arrived then, or until it shall stop.
    Turn map(Time arrived, const std::stop_token& stop);

private:
    int room_for(Time arrived) const WARD_TSA(requires_capability(mutex_));
    void end(int Pace::*count);

    const Clock& clock_;
    PaceLimits limits_;
    Mutex mutex_;   // guards how many there are of each
    int taken_in_ GUARDED_BY(mutex_) = 0;
    int mapped_ GUARDED_BY(mutex_) = 0;
    std::condition_variable_any changed_;
};

}   // namespace ward::feeds
