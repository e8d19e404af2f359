// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <gtest/gtest.h>

namespace ward::watch {
namespace {

using namespace std::chrono_literals;

class ACase : public ::testing::Test {
protected:
    void find(std::vector<std::string> systems, std::chrono::hours at) {
        cases_.add({.kind = "worm", .at = event::Time{at}, .systems = std::move(systems)});
    }
    Cases cases_;
};

TEST_F(ACase, HasTheFindingsOfOneHost) {
    find({"10.0.0.1"}, 1h);
    find({"10.0.0.2"}, 2h);
    find({"10.0.0.1", "10.0.0.9"}, 3h);
    EXPECT_EQ(cases_.case_of(0), 1U);
    EXPECT_EQ(cases_.case_of(1), 2U);
    EXPECT_EQ(cases_.case_of(2), 1U);
}

TEST_F(ACase, GoesOnFromHostToHost) {
    find({"10.0.0.1", "10.0.0.2"}, 1h);
    find({"10.0.0.2", "10.0.0.3"}, 2h);
    find({"10.0.0.3"}, 3h);
    find({"10.0.0.4", "10.0.0.1"}, 4h);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(cases_.case_of(i), 1U) << i;
}

TEST_F(ACase, IsNotThatOfAnotherWhoDidSomethingToTheSameServer) {
    find({"10.0.0.1", "10.0.0.9"}, 1h);
    find({"10.0.0.2", "10.0.0.9"}, 2h);
    EXPECT_EQ(cases_.case_of(1), 2U);
}

TEST_F(ACase, IsOneWithAnotherOnceAFindingJoinsThem) {
    find({"10.0.0.1"}, 1h);
    find({"10.0.0.2"}, 2h);
    find({"10.0.0.2", "10.0.0.1"}, 3h);
    find({"10.0.0.2"}, 4h);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(cases_.case_of(i), 1U) << i;
}

TEST_F(ACase, IsOneWithManyThatAreJoinedOneAfterTheOther) {
    constexpr std::size_t cases = 50'000;
    for (std::size_t i = 0; i < cases; ++i) find({std::to_string(i)}, 1h);
    for (auto i = cases - 1; i > 0; --i) find({std::to_string(i), std::to_string(i - 1)}, 2h);
    for (std::size_t i = 0; i < cases; ++i) ASSERT_EQ(cases_.case_of(i), 1U) << i;
}

TEST_F(ACase, IsOverAfterSomeDays) {
    find({"10.0.0.1"}, 1h);
    find({"10.0.0.1"}, 100h);
    EXPECT_EQ(cases_.case_of(1), 2U);
}

}   // namespace
}   // namespace ward::watch
