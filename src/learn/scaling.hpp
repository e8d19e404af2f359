// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "learn/dice.hpp"
#include "learn/model.hpp"

namespace ward::learn {

/// Brings features of any unit and of any tail to one scale: of their logarithms the distance from the
/// median, in units of the median distance of those that differ from it, and far away logarithmic again
/// (asinh). Medians are those of a bounded sample in which old rows give way to new ones.
class Scaling {
public:
    struct Settings {
        std::size_t sample_rows = 512;
        std::size_t first_rows = 256;   // before them nothing is scaled
        double horizon = 50'000;        // rows after which an old one has mostly given way
    };
    static constexpr double range = 24;   // e^24 / 2 median distances; what is farther off is cut to that

    Scaling(std::size_t features, Settings settings, std::uint64_t seed);

    void learn(Row row);
    bool ready() const { return !centers_.empty(); }
    /// Only when ready. `scaled` has as many features as the row.
    void scale(Row row, std::span<double> scaled) const;

    std::size_t features() const { return features_; }
    /// The rows of the sample, in no order.
    std::size_t sampled() const { return sample_.size() / features_; }
    Row sample(std::size_t number) const;

    void save(state::Writer& out) const;
    static Result<Scaling> restore(state::Reader& in);

private:
    void refresh();

    std::size_t features_;
    Settings settings_;
    Dice dice_;
    double learned_ = 0;
    double refresh_at_;
    std::vector<double> sample_;   // row after row
    std::vector<double> centers_;
    std::vector<double> distances_;
};

}   // namespace ward::learn
