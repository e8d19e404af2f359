// SPDX-License-Identifier: Apache-2.0
#include "learn/gated.hpp"

#include <gtest/gtest.h>

#include "learn/rows_test.hpp"
#include "learn/scaled.hpp"

namespace ward::learn {
namespace {

using namespace std::chrono_literals;

constexpr auto sweep = [](Wards& wards) { return wards.odd(); };

Scaled<Blend> model() { return {Blend{Wards::features, {.horizon = 2000}, 1}, {}, 1}; }

/// Windows of a minute: two days of normal life, then two in which nearly all that is seen is the attack.
struct Siege {
    Wards wards;
    Time now{};

    template <class Observe>
    void peace(const Observe& observe) {
        for (int i = 0; i < 2 * 1440; ++i) observe(now += 1min, wards.normal());
    }
    template <class Observe>
    void attack(const Observe& observe) {
        for (int i = 0; i < 2 * 1440; ++i) observe(now += 1min, i % 10 ? wards.odd() : wards.normal());
    }
};

TEST(Gated, WhoLearnsFromEverythingLearnsTheAttackAndTheGatedDoesNot) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        auto open = model();
        Gated gated{model(), {}};
        Siege siege{Wards{seed}};
        const auto both = [&](Time at, Row row) {
            open.learn(row);
            gated.observe(at, row);
        };
        siege.peace(both);
        EXPECT_GT(auc(open, 9, sweep), 0.99) << seed;
        EXPECT_GT(auc(gated, 9, sweep), 0.99) << seed;
        siege.attack(both);
        EXPECT_LT(auc(open, 9, sweep), 0.2) << seed;
        EXPECT_GT(auc(gated, 9, sweep), 0.99) << seed;
    }
}

TEST(Gated, TheAttackStaysOddToItsLastRow) {
    Gated gated{model(), {}};
    Siege siege{Wards{1}};
    siege.peace([&](Time at, Row row) { gated.observe(at, row); });
    int alarms = 0;
    siege.attack([&](Time at, Row row) { alarms += gated.observe(at, row) < 0.0001; });
    EXPECT_GE(alarms, 2 * 1440 * 9 / 10);
    EXPECT_GE(gated.held_back(), 2U * 1440 * 9 / 10);
}

TEST(Gated, PValuesOfNormalsStayTrueThoughTheOddestAreNotLearned) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        Gated gated{model(), {}};
        Siege siege{Wards{seed}};
        for (int time = 0; time < 4; ++time) siege.peace([&](Time at, Row row) { gated.observe(at, row); });
        int odd = 0;
        siege.peace([&](Time at, Row row) { odd += gated.observe(at, row) < 0.01; });
        EXPECT_GT(odd, 2 * 1440 * 0.003) << seed;
        EXPECT_LT(odd, 2 * 1440 * 0.05) << seed;
    }
}

TEST(Gated, NothingIsLearnedBeforeItsDelay) {
    Gated gated{model(), {.delay = 6h}};
    Siege siege{Wards{1}};
    siege.peace([&](Time at, Row row) { gated.observe(at, row); });
    siege.now += 7h;
    gated.observe(siege.now, siege.wards.normal());   // all before it has been learned by now
    const auto row = siege.wards.odd();
    const double before = gated.score(row);
    for (int i = 0; i < 300; ++i) gated.observe(siege.now += 1min, siege.wards.normal());
    EXPECT_EQ(gated.score(row), before);
    siege.now += 7h;
    gated.observe(siege.now, siege.wards.normal());
    EXPECT_NE(gated.score(row), before);
}

TEST(Gated, ItCanBeSetBackToADate) {
    // An attack so slow that the gate lets it in is undone by date once it is known.
    Gated gated{model(), {.learned = 0, .counted = 0}};
    Siege siege{Wards{1}};
    const auto observe = [&](Time at, Row row) { gated.observe(at, row); };
    siege.peace(observe);
    const auto known_good = siege.now;
    siege.attack(observe);
    siege.attack(observe);
    EXPECT_LT(auc(gated, 9, sweep), 0.5);
    ASSERT_TRUE(gated.roll_back(known_good).has_value());
    EXPECT_GT(auc(gated, 9, sweep), 0.99);
    EXPECT_FALSE(gated.roll_back(Time{} - 24h).has_value());
}

TEST(Gated, RestoredItGoesOnAlike) {
    Gated gated{model(), {}};
    Siege siege{Wards{1}};
    siege.peace([&](Time at, Row row) { gated.observe(at, row); });
    auto again = state::restored<Gated<Scaled<Blend>>>(state::saved(gated));
    ASSERT_TRUE(again.has_value()) << again.error().what;
    siege.attack([&](Time at, Row row) { ASSERT_EQ(gated.observe(at, row), again->observe(at, row)); });
    EXPECT_EQ(state::saved(gated), state::saved(*again));
}

TEST(Gated, AFloodOfRowsIsNotAllKept) {
    Gated gated{model(), {.waiting = 100}};
    Siege siege{Wards{1}};
    siege.peace([&](Time, Row row) { gated.observe(Time{}, row); });
    EXPECT_GE(gated.held_back(), 2U * 1440 - 1024 - 100 - 50);
}

}   // namespace
}   // namespace ward::learn
