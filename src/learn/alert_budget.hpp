// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "state/state.hpp"

namespace ward::learn {

/// Turns p-values of any number of models into alerts, so many a day. One number means the same everywhere:
/// how many alerts a day chance alone would give if all that is as odd were one. It is the p-value times the
/// number of p-values a day, and alerts are those where it is not above the budget.
class AlertBudget {
public:
    explicit AlertBudget(double alerts_a_day) : a_day_(alerts_a_day) {}

    /// In time order. False: no alert, because it is not odd enough or because the last 24 hours had their
    /// alerts.
    bool observe(Time at, double p_value);
    /// How many a day by chance, at the pace of the last 24 hours.
    double by_chance(double p_value) const;
    /// What was odd enough but over the budget: not shown, never forgotten.
    std::uint64_t withheld() const { return withheld_; }

    void save(state::Writer& out) const;
    static Result<AlertBudget> restore(state::Reader& in);

private:
    static constexpr std::size_t hours = 24;

    struct Hour {
        std::uint64_t judged = 0;
        std::uint64_t alerts = 0;
    };

    void advance(Time at);
    std::uint64_t sum(std::uint64_t Hour::*count) const;

    double a_day_;
    std::int64_t hour_ = 0;     // the current one, counted from 1970
    std::uint64_t lived_ = 0;   // hours since the first p-value, at most 24; 0 before it
    std::uint64_t withheld_ = 0;
    std::array<Hour, hours> last_{};   // by hour modulo 24
};

}   // namespace ward::learn
