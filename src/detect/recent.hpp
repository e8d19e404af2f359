// SPDX-License-Identifier: Apache-2.0
// What happened of late.
#pragma once

#include <deque>

#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

/// Of `kept_max` at most: another makes the oldest go. Each has a time `at`; they come in about its order.
template <class One>
class Recent {
public:
    Recent(std::chrono::nanoseconds window, std::size_t kept_max) : window_(window), kept_max_(kept_max) {}

    /// Those before the window go, each told to `gone`.
    template <class Gone>
    void forget(Time now, Gone&& gone) {
        while (!all_.empty() && now - all_.front().at > window_) {
            gone(all_.front());
            all_.pop_front();
        }
    }
    void forget(Time now) {
        forget(now, [](const One&) {});
    }
    /// One that is older than the window already is not taken.
    template <class Gone>
    bool add(One one, Time now, Gone&& gone) {
        if (now - one.at > window_) return false;
        if (all_.size() == kept_max_) {
            gone(all_.front());
            all_.pop_front();
        }
        all_.push_back(std::move(one));
        return true;
    }
    bool add(One one, Time now) {
        return add(std::move(one), now, [](const One&) {});
    }

    void state(state::Kept& kept) { kept(all_); }

    std::size_t size() const noexcept { return all_.size(); }
    bool empty() const noexcept { return all_.empty(); }
    const One& oldest() const { return all_.front(); }
    const One& newest() const { return all_.back(); }
    auto begin() const { return all_.begin(); }
    auto end() const { return all_.end(); }

private:
    std::chrono::nanoseconds window_;
    std::size_t kept_max_;
    std::deque<One> all_;
};

}   // namespace ward::detect
