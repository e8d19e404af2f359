// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <vector>

#include "state/state.hpp"

namespace ward::learn {

/// The scores of the last rows that were held to be normal, of one kind of device: they turn a score into a
/// p-value, the share of normals that are as odd or odder, which means the same for all kinds and models.
class Normals {
public:
    static constexpr std::size_t kept_max = 65'536;

    explicit Normals(std::size_t kept) : kept_(kept) {}

    void learn(double score);
    /// Beyond the oddest fiftieth of the normals the p-value falls on exponentially, as their own tail does;
    /// of few normals it is the share alone, and without any it is 1.
    double p_value(double score) const;
    /// The negative logarithm of the p-value: exact where the p-value itself would be zero.
    double surprise(double score) const;

    std::size_t size() const { return sorted_.size(); }

    void save(state::Writer& out) const;
    static Result<Normals> restore(state::Reader& in);

private:
    std::size_t kept_;
    std::deque<double> recent_;    // the oldest first
    std::vector<double> sorted_;   // the same
    double tail_sum_ = 0;          // of what the oddest fiftieth has over its least, kept by learn()
    double tail_begin_ = 0;
    std::size_t tail_ = 0;
    std::size_t until_tail_ = 1;
    void measure_tail();
};

}   // namespace ward::learn
