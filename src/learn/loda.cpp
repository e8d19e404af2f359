// SPDX-License-Identifier: Apache-2.0
#include "learn/loda.hpp"

#include <algorithm>
#include <cmath>

#include "core/assert.hpp"
#include "learn/dice.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'L', 'O', 'D', 'A'}, 1};

}   // namespace

static_assert(Model<Loda>);

Loda::Loda(std::size_t features, std::size_t projections, double horizon, std::uint64_t seed)
    : features_(features),
      terms_each_(static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(features))))),
      seed_(seed),
      densities_(projections, horizon),
      projected_(projections) {
    WARD_ASSERT(features > 0 && features <= features_max);
    Dice dice{seed};
    std::vector<std::size_t> all(features);
    for (std::size_t i = 0; i < features; ++i) all[i] = i;
    for (std::size_t projection = 0; projection < projections; ++projection) {
        double norm = 0;
        const auto first = terms_.size();
        for (std::size_t i = 0; i < terms_each_; ++i) {
            std::swap(all[i], all[i + dice.below(features - i)]);
            terms_.push_back({all[i], dice.normal()});
            norm += terms_.back().weight * terms_.back().weight;
        }
        for (auto i = first; i < terms_.size(); ++i) terms_[i].weight /= std::sqrt(std::max(norm, 1e-12));
    }
}

double Loda::projected(std::size_t projection, Row row) const {
    double sum = 0;
    for (auto i = projection * terms_each_; i < (projection + 1) * terms_each_; ++i)
        sum += terms_[i].weight * row[terms_[i].feature];
    return sum;
}

void Loda::learn(Row row) {
    WARD_ASSERT(row.size() == features_);
    for (std::size_t i = 0; i < projected_.size(); ++i) projected_[i] = projected(i, row);
    densities_.learn(projected_);
}

double Loda::score(Row row, Shares shares) const {
    WARD_ASSERT(row.size() == features_ && (shares.empty() || shares.size() == features_));
    const auto projections = densities_.numbers();
    std::vector<double> with(shares.size());
    std::vector<double> times(shares.size());
    double sum = 0;
    for (std::size_t i = 0; i < projections; ++i) {
        const double surprise = densities_.surprise(i, projected(i, row));
        sum += surprise;
        for (auto k = i * terms_each_; !shares.empty() && k < (i + 1) * terms_each_; ++k) {
            with[terms_[k].feature] += surprise;
            times[terms_[k].feature] += 1;
        }
    }
    const double score = sum / static_cast<double>(projections);
    double all = 0;
    for (std::size_t feature = 0; feature < shares.size(); ++feature) {
        const double without = static_cast<double>(projections) - times[feature];
        const bool compares = times[feature] > 0 && without > 0;
        const double more = compares ? with[feature] / times[feature] - (sum - with[feature]) / without : 0;
        all += shares[feature] = std::max(more, 0.0);
    }
    for (auto& share : shares) share = all > 0 ? share * score / all : score / static_cast<double>(features_);
    return score;
}

void Loda::save(state::Writer& out) const {
    out.tag(tag);
    out.count(features_);
    out.count(seed_);
    densities_.save(out);
}

Result<Loda> Loda::restore(state::Reader& in) {
    in.tag(tag);
    const auto features = in.count(1, features_max);
    const auto seed = in.count(0, ~std::uint64_t{0});
    auto densities = TRY(Densities::restore(in));
    Loda loda{features, densities.numbers(), 1, seed};
    loda.densities_ = std::move(densities);
    return loda;
}

}   // namespace ward::learn
