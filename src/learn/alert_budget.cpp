// SPDX-License-Identifier: Apache-2.0
#include "learn/alert_budget.hpp"

#include <algorithm>
#include <chrono>

namespace ward::learn {
namespace {

constexpr state::Tag tag{{'B', 'U', 'D', 'G'}, 1};

}   // namespace

bool AlertBudget::observe(Time at, double p_value) {
    advance(at);
    auto& now = last_[static_cast<std::size_t>(hour_ % static_cast<std::int64_t>(hours))];
    ++now.judged;
    if (!(by_chance(p_value) <= a_day_)) return false;
    if (static_cast<double>(sum(&Hour::alerts)) + 1 > a_day_) {
        ++withheld_;
        return false;
    }
    ++now.alerts;
    return true;
}

double AlertBudget::by_chance(double p_value) const {
    const auto judged = static_cast<double>(sum(&Hour::judged));
    return p_value * judged * static_cast<double>(hours) /
           static_cast<double>(std::max<std::uint64_t>(lived_, 1));
}

void AlertBudget::advance(Time at) {
    const auto hour =
        std::max<std::int64_t>(std::chrono::floor<std::chrono::hours>(at.time_since_epoch()).count(), 0);
    if (lived_ == 0) {
        hour_ = hour;
        lived_ = 1;
    }
    for (auto steps = std::min<std::int64_t>(hour - hour_, hours); steps > 0; --steps) {
        last_[static_cast<std::size_t>((hour - steps + 1) % static_cast<std::int64_t>(hours))] = {};
        lived_ = std::min<std::uint64_t>(lived_ + 1, hours);
    }
    hour_ = std::max(hour_, hour);
}

std::uint64_t AlertBudget::sum(std::uint64_t Hour::*count) const {
    std::uint64_t all = 0;
    for (const auto& hour : last_) all += hour.*count;
    return all;
}

void AlertBudget::save(state::Writer& out) const {
    out.tag(tag);
    out.number(a_day_);
    out.count(static_cast<std::uint64_t>(hour_));
    out.count(lived_);
    out.count(withheld_);
    for (const auto& hour : last_) {
        out.count(hour.judged);
        out.count(hour.alerts);
    }
}

Result<AlertBudget> AlertBudget::restore(state::Reader& in) {
    constexpr std::uint64_t many = std::uint64_t{1} << 40U;   // sums of 24 stay far from overflowing
    in.tag(tag);
    AlertBudget budget{in.number(0, 1e9)};
    budget.hour_ = static_cast<std::int64_t>(in.count(0, many));
    budget.lived_ = in.count(0, hours);
    budget.withheld_ = in.count(0, ~std::uint64_t{0});
    for (auto& hour : budget.last_) {
        hour.judged = in.count(0, many);
        hour.alerts = in.count(0, many);
    }
    TRY(in.checked());
    return budget;
}

}   // namespace ward::learn
