// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learn/densities.hpp"

namespace ward::learn {

/// Lightweight on-line detector of anomalies (Pevny, 2016): histograms of sparse random projections. The
/// score is the mean surprise of the projections. Rows are scaled ones.
class Loda {
public:
    static constexpr std::size_t projections_max = Densities::numbers_max;

    Loda(std::size_t features, std::size_t projections, double horizon, std::uint64_t seed);

    std::size_t features() const { return features_; }
    void learn(Row row);
    /// A feature's share: how much more surprised those projections are that see it than those that do not.
    double score(Row row, Shares shares = {}) const;

    void save(state::Writer& out) const;
    static Result<Loda> restore(state::Reader& in);

private:
    struct Term {
        std::size_t feature;
        double weight;
    };

    double projected(std::size_t projection, Row row) const;

    std::size_t features_;
    std::size_t terms_each_;
    std::uint64_t seed_;        // the projections follow from it
    std::vector<Term> terms_;   // terms_each_ of one projection, then those of the next
    Densities densities_;
    std::vector<double> projected_;   // scratch of learn()
};

}   // namespace ward::learn
