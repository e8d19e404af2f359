// SPDX-License-Identifier: Apache-2.0
// When something of the story is due.
#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <poll.h>

#include "lab/agenda.hpp"

namespace ward::lab {

class Pace {
public:
    /// Without a speed nothing is waited for. `stop` can be read once nothing is to be any more.
    Pace(Moment begin, std::optional<double> speed, int stop) : begin_(begin), speed_(speed), stop_(stop) {}

    bool is_stopped() const { return is_stopped_within(0); }

    void wait_for(Moment due) const {
        using namespace std::chrono;
        if (!speed_) return;
        const duration<double> after{duration_cast<duration<double>>(due - begin_) / *speed_};
        for (;;) {
            const auto left = ceil<milliseconds>(started_ + after - steady_clock::now()).count();
            if (left <= 0 || is_stopped_within(static_cast<int>(std::min<std::int64_t>(left, 60'000))))
                return;
        }
    }

private:
    bool is_stopped_within(int milliseconds) const {
        pollfd asked{stop_, POLLIN, 0};
        return ::poll(&asked, 1, milliseconds) > 0;
    }

    Moment begin_;
    std::optional<double> speed_;
    int stop_;
    std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
};

}   // namespace ward::lab
