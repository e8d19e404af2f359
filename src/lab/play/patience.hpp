// SPDX-License-Identifier: Apache-2.0
// Trying again for a while.
#pragma once

#include <chrono>
#include <poll.h>

namespace ward::lab {

/// What the first try that works returns, or the last one within the patience.
template <class Try>
auto try_until(std::chrono::seconds patience, Try attempt) {
    constexpr int pause_milliseconds = 500;
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        auto result = attempt();
        if (result || std::chrono::steady_clock::now() >= until) return result;
        ::poll(nullptr, 0, pause_milliseconds);
    }
}

}   // namespace ward::lab
