// SPDX-License-Identifier: Apache-2.0
#include "learn/normals.hpp"

#include <gtest/gtest.h>

#include "learn/dice.hpp"

namespace ward::learn {
namespace {

Normals taught(std::size_t kept, int rows, double unit) {
    Normals normals{kept};
    Dice dice{1};
    for (int i = 0; i < rows; ++i) normals.learn(-unit * std::log(1 - dice.uniform()));
    return normals;
}

TEST(Normals, ThePValueIsTheShareOfNormalsThatAreAsOdd) {
    const auto normals = taught(10'000, 10'000, 1);
    EXPECT_NEAR(normals.p_value(0), 1, 0.001);
    EXPECT_NEAR(normals.p_value(std::log(2.0)), 0.5, 0.02);
    EXPECT_NEAR(normals.p_value(std::log(20.0)), 0.05, 0.01);
}

TEST(Normals, ItMeansTheSameForModelsOfAnyUnit) {
    const auto small = taught(5000, 5000, 0.001);
    const auto large = taught(5000, 5000, 1000);
    EXPECT_NEAR(small.p_value(0.004), large.p_value(4000), 1e-9);
}

TEST(Normals, ItFallsOnBeyondTheOddestNormal) {
    const auto normals = taught(4000, 4000, 1);
    EXPECT_LT(normals.p_value(30), normals.p_value(20));
    EXPECT_NEAR(normals.surprise(20), 20, 4);   // the true answer of this distribution is 20
    EXPECT_GT(normals.surprise(1e300), 1e6);    // where the p-value itself is zero
}

TEST(Normals, OldOnesGiveWay) {
    auto normals = taught(500, 500, 1);
    for (int i = 0; i < 500; ++i) normals.learn(100 + 0.01 * i);
    EXPECT_EQ(normals.size(), 500U);
    EXPECT_GT(normals.p_value(50), 0.9);
}

TEST(Normals, WithoutNormalsNothingIsOdd) { EXPECT_EQ(Normals{100}.p_value(1e9), 1); }

TEST(Normals, AHandfulOfThemProvesNothing) { EXPECT_GT(taught(100, 5, 1).p_value(1e9), 0.1); }

TEST(Normals, RestoredTheyJudgeAlike) {
    const auto normals = taught(500, 700, 1);
    const auto again = state::restored<Normals>(state::saved(normals));
    ASSERT_TRUE(again.has_value());
    for (const double score : {0.1, 1.0, 4.0, 9.0, 50.0})
        EXPECT_EQ(normals.surprise(score), again->surprise(score));
}

}   // namespace
}   // namespace ward::learn
