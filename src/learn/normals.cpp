// SPDX-License-Identifier: Apache-2.0
#include "learn/normals.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'N', 'O', 'R', 'M'}, 1};
constexpr std::size_t tail_min = 20;         // fewer say nothing about a mean
constexpr std::size_t extrapolating = 100;   // normals before that: one may be the oddest of few

}   // namespace

void Normals::learn(double score) {
    if (std::isnan(score)) return;
    recent_.push_back(score);
    sorted_.insert(std::ranges::upper_bound(sorted_, score), score);
    if (recent_.size() > kept_) {
        sorted_.erase(std::ranges::lower_bound(sorted_, recent_.front()));
        recent_.pop_front();
    }
    if (--until_tail_ == 0) measure_tail();
}

/// The tail changes little from one row to the next: it is measured anew after as many rows as it has.
void Normals::measure_tail() {
    tail_ = std::min(std::max(sorted_.size() / 50, tail_min), sorted_.size());
    tail_begin_ = sorted_[sorted_.size() - tail_];
    tail_sum_ = std::accumulate(sorted_.end() - static_cast<std::ptrdiff_t>(tail_), sorted_.end(), 0.0,
                                [&](double sum, double score) { return sum + (score - tail_begin_); });
    until_tail_ = tail_;
}

double Normals::surprise(double score) const {
    if (sorted_.empty() || std::isnan(score)) return 0;
    const auto all = static_cast<double>(sorted_.size());
    if (score <= tail_begin_ || sorted_.size() < extrapolating) {
        const auto odder = sorted_.end() - std::ranges::lower_bound(sorted_, score);
        return std::log((all + 1) / (static_cast<double>(odder) + 1));
    }
    const auto tail = static_cast<double>(tail_);
    const double mean = std::max(tail_sum_ / tail, 1e-9 * std::max(std::abs(tail_begin_), 1.0));
    return std::log((all + 1) / (tail + 1)) + (score - tail_begin_) / mean;
}

double Normals::p_value(double score) const { return std::exp(-surprise(score)); }

void Normals::save(state::Writer& out) const {
    out.tag(tag);
    out.count(kept_);
    out.count(recent_.size());
    out.numbers(std::vector<double>(recent_.begin(), recent_.end()));
    out.count(tail_);
    out.number(tail_begin_);
    out.number(tail_sum_);
    out.count(until_tail_);
}

Result<Normals> Normals::restore(state::Reader& in) {
    in.tag(tag);
    Normals normals{in.count(1, kept_max)};
    const auto recent = in.numbers(in.count(0, normals.kept_));
    normals.recent_.assign(recent.begin(), recent.end());
    normals.sorted_ = recent;
    std::ranges::sort(normals.sorted_);
    normals.tail_ = in.count(recent.empty() ? 0 : 1, recent.size());
    normals.tail_begin_ = in.any_number();
    normals.tail_sum_ = in.number(0, std::numeric_limits<double>::max());
    normals.until_tail_ = in.count(1, normals.kept_);
    TRY(in.checked());
    return normals;
}

}   // namespace ward::learn
