// SPDX-License-Identifier: Apache-2.0
#include "detect/silence/turnaround.hpp"

#include <algorithm>
#include <cmath>

namespace ward::detect {
namespace {

constexpr std::uint64_t results_min = 60;   // to learn from
constexpr std::int64_t learned_min = 288;   // steps: what is ordered at night takes another time than by day
constexpr std::int64_t refit_after = 12;    // steps
constexpr int rounds = 10;
constexpr double never_late = 0.98;   // the surest that a result is due: some never come

std::int64_t index_of(Time at) { return at.time_since_epoch() / Turnaround::step; }

}   // namespace

/// False for what is older than is kept.
bool Turnaround::reach(Time at) {
    const auto index = index_of(at);
    if (first_ == 0) first_ = now_ = index;
    const auto kept = static_cast<std::int64_t>(steps);
    if (index - now_ >= kept) {
        steps_.fill({});
        first_ = now_ = index;
    }
    while (now_ < index) step_at(++now_) = {};
    first_ = std::max(first_, now_ - kept + 1);
    return index >= first_;
}

void Turnaround::order(Time at) {
    if (reach(at)) ++step_at(index_of(at)).orders;
}

void Turnaround::result(Time at) {
    if (!reach(at)) return;
    ++step_at(index_of(at)).results;
    ++results_;
    last_result_ = std::max(last_result_, index_of(at));
}

void Turnaround::forgive() {
    for (auto index = std::max(first_, last_result_); index <= now_; ++index) step_at(index).orders = 0;
}

/// How many results are of orders of each age, as the shares of before have it, and how many of none.
std::array<double, Turnaround::ages> Turnaround::attribute(double& unordered) const {
    std::array<double, ages> sums{};
    double of_none = 0;
    const auto most = static_cast<std::int64_t>(ages);
    for (auto index = first_ + most / 2; index <= now_; ++index) {
        const double results = step_at(index).results;
        if (results == 0) continue;
        const auto oldest = std::min(most - 1, index - first_);
        double all = unordered;
        for (std::int64_t age = 0; age <= oldest; ++age)
            all += step_at(index - age).orders * of_age_[static_cast<std::size_t>(age)];
        if (all <= 0) continue;
        for (std::int64_t age = 0; age <= oldest; ++age) {
            const auto place = static_cast<std::size_t>(age);
            sums[place] += results * step_at(index - age).orders * of_age_[place] / all;
        }
        of_none += results * unordered / all;
    }
    unordered = std::max(of_none / static_cast<double>(now_ - first_ + 1), 1e-5);
    return sums;
}

void Turnaround::fit() {
    fitted_ = now_;
    double unordered = 1e-3;
    of_age_.fill(1.0 / ages);
    for (int round = 0; round < rounds; ++round) {
        const auto sums = attribute(unordered);
        for (std::size_t age = 0; age < ages; ++age) {
            const auto near = sums[age == 0 ? 0 : age - 1] + sums[std::min(age + 1, ages - 1)];
            double orders = 0;   // that were watched until that age
            for (auto index = first_; index <= now_ - static_cast<std::int64_t>(age); ++index)
                orders += step_at(index).orders;
            of_age_[age] = orders > 0 ? (0.5 * sums[age] + 0.25 * near) / orders : 0;
        }
    }
    for (std::size_t age = 0; age < ages; ++age)
        due_by_[age + 1] = std::min(due_by_[age] + of_age_[age], never_late);
}

/// `age` in steps; those that are not over are not counted.
double Turnaround::due_by(std::int64_t age) const {
    return due_by_[static_cast<std::size_t>(std::clamp<std::int64_t>(age, 0, ages))];
}

/// Tells of each step how many orders it had, and how likely one of them was answered since the last result.
template <class Each>
void Turnaround::each_waiting(Time now, Each each) {
    if (!reach(now) || results_ < results_min || now_ - first_ < learned_min) return;
    // What is missed is not learned: it would be usual soon.
    if (fitted_ == 0 || (now_ - fitted_ >= refit_after && now_ - last_result_ < 2)) fit();
    const auto oldest = std::max(first_, now_ - static_cast<std::int64_t>(ages));
    for (auto index = oldest; index <= now_; ++index) {
        const auto orders = step_at(index).orders;
        if (orders > 0) each(orders, due_by(now_ - index) - due_by(last_result_ - index + 1));
    }
}

double Turnaround::owed(Time now) {
    double sum = 0;
    each_waiting(now, [&](std::uint32_t orders, double likely) {
        sum -= std::log(1 - std::clamp(likely, 0.0, never_late)) * (0.5 + 0.5 * orders);
    });
    return sum;
}

double Turnaround::missed(Time now) {
    double sum = 0;
    each_waiting(now, [&](std::uint32_t orders, double likely) { sum += std::max(likely, 0.0) * orders; });
    return sum;
}

}   // namespace ward::detect
