// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <gtest/gtest.h>

namespace ward::watch {
namespace {

using namespace std::chrono_literals;

class ACase : public ::testing::Test {
protected:
    void find(std::initializer_list<const char*> hosts, std::chrono::hours at,
              std::vector<std::string> accounts = {}) {
        detect::Finding finding{.kind = "worm", .at = event::Time{at}, .accounts = std::move(accounts)};
        for (const auto* host : hosts) finding.systems.emplace_back(host);
        cases_.add(finding);
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

TEST_F(ACase, GoesOnFromHostToHostAndByAccount) {
    find({"10.0.0.1", "10.0.0.2"}, 1h);
    find({"10.0.0.2", "10.0.0.3"}, 2h, {"svc-sql"});
    find({"10.0.0.4"}, 3h, {"svc-sql"});
    EXPECT_EQ(cases_.case_of(2), 1U);
}

TEST_F(ACase, IsOneWithAnotherOnceAFindingJoinsThem) {
    find({"10.0.0.1"}, 1h);
    find({"10.0.0.2"}, 2h);
    find({"10.0.0.2", "10.0.0.1"}, 3h);
    find({"10.0.0.2"}, 4h);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(cases_.case_of(i), 1U) << i;
}

TEST_F(ACase, IsOverAfterSomeDays) {
    find({"10.0.0.1"}, 1h);
    find({"10.0.0.1"}, 100h);
    EXPECT_EQ(cases_.case_of(1), 2U);
}

}   // namespace
}   // namespace ward::watch
