// SPDX-License-Identifier: Apache-2.0
// How long after an order its result comes, learned without knowing which result belongs to which order.
#pragma once

#include <array>
#include <cstddef>

#include "event/fields.hpp"
#include "state/kept.hpp"

namespace ward::detect {

using event::Time;

/// Orders and results are counted in steps of five minutes over three days. How likely a result is so long
/// after an order is what explains them best (expectation maximisation), so orders that nobody answers and
/// results that nobody ordered only blur it. An hour's refit is some hundred thousand additions.
class Turnaround {
public:
    static constexpr std::chrono::minutes step{5};
    static constexpr std::size_t steps = 864;   // that are kept
    static constexpr std::size_t ages = 72;     // of an order, in steps: six hours

    void order(Time at);
    void result(Time at);
    /// Orders since the last result are neither waited for nor learned from: what should have answered them
    /// had stopped.
    void forgive();

    /// How unlikely it is that none came since the last result, as a negative natural logarithm. Several
    /// orders of one step may be of one specimen, so those after the first count half.
    double owed(Time now);
    /// Orders that should have brought a result since the last one, by expectation.
    double missed(Time now);
    void state(state::Kept& kept) {
        kept(steps_, first_, now_, fitted_, last_result_, results_, of_age_, due_by_);
    }

private:
    struct Step {
        std::uint32_t orders = 0;
        std::uint32_t results = 0;

        void state(state::Kept& kept) { kept(orders, results); }
    };

    bool reach(Time at);
    Step& step_at(std::int64_t index) { return steps_[static_cast<std::size_t>(index) % steps]; }
    const Step& step_at(std::int64_t index) const { return steps_[static_cast<std::size_t>(index) % steps]; }
    void fit();
    std::array<double, ages> attribute(double& unordered) const;
    double due_by(std::int64_t age) const;
    template <class Each>
    void each_waiting(Time now, Each each);

    std::array<Step, steps> steps_{};
    std::int64_t first_ = 0;   // the step with which it began
    std::int64_t now_ = 0;     // the latest step
    std::int64_t fitted_ = 0;
    std::int64_t last_result_ = 0;
    std::uint64_t results_ = 0;
    std::array<double, ages> of_age_{};       // the share of orders whose result comes at that age
    std::array<double, ages + 1> due_by_{};   // its sums
};

}   // namespace ward::detect
