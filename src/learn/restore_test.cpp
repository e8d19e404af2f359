// SPDX-License-Identifier: Apache-2.0
#include "state/state.hpp"

#include <gtest/gtest.h>

#include "learn/rows_test.hpp"
#include "learn/scaled.hpp"

namespace ward::learn {
namespace {

/// Learns a thousand rows, and goes on alike before and after its state was bytes.
template <Model M>
void expect_restored_alike(M model) {
    Wards rows{7};
    for (int i = 0; i < 1000; ++i) model.learn(rows.normal());
    auto again = state::restored<M>(state::saved(model));
    ASSERT_TRUE(again.has_value()) << again.error().what;
    for (int i = 0; i < 1000; ++i) {
        const auto row = i % 10 ? rows.normal() : rows.odd();
        ASSERT_EQ(model.score(row, {}), again->score(row, {}));
        model.learn(row);
        again->learn(row);
    }
    EXPECT_EQ(state::saved(model), state::saved(*again));
}

/// No cut, and no bit that is flipped, does more than fail or give another model.
template <Model M>
void expect_damage_is_survived(M model) {
    Wards rows{7};
    for (int i = 0; i < 300; ++i) model.learn(rows.normal());
    const auto whole = state::saved(model);
    const auto step = std::max<std::size_t>(whole.size() / 500, 1);
    for (std::size_t cut = 0; cut < whole.size(); cut += step)
        ASSERT_FALSE(state::restored<M>(Bytes{whole}.first(cut)).has_value()) << "cut at " << cut;
    for (std::size_t place = 0; place < whole.size(); place += step) {
        auto damaged = whole;
        damaged[place] ^= std::byte{0x40};
        auto model_of_it = state::restored<M>(damaged);
        if (!model_of_it || model_of_it->features() != Wards::features) continue;
        ASSERT_FALSE(std::isnan(model_of_it->score(rows.normal(), {}))) << "flipped at " << place;
    }
    auto longer = whole;
    longer.push_back(std::byte{0});
    EXPECT_FALSE(state::restored<M>(longer).has_value());
}

Scaled<Blend> small_blend() {
    return {Blend{Wards::features, {.projections = 20, .normals = 100, .horizon = 500}, 1}, {}, 1};
}

TEST(State, ARestoredModelGoesOnAsIfNothingHappened) {
    expect_restored_alike(Histograms{Wards::features, 500});
    expect_restored_alike(Loda{Wards::features, 20, 500, 1});
    expect_restored_alike(PcaResidual{Wards::features, 500});
    expect_restored_alike(small_blend());
}

TEST(State, DamagedBytesAreAnErrorOrAnotherModel) {
    expect_damage_is_survived(Loda{Wards::features, 5, 500, 1});
    expect_damage_is_survived(PcaResidual{Wards::features, 500});
    expect_damage_is_survived(small_blend());
}

TEST(State, NoModelIsRestoredFromTheBytesOfAnother) {
    EXPECT_FALSE(state::restored<Loda>(state::saved(Histograms{Wards::features, 500})).has_value());
    EXPECT_FALSE(state::restored<PcaResidual>(state::saved(Loda{Wards::features, 5, 500, 1})).has_value());
}

TEST(State, AClaimedSizeTakesNoMemoryBeforeItsBytesAreThere) {
    state::Writer out;
    out.tag({{'P', 'C', 'A', 'R'}, 1});
    out.count(features_max);
    EXPECT_FALSE(state::restored<PcaResidual>(out.state()).has_value());
}

}   // namespace
}   // namespace ward::learn
