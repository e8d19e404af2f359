// SPDX-License-Identifier: Apache-2.0
#include "learn/densities.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/assert.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'D', 'E', 'N', 'S'}, 1};
constexpr double weight_max = 1e100;
constexpr double rows_max = 1e15;
constexpr double refresh_rows_max = 2048;

}   // namespace

Densities::Densities(std::size_t numbers, double horizon)
    : horizon_(horizon), counts_(numbers * bins), surprises_(numbers * bins) {
    WARD_ASSERT(numbers > 0 && numbers <= numbers_max && horizon >= 1);
}

std::size_t Densities::bin(double value) {
    constexpr double width = 2 * range / static_cast<double>(bins);
    const double place = (value + range) / width;
    return place > 0 ? static_cast<std::size_t>(std::min(place, bins - 1.0)) : 0;   // what is no number, too
}

void Densities::learn(std::span<const double> values) {
    WARD_ASSERT(values.size() == numbers());
    for (std::size_t i = 0; i < values.size(); ++i) counts_[i * bins + bin(values[i])] += weight_;
    total_ += weight_;
    weight_ *= 1 + 1 / horizon_;
    learned_ += 1;
    if (weight_ > weight_max) {
        for (auto& count : counts_) count /= weight_;
        total_ /= weight_;
        weight_ = 1;
    }
    if (learned_ >= refresh_at_) refresh();
}

void Densities::refresh() {
    std::array<double, bins> smooth{};
    std::array<std::size_t, bins> order{};
    for (std::size_t first = 0; first < counts_.size(); first += bins) {
        // Half a row is spread over all bins: what was never seen is as rare as one in twice as many rows.
        const auto count = [&](std::size_t i) { return i < bins ? counts_[first + i] / total_ : 0.0; };
        for (std::size_t i = 0; i < bins; ++i)
            smooth[i] = 0.5 * count(i) + 0.25 * (count(i - 1) + count(i + 1));
        std::iota(order.begin(), order.end(), 0U);
        std::ranges::sort(order, {}, [&](std::size_t i) { return smooth[i]; });
        double rarer = 0.5 * weight_ / (total_ + weight_);
        for (std::size_t i = 0; i < bins;) {
            auto last = i;
            double same = 0;
            for (; last < bins && smooth[order[last]] == smooth[order[i]]; ++last)
                same += smooth[order[last]];
            rarer += same;
            for (; i < last; ++i) surprises_[first + order[i]] = -std::log(std::min(rarer, 1.0));
        }
    }
    refresh_at_ = learned_ + std::min({learned_, refresh_rows_max, std::max(horizon_ / 8, 64.0)});
}

void Densities::save(state::Writer& out) const {
    out.tag(tag);
    out.count(numbers());
    out.number(horizon_);
    out.number(learned_);
    out.number(refresh_at_);
    out.number(weight_);
    out.number(total_);
    out.numbers(counts_);
    out.numbers(surprises_);
}

Result<Densities> Densities::restore(state::Reader& in) {
    in.tag(tag);
    const auto numbers = in.count(1, numbers_max);
    TRY(in.has(2 * numbers * bins * sizeof(double)));
    Densities densities{numbers, in.number(1, rows_max)};
    densities.learned_ = in.number(0, rows_max);
    densities.refresh_at_ = in.number(0, 2 * rows_max);
    densities.weight_ = in.number(1, weight_max);
    densities.total_ = in.number(0, 2 * weight_max * rows_max);
    densities.counts_ = in.numbers(numbers * bins, 0);
    densities.surprises_ = in.numbers(numbers * bins, 0);
    TRY(in.checked());
    return densities;
}

}   // namespace ward::learn
