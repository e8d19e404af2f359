// SPDX-License-Identifier: Apache-2.0
#include "learn/scaling.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'S', 'C', 'A', 'L'}, 1};
constexpr std::size_t sample_rows_max = 4096;
constexpr double rows_max = 1e15;
constexpr double most = 1e30;
const double level_max = std::log1p(most);

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

/// Sizes and durations differ by factors, not by sums. Whatever a caller divided by, this is finite.
double levelled(double value) {
    if (std::isnan(value)) value = most;
    return std::copysign(std::log1p(std::min(std::abs(value), most)), value);
}

}   // namespace

Scaling::Scaling(std::size_t features, Settings settings, std::uint64_t seed)
    : features_(features),
      settings_(settings),
      dice_(seed),
      refresh_at_(static_cast<double>(settings.first_rows)) {
    WARD_ASSERT(features > 0 && features <= features_max);
    WARD_ASSERT(settings.sample_rows > 0 && settings.sample_rows <= sample_rows_max);
    WARD_ASSERT(settings.first_rows > 0 && settings.first_rows <= settings.sample_rows);
}

Row Scaling::sample(std::size_t number) const { return Row{sample_}.subspan(number * features_, features_); }

void Scaling::learn(Row row) {
    WARD_ASSERT(row.size() == features_);
    learned_ += 1;
    if (sampled() < settings_.sample_rows) {
        for (const double value : row) sample_.push_back(levelled(value));
    } else if (dice_.uniform() * std::min(learned_, settings_.horizon) <
               static_cast<double>(settings_.sample_rows)) {
        const auto slot = dice_.below(settings_.sample_rows) * features_;
        std::ranges::transform(row, sample_.begin() + static_cast<std::ptrdiff_t>(slot), levelled);
    }
    if (learned_ >= refresh_at_) refresh();
}

void Scaling::refresh() {
    centers_.resize(features_);
    distances_.resize(features_);
    std::vector<double> values;
    for (std::size_t feature = 0; feature < features_; ++feature) {
        values.clear();
        for (std::size_t i = 0; i < sampled(); ++i) values.push_back(sample(i)[feature]);
        const double center = centers_[feature] = median(values);
        for (auto& value : values) value = std::abs(value - center);
        std::erase(values, 0.0);
        // A feature that never differed: any difference counts in its own size, or in ones.
        distances_[feature] = values.empty() ? std::max(std::abs(center), 1.0) : median(values);
    }
    refresh_at_ = learned_ + std::min(learned_, settings_.horizon);
}

void Scaling::scale(Row row, std::span<double> scaled) const {
    WARD_ASSERT(ready() && row.size() == features_ && scaled.size() == features_);
    for (std::size_t feature = 0; feature < features_; ++feature) {
        const double distance = (levelled(row[feature]) - centers_[feature]) / distances_[feature];
        scaled[feature] = std::clamp(std::asinh(distance), -range, range);
    }
}

void Scaling::save(state::Writer& out) const {
    out.tag(tag);
    out.count(features_);
    out.count(settings_.sample_rows);
    out.count(settings_.first_rows);
    out.number(settings_.horizon);
    out.count(dice_.state());
    out.number(learned_);
    out.number(refresh_at_);
    out.count(sampled());
    out.numbers(sample_);
    out.count(centers_.size());
    out.numbers(centers_);
    out.numbers(distances_);
}

Result<Scaling> Scaling::restore(state::Reader& in) {
    in.tag(tag);
    const auto features = in.count(1, features_max);
    Settings settings;
    settings.sample_rows = in.count(1, sample_rows_max);
    settings.first_rows = in.count(1, settings.sample_rows);
    settings.horizon = in.number(1, rows_max);
    Scaling scaling{features, settings, in.count(0, ~std::uint64_t{0})};
    scaling.learned_ = in.number(0, rows_max);
    scaling.refresh_at_ = in.number(0, 2 * rows_max);
    const auto sampled = in.count(0, settings.sample_rows);
    scaling.sample_ = in.numbers(sampled * features, -level_max, level_max);
    const auto centered = in.count(0, features);
    if (centered != 0 && (centered != features || sampled == 0)) in.fail();
    scaling.centers_ = in.numbers(centered, -level_max, level_max);
    scaling.distances_ = in.numbers(centered, std::numeric_limits<double>::min(), 2 * level_max);
    TRY(in.checked());
    return scaling;
}

}   // namespace ward::learn
