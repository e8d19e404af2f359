// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <tuple>

#include "event/flow.hpp"

namespace ward::sensor {

/// What occurs most among any number of values, in fixed memory (Misra and Gries, 1982): whatever is more
/// than one in `kept_max + 1` of all is among those kept, and is counted too low by at most that share.
template <class Value>
class Frequent {
public:
    using Share = event::Flood::Share<Value>;

    void add(const Value& value) {
        const auto found = std::ranges::find(kept_, value, &Share::value);
        if (found != kept_.end()) {
            ++found->flows_min;
        } else if (kept_.size() < kept_max) {
            kept_.push_back({value, 1});
        } else {
            for (auto& one : kept_) --one.flows_min;
            std::erase_if(kept_, [](const Share& one) { return one.flows_min == 0; });
        }
    }

    /// Those that occurred at least `flows_min` times, the most frequent first.
    std::vector<Share> most(std::uint64_t flows_min) const {
        auto most = kept_;
        std::erase_if(most, [&](const Share& one) { return one.flows_min < flows_min; });
        std::ranges::sort(most, [](const Share& a, const Share& b) {
            return std::tie(b.flows_min, a.value) < std::tie(a.flows_min, b.value);
        });
        return most;
    }

private:
    static constexpr std::size_t kept_max = 16;
    std::vector<Share> kept_;
};

}   // namespace ward::sensor
