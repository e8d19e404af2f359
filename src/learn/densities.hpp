// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "learn/model.hpp"

namespace ward::learn {

/// A histogram for each of several scaled numbers, with forgetting, and how surprising each bin is. Bins are
/// of one width on the scale that Scaling makes, so they adapt with it.
class Densities {
public:
    static constexpr double range = 24;
    static constexpr std::size_t bins = 256;
    static constexpr std::size_t numbers_max = 1024;

    Densities(std::size_t numbers, double horizon);

    std::size_t numbers() const { return counts_.size() / bins; }
    void learn(std::span<const double> values);
    /// How many nats of surprise the value is: the negative logarithm of the share of what was learned that
    /// lies in bins as rare as the value's or rarer.
    double surprise(std::size_t number, double value) const { return surprises_[number * bins + bin(value)]; }

    void save(state::Writer& out) const;
    static Result<Densities> restore(state::Reader& in);

private:
    static std::size_t bin(double value);
    void refresh();

    double horizon_;
    double learned_ = 0;
    double refresh_at_ = 64;
    double weight_ = 1;   // of the next row: it grows, which is the same as if all before it faded
    double total_ = 0;
    std::vector<double> counts_;
    std::vector<double> surprises_;   // as of the last refresh
};

}   // namespace ward::learn
