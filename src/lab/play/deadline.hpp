// SPDX-License-Identifier: Apache-2.0
// Until when something is waited for and tried again.
#pragma once

#include <chrono>
#include <poll.h>
#include <span>

namespace ward::lab {

/// Of one send. Once the play is asked to stop, little of it is left.
class Deadline {
public:
    using Clock = std::chrono::steady_clock;
    /// `stop` can be read from then on; -1: nobody asks.
    explicit Deadline(std::chrono::milliseconds patience, int stop = -1)
        : began_(Clock::now()), until_(began_ + patience), stop_(stop) {}

    bool is_over() const { return Clock::now() >= until_; }
    Clock::duration spent() const { return Clock::now() - began_; }

    /// Whether one of them is ready before it is over, and soon enough. Says in them which.
    bool wait(std::span<pollfd> wanted, std::chrono::milliseconds at_most = std::chrono::hours{24});
    bool wait(int socket, short events) {
        pollfd wanted{socket, events, 0};
        return wait(std::span{&wanted, 1});
    }
    void pause(std::chrono::milliseconds length) { wait({}, length); }

private:
    Clock::time_point began_;
    Clock::time_point until_;
    int stop_;
};

/// What the first try that works returns, or the last one before the deadline.
template <class Try>
auto try_until(Deadline& deadline, Try attempt) {
    constexpr std::chrono::milliseconds pause{500};
    for (;;) {
        auto result = attempt();
        if (result) return result;
        deadline.pause(pause);
        if (deadline.is_over()) return result;
    }
}

}   // namespace ward::lab
