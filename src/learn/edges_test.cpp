// SPDX-License-Identifier: Apache-2.0
#include "learn/edges.hpp"

#include <gtest/gtest.h>

#include "learn/dice.hpp"

namespace ward::learn {
namespace {

/// Two hundred devices, each with its few services, a minute a tick.
struct Hospital {
    Edges model{{}, 1};
    Dice dice{1};
    std::int64_t minute = 0;
    double oddest = 0;

    void live(int minutes) {
        for (const auto until = minute + minutes; minute < until; ++minute) {
            oddest = 0;
            for (std::uint64_t device = 0; device < 200; ++device)
                for (std::uint64_t service = 0; service < 3; ++service)
                    if (dice.uniform() < 0.7)
                        oddest = std::max(oddest, model.observe(minute, device, 1000 + service).most());
        }
    }
};

TEST(Edges, ABurstOnAKnownEdgeIsOdd) {
    Hospital hospital;
    hospital.live(500);
    Edges::Score score;
    for (int i = 0; i < 300; ++i) score = hospital.model.observe(hospital.minute, 7, 1001);
    EXPECT_GT(score.edge, 100 * hospital.oddest);
}

TEST(Edges, AnEdgeThatNeverWasIsOddAtOnce) {
    Hospital hospital;
    hospital.live(500);
    EXPECT_GT(hospital.model.observe(hospital.minute, 7, 9999).edge, 10 * hospital.oddest);
}

TEST(Edges, ASweepShowsAtItsSource) {
    Hospital hospital;
    hospital.live(500);
    Edges::Score score;
    for (std::uint64_t target = 0; target < 150; ++target)
        score = hospital.model.observe(hospital.minute, 7, 5000 + target);
    EXPECT_GT(score.source, 100 * hospital.oddest);
    EXPECT_GT(score.source, score.edge);
}

TEST(Edges, AnAttackDoesNotBecomeNormalByLasting) {
    Hospital guarded;
    Hospital open{.model = Edges{{.trusted = std::numeric_limits<double>::max()}, 1}};
    double last[2] = {0, 0};
    for (int which = 0; auto* hospital : {&guarded, &open}) {
        hospital->live(500);
        for (int i = 0; i < 1000; ++i) {
            hospital->live(1);
            for (int k = 0; k < 200; ++k)
                last[which] = hospital->model.observe(hospital->minute - 1, 7, 1001).edge;
        }
        ++which;
    }
    EXPECT_GT(last[0], 1000);
    EXPECT_LT(last[1], last[0] / 10);
}

TEST(Edges, ANightWithoutTrafficIsPartOfThePast) {
    Hospital hospital;
    hospital.live(100);
    hospital.minute += 600;
    hospital.live(2);
    EXPECT_LT(hospital.oddest, 1000);
}

/// An hour a tick, of which nothing is kept: edges that were there count once each.
constexpr Edges::Settings once{.kept = 0, .trusted = 1e5};

TEST(Edges, WhatIsOnlyJudgedIsNotLearned) {
    Edges model{once, 1};
    for (std::int64_t hour = 0; hour < 100; ++hour) model.observe(hour, 7, 1001);
    for (std::int64_t hour = 100; hour < 110; ++hour) {
        EXPECT_TRUE(model.judge(hour, 7, 1001, 1).known);
        EXPECT_FALSE(model.judge(hour, 7, 9999, 1).known);
    }
    model.observe(110, 7, 9999);
    EXPECT_FALSE(model.judge(110, 7, 9999, 1).known) << "its tick is not over";
    EXPECT_TRUE(model.judge(111, 7, 9999, 1).known);
}

TEST(Edges, ManyEdgesOfASourceAreOddThoughNoneIsCounted) {
    Edges model{once, 1};
    for (std::int64_t hour = 0; hour < 100; ++hour)
        for (std::uint64_t target = 0; target < 4; ++target) model.observe(hour, 7, target);
    EXPECT_LT(model.judge(100, 7, 1, 4).source, 1);
    EXPECT_GT(model.judge(100, 7, 1, 40).source, 100);
}

TEST(Edges, TicksOfWhichNothingIsKeptGoOnAlikeWhenRestored) {
    Edges model{once, 1};
    Dice dice{1};
    for (std::int64_t hour = 0; hour < 50; ++hour)
        for (int i = 0; i < 20; ++i) model.observe(hour, dice.below(9), dice.below(30));
    auto again = state::restored<Edges>(state::saved(model));
    ASSERT_TRUE(again.has_value());
    for (std::int64_t hour = 50; hour < 60; ++hour)
        for (std::uint64_t i = 0; i < 50; ++i)
            ASSERT_EQ(model.observe(hour, i % 7, i).most(), again->observe(hour, i % 7, i).most());
    EXPECT_EQ(state::saved(model), state::saved(*again));
}

TEST(Edges, CellsThatAreNotInOrderAreRefused) {
    Edges model{{.rows = 1, .columns = 4, .kept = 0}, 1};
    model.observe(1, 2, 3);
    const auto whole = state::saved(model);
    EXPECT_TRUE(state::restored<Edges>(whole).has_value());
    constexpr std::size_t first_cell = 5 + 8 * 8 + 8;   // behind tag, eight fields and the count of cells
    for (const int place : {4, 200, 255}) {
        auto bytes = whole;
        bytes[first_cell + 7] = static_cast<std::byte>(place);
        EXPECT_FALSE(state::restored<Edges>(bytes).has_value()) << place;
    }
}

TEST(Edges, RestoredItGoesOnAlike) {
    Hospital hospital;
    hospital.live(50);
    auto again = state::restored<Edges>(state::saved(hospital.model));
    ASSERT_TRUE(again.has_value());
    for (std::uint64_t i = 0; i < 1000; ++i)
        ASSERT_EQ(hospital.model.observe(50 + static_cast<std::int64_t>(i) / 100, i % 7, i % 13).most(),
                  again->observe(50 + static_cast<std::int64_t>(i) / 100, i % 7, i % 13).most());
    EXPECT_EQ(state::saved(hospital.model), state::saved(*again));
}

}   // namespace
}   // namespace ward::learn
