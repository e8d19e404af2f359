// SPDX-License-Identifier: Apache-2.0
#include "learn/blend.hpp"

#include <algorithm>

namespace ward::learn {
namespace {

constexpr double parts = 3;
constexpr std::uint64_t settling_rows = 512;   // what a model says before them is no measure of later rows

template <class Part>
void learn_part(Part& part, Row row, bool settled) {
    if (settled) part.normals.learn(part.model.score(row, {}));
    part.model.learn(row);
}

template <class Part>
double part_score(const Part& part, Row row, Shares shares) {
    std::vector<double> own(shares.size());
    const double score = part.model.score(row, own);
    const double surprise = part.normals.surprise(score) / parts;
    for (std::size_t i = 0; score > 0 && i < own.size(); ++i) shares[i] += own[i] / score * surprise;
    return surprise;
}

}   // namespace

static_assert(Model<Blend>);

Blend::Blend(std::size_t features, Settings settings, std::uint64_t seed)
    : histograms_{Histograms{features, settings.horizon}, Normals{settings.normals}},
      loda_{Loda{features, settings.projections, settings.horizon, seed}, Normals{settings.normals}},
      residual_{PcaResidual{features, settings.horizon}, Normals{settings.normals}} {}

Blend::Blend(Part<Histograms> histograms, Part<Loda> loda, Part<PcaResidual> residual)
    : histograms_(std::move(histograms)), loda_(std::move(loda)), residual_(std::move(residual)) {}

void Blend::learn(Row row) {
    const bool settled = learned_ >= settling_rows;
    if (!settled) ++learned_;
    learn_part(histograms_, row, settled);
    learn_part(loda_, row, settled);
    learn_part(residual_, row, settled);
}

double Blend::score(Row row, Shares shares) const {
    std::ranges::fill(shares, 0.0);
    return part_score(histograms_, row, shares) + part_score(loda_, row, shares) +
           part_score(residual_, row, shares);
}

void Blend::save(state::Writer& out) const {
    const auto save_part = [&](const auto& part) {
        part.model.save(out);
        part.normals.save(out);
    };
    save_part(histograms_);
    save_part(loda_);
    save_part(residual_);
    out.count(learned_);
}

Result<Blend> Blend::restore(state::Reader& in) {
    auto histograms = TRY(Histograms::restore(in));
    auto histograms_normals = TRY(Normals::restore(in));
    auto loda = TRY(Loda::restore(in));
    auto loda_normals = TRY(Normals::restore(in));
    auto residual = TRY(PcaResidual::restore(in));
    auto residual_normals = TRY(Normals::restore(in));
    const auto learned = in.count(0, settling_rows);
    TRY(in.checked());
    if (loda.features() != histograms.features() || residual.features() != histograms.features())
        return fail(Errc::corrupt, "a model's state joins models of different features");
    Blend blend{{std::move(histograms), std::move(histograms_normals)},
                {std::move(loda), std::move(loda_normals)},
                {std::move(residual), std::move(residual_normals)}};
    blend.learned_ = learned;
    return blend;
}

}   // namespace ward::learn
