// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "learn/histograms.hpp"
#include "learn/loda.hpp"
#include "learn/normals.hpp"
#include "learn/pca_residual.hpp"

namespace ward::learn {

/// Histograms, projections and residual together: the score is the mean of the three surprises, each
/// against that model's own recent scores (of rows before it learned them). Rows are scaled ones.
class Blend {
public:
    struct Settings {
        std::size_t projections = 100;
        std::size_t normals = 4096;
        double horizon = 50'000;   // rows after which an old one has mostly faded
    };

    Blend(std::size_t features, Settings settings, std::uint64_t seed);

    std::size_t features() const { return histograms_.model.features(); }
    void learn(Row row);
    /// A feature's share is the mean of its shares in the three, each brought to that one's surprise.
    double score(Row row, Shares shares = {}) const;

    void save(state::Writer& out) const;
    static Result<Blend> restore(state::Reader& in);

private:
    template <class M>
    struct Part {
        M model;
        Normals normals;
    };

    Blend(Part<Histograms> histograms, Part<Loda> loda, Part<PcaResidual> residual);

    Part<Histograms> histograms_;
    Part<Loda> loda_;
    Part<PcaResidual> residual_;
    std::uint64_t learned_ = 0;   // the first rows only
};

}   // namespace ward::learn
