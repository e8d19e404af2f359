// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace ward::learn {

/// SplitMix64, by Steele, Lea and Flood: one word of state, so a model saves its dice with the rest.
class Dice {
public:
    explicit Dice(std::uint64_t state) : state_(state) {}

    std::uint64_t next() {
        state_ += 0x9e3779b97f4a7c15;
        auto mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }

    double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }   // 0 to 1, 1 excluded

    std::size_t below(std::size_t bound) {
        return static_cast<std::size_t>(uniform() * static_cast<double>(bound));
    }

    /// Box and Muller's.
    double normal() {
        const double radius = std::sqrt(-2 * std::log(1 - uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

    std::uint64_t state() const { return state_; }

private:
    std::uint64_t state_;
};

}   // namespace ward::learn
