// SPDX-License-Identifier: Apache-2.0
#include "detect/kind.hpp"

#include <gtest/gtest.h>

#include "core/hash.hpp"

namespace ward::detect {
namespace {

TEST(Kind, ItIsTheRoleOrWhetherOneServes) {
    Seen seen;
    seen.client_role = "infusion pump";
    EXPECT_EQ(client_kind(seen), "infusion pump");
    EXPECT_NE(server_kind(seen), client_kind(seen));
    const auto idle = server_kind(seen);
    seen.server_serves = true;
    EXPECT_NE(server_kind(seen), idle);
}

TEST(Kind, WhatTreatsPatientsIsClinical) {
    EXPECT_TRUE(is_clinical("infusion pump"));
    EXPECT_TRUE(is_clinical("modality (CT)"));
    EXPECT_FALSE(is_clinical("printer"));
    EXPECT_FALSE(is_clinical(""));
}

TEST(Kind, OfTooManyTheLastAreOne) {
    KindNumbers numbers;
    for (int i = 0; i < 200; ++i) {
        const auto kind = "kind " + std::to_string(i);
        const auto number = numbers.number_of(kind);
        EXPECT_EQ(numbers.number_of(kind), number);
        EXPECT_EQ(numbers.name(number) == kind, i + 1 < static_cast<int>(KindNumbers::kinds_max)) << i;
    }
    EXPECT_EQ(numbers.size(), KindNumbers::kinds_max);
}

TEST(Kind, OfManyHostsSomeAreDrawnEachHour) {
    Draw draw;
    int taken = 0;
    for (std::uint64_t hour = 0; hour < 10; ++hour) {
        taken = 0;
        for (std::uint64_t host = 0; host < 2000; ++host)
            if (draw.takes(folded(host + 1, hour + 1, 7), 50)) ++taken;
        draw.pass_hour();
    }
    EXPECT_GT(taken, 20);
    EXPECT_LT(taken, 100);
}

TEST(Kind, OfFewHostsAllAreDrawn) {
    Draw draw;
    for (std::uint64_t hour = 0; hour < 3; ++hour) {
        for (std::uint64_t host = 0; host < 50; ++host)
            EXPECT_TRUE(draw.takes(folded(host + 1, hour + 1, 7), 50));
        draw.pass_hour();
    }
}

}   // namespace
}   // namespace ward::detect
