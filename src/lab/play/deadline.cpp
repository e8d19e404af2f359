// SPDX-License-Identifier: Apache-2.0
#include "lab/play/deadline.hpp"

#include <algorithm>
#include <vector>

namespace ward::lab {

bool Deadline::wait(std::span<pollfd> wanted, std::chrono::milliseconds at_most) {
    using namespace std::chrono;
    constexpr seconds after_stop{2};
    const auto soon = Clock::now() + at_most;
    std::vector<pollfd> all{wanted.begin(), wanted.end()};
    all.push_back({stop_, POLLIN, 0});
    for (;;) {
        const auto left = ceil<milliseconds>(std::min(soon, until_) - Clock::now());
        const int ready = ::poll(all.data(), all.size(), static_cast<int>(std::max(left.count(), 0L)));
        if (ready == 0) return false;
        if (ready < 0) continue;   // a signal
        std::copy_n(all.begin(), wanted.size(), wanted.begin());
        if (std::ranges::any_of(wanted, [](const pollfd& one) { return one.revents != 0; })) return true;
        until_ = std::min(until_, Clock::now() + after_stop);
        all.back().fd = stop_ = -1;
    }
}

}   // namespace ward::lab
