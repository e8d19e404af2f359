// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

#include "learn/rows_test.hpp"
#include "learn/scaled.hpp"

namespace ward::learn {
namespace {

constexpr auto sweep = [](Wards& wards) { return wards.odd(); };
constexpr auto unpaired = [](Wards& wards) { return wards.unpaired(); };

template <Model M>
Scaled<M> taught(M model, int rows = 3000) {
    Scaled<M> scaled{std::move(model), {}, 1};
    Wards wards{1};
    for (int i = 0; i < rows; ++i) scaled.learn(wards.normal());
    return scaled;
}

Histograms histograms() { return {Wards::features, 5000}; }
Loda loda() { return {Wards::features, 100, 5000, 1}; }
PcaResidual residual() { return {Wards::features, 5000}; }
Blend blend() { return {Wards::features, {.horizon = 5000}, 1}; }

template <Model M>
void expect_sweep_is_found(M model) {
    const auto scaled = taught(std::move(model));
    EXPECT_GT(auc(scaled, 2, sweep), 0.99);
    std::vector<double> shares(Wards::features);
    const double score = scaled.score(Wards{3}.odd(), shares);
    EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), score, 1e-9 * score);
    // Peers and refused ports are what a sweep changes, and nothing else is blamed more.
    const auto most = std::ranges::max_element(shares) - shares.begin();
    EXPECT_TRUE(most == Wards::peers || most == 3) << most;
}

TEST(Models, ASweepIsOddAndItsPeersAreWhy) {
    expect_sweep_is_found(histograms());
    expect_sweep_is_found(loda());
    expect_sweep_is_found(residual());
    expect_sweep_is_found(blend());
}

TEST(Models, FeaturesThatNoLongerGoTogetherAreSeenByTheResidualOnly) {
    EXPECT_GT(auc(taught(residual()), 2, unpaired), 0.95);
    EXPECT_LT(auc(taught(histograms()), 2, unpaired), 0.9);
    EXPECT_GT(auc(taught(blend()), 2, unpaired), 0.9);
}

TEST(Models, TheSameRowsGiveTheSameScores) {
    const auto one = taught(blend());
    const auto other = taught(blend());
    const auto row = Wards{5}.odd();
    EXPECT_EQ(one.score(row), other.score(row));
}

TEST(Models, WhatWasNormalLongAgoIsForgotten) {
    auto model = taught(Histograms{Wards::features, 500});
    Wards wards{4};
    EXPECT_GT(auc(model, 2, sweep), 0.99);
    for (int i = 0; i < 5000; ++i) model.learn(wards.odd());
    EXPECT_LT(auc(model, 2, sweep), 0.01);
}

TEST(Models, BeforeTheFirstRowsNothingIsOdd) {
    EXPECT_EQ(taught(blend(), 0).score(Wards{1}.odd()), 0);
    EXPECT_EQ(taught(residual(), 10).score(Wards{1}.odd()), 0);
}

TEST(Scaling, TheUnitOfAFeatureHardlyMatters) {
    Scaling bytes{1, {}, 1};
    Scaling bits{1, {}, 1};
    Wards wards{1};
    for (int i = 0; i < 1000; ++i) {
        const double size = wards.normal()[1];
        bytes.learn({{size}});
        bits.learn({{8 * size}});
    }
    std::array<double, 1> one{};
    std::array<double, 1> other{};
    bytes.scale({{50'000.0}}, one);
    bits.scale({{400'000.0}}, other);
    EXPECT_GT(one[0], 1);
    EXPECT_NEAR(one[0], other[0], 0.01);
}

TEST(Scaling, NumbersThatAreNoneAreFarAwayAndBreakNothing) {
    auto model = taught(blend());
    Wards wards{6};
    for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300}) {
        auto row = wards.normal();
        row[4] = bad;
        EXPECT_GT(model.score(row), model.score(wards.normal()));
        model.learn(row);
    }
    EXPECT_TRUE(std::isfinite(model.score(wards.normal())));
}

TEST(Scaling, AFeatureThatNeverVariedIsOddWhenItDoes) {
    const auto model = taught(blend());
    Wards wards{6};
    auto row = wards.normal();
    row[5] = 1;
    EXPECT_GT(model.score(row), 2 * model.score(wards.normal()));
}

}   // namespace
}   // namespace ward::learn
