// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learn/densities.hpp"

namespace ward::learn {

/// Each feature for itself, as in histogram-based outlier scores (Goldstein and Dengel, 2012): the score is
/// the sum of the features' surprises. Rows are scaled ones.
class Histograms {
public:
    Histograms(std::size_t features, double horizon) : densities_(features, horizon) {}

    std::size_t features() const { return densities_.numbers(); }
    void learn(Row row) { densities_.learn(row); }
    double score(Row row, Shares shares = {}) const;

    void save(state::Writer& out) const { densities_.save(out); }
    static Result<Histograms> restore(state::Reader& in);

private:
    explicit Histograms(Densities densities) : densities_(std::move(densities)) {}

    Densities densities_;
};

}   // namespace ward::learn
