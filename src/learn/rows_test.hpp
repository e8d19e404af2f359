// SPDX-License-Identifier: Apache-2.0
// Rows for the tests of models: windows of a bedside monitor that speaks to its central station.
#pragma once

#include <array>
#include <cmath>

#include "learn/blend.hpp"
#include "learn/dice.hpp"

namespace ward::learn {

class Wards {
public:
    static constexpr std::size_t features = 6;
    static constexpr std::size_t peers = 2;   // the feature that an odd row shows most
    using Window = std::array<double, features>;

    explicit Wards(std::uint64_t seed) : dice_(seed) {}

    /// Bytes follow packets; few peers; ports and refusals hardly ever.
    Window normal() {
        const double packets = 200 * std::exp(0.3 * dice_.normal());
        return {packets,
                packets * (90 + 5 * dice_.normal()),
                1 + static_cast<double>(dice_.below(2)),
                dice_.uniform() < 0.01 ? 1.0 : 0.0,
                20 + dice_.normal(),
                0};
    }

    /// A monitor that sweeps the ward.
    Window odd() {
        auto window = normal();
        window[peers] = 60 + 10 * dice_.uniform();
        window[3] = 2;
        return window;
    }

    /// As many packets and bytes as ever, but not together.
    Window unpaired() {
        auto window = normal();
        window[1] = 1.6 * window[1];
        return window;
    }

private:
    Dice dice_;
};

/// The share of pairs of a normal and another row that the model puts in order.
template <class M, class Odd>
double auc(const M& model, std::uint64_t seed, const Odd& odd) {
    constexpr int rows = 300;
    Wards wards{seed};
    double right = 0;
    std::vector<double> normals;
    normals.reserve(rows);
    for (int i = 0; i < rows; ++i) normals.push_back(model.score(wards.normal(), {}));
    for (int i = 0; i < rows; ++i) {
        const double score = model.score(odd(wards), {});
        for (const double normal : normals) right += score > normal ? 1 : score == normal ? 0.5 : 0;
    }
    return right / (rows * rows);
}

}   // namespace ward::learn
