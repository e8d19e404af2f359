// SPDX-License-Identifier: Apache-2.0
// The dice of the simulation: the same seed gives the same hospital on every machine. The distributions of
// the standard library are not used, since each library has its own.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace ward::lab {

class Random {
public:
    explicit Random(std::uint64_t seed);

    /// Dice of their own for a part of the story: what other parts draw does not change them, nor do they
    /// change with what was drawn from this one.
    Random stream(std::string_view name) const;
    Random stream(std::uint64_t number) const;

    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound);   // 0 to bound - 1; bound is not 0
    int between(int low, int high);             // both included
    double uniform();                           // 0 to 1, 1 excluded
    bool chance(double probability);
    double normal(double mean, double deviation);
    double exponential(double mean);
    /// Log-normal: two thirds lie between median / factor and median * factor.
    double around(double median, double factor);

    template <class T, std::size_t Extent>
    const T& pick(std::span<T, Extent> all) {
        return all[below(all.size())];
    }
    template <class Range>
    const auto& pick(const Range& all) {
        return all[below(std::size(all))];
    }
    /// `count` of these, or all if they are fewer, each as likely, in an order of chance.
    template <class T>
    std::vector<T> sample(std::vector<T> all, std::size_t count) {
        count = std::min(count, all.size());
        for (std::size_t i = 0; i < count; ++i) std::swap(all[i], all[i + below(all.size() - i)]);
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(count), all.end());
        return all;
    }
    /// The place of one of these, each as likely as its weight says.
    std::size_t weighted(std::span<const double> weights);

private:
    std::uint64_t seed_;
    std::array<std::uint64_t, 4> state_{};
};

}   // namespace ward::lab
