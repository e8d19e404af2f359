// SPDX-License-Identifier: Apache-2.0
#include "learn/pca_residual.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/assert.hpp"
#include "learn/eigen.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'P', 'C', 'A', 'R'}, 1};
constexpr double explained = 0.9;   // of the variance, by the main directions
constexpr double refresh_rows_max = 2048;
constexpr double rows_max = 1e15;

}   // namespace

static_assert(Model<PcaResidual>);

PcaResidual::PcaResidual(std::size_t features, double horizon)
    : horizon_(horizon),
      refresh_at_(static_cast<double>(2 * features)),
      means_(features),
      covariances_(features * features),
      distance_(features) {
    WARD_ASSERT(features > 0 && features <= features_max && horizon >= 1);
}

void PcaResidual::learn(Row row) {
    WARD_ASSERT(row.size() == features());
    learned_ += 1;
    const double step = 1 / std::min(learned_, horizon_);
    for (std::size_t i = 0; i < row.size(); ++i) {
        distance_[i] = row[i] - means_[i];
        means_[i] += step * distance_[i];
    }
    for (std::size_t i = 0; i < row.size(); ++i) {
        double* const cells = &covariances_[i * row.size()];
        const double left = (1 - step) * distance_[i];
        for (std::size_t k = 0; k < row.size(); ++k) cells[k] += step * (left * distance_[k] - cells[k]);
    }
    if (learned_ >= refresh_at_) refresh();
}

void PcaResidual::refresh() {
    const auto size = features();
    const auto found = eigen_of(covariances_, size);
    const double all = std::accumulate(found.values.begin(), found.values.end(), 0.0);
    // As if one more row had differed by a median distance: what never varied is not divided by zero.
    const double least = 1 / std::min(learned_, horizon_);
    origin_ = means_;
    directions_.clear();
    double so_far = 0;
    for (std::size_t i = 0; i < size; ++i) {
        const bool main = so_far < explained * all;
        so_far += found.values[i];
        if (main && i + 1 < size) continue;
        const double unit = 1 / std::sqrt(std::max(found.values[i], 0.0) + least);
        for (const double weight : found.vectors[i]) directions_.push_back(weight * unit);
    }
    refresh_at_ = learned_ + std::min({learned_, refresh_rows_max, std::max(horizon_ / 8, 64.0)});
}

double PcaResidual::score(Row row, Shares shares) const {
    const auto size = features();
    WARD_ASSERT(row.size() == size && (shares.empty() || shares.size() == size));
    std::ranges::fill(shares, 0.0);
    std::array<double, features_max> distance;
    for (std::size_t i = 0; i < origin_.size(); ++i) distance[i] = row[i] - origin_[i];
    double sum = 0;
    for (std::size_t first = 0; first < directions_.size(); first += size) {
        const double* const weights = &directions_[first];
        double residual = 0;
        for (std::size_t i = 0; i < size; ++i) residual += weights[i] * distance[i];
        const double part = std::log1p(residual * residual);
        sum += part;
        if (shares.empty()) continue;
        double parts = 0;
        for (std::size_t i = 0; i < size; ++i) parts += std::abs(weights[i] * distance[i]);
        for (std::size_t i = 0; parts > 0 && i < size; ++i)
            shares[i] += part * std::abs(weights[i] * distance[i]) / parts;
    }
    return sum;
}

void PcaResidual::save(state::Writer& out) const {
    out.tag(tag);
    out.count(features());
    out.number(horizon_);
    out.number(learned_);
    out.number(refresh_at_);
    out.numbers(means_);
    out.numbers(covariances_);
    out.count(origin_.size());
    out.numbers(origin_);
    out.count(directions_.size() / features());
    out.numbers(directions_);
}

Result<PcaResidual> PcaResidual::restore(state::Reader& in) {
    in.tag(tag);
    const auto features = in.count(1, features_max);
    TRY(in.has(features * features * sizeof(double)));
    PcaResidual model{features, in.number(1, rows_max)};
    model.learned_ = in.number(0, rows_max);
    model.refresh_at_ = in.number(0, 2 * rows_max);
    model.means_ = in.numbers(features);
    model.covariances_ = in.numbers(features * features);
    const auto refreshed = in.count(0, features);
    if (refreshed != 0 && refreshed != features) in.fail();
    model.origin_ = in.numbers(refreshed);
    model.directions_ = in.numbers(in.count(0, refreshed) * features);
    TRY(in.checked());
    return model;
}

}   // namespace ward::learn
