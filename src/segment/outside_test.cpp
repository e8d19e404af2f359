// SPDX-License-Identifier: Apache-2.0
#include "segment/outside.hpp"

#include <gmock/gmock.h>

#include "segment/story_test.hpp"

namespace ward::segment {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr auto plan_text = R"(
version = 1
[[zone]]
name = "offices"
networks = "10.20.16.0/24"
[[zone]]
name = "servers"
networks = "10.20.0.0/24"
[[zone]]
name = "pumps"
roles = "infusion pump"
[[allow]]
from = "offices"
to = "servers"
protocol = "tcp"
ports = "443"
)";

class OutsideThePlan : public ::testing::Test {
protected:
    Outside judge(OutsideLimits limits = {}) {
        return Outside{Borders{read_plan(plan_text, "plan").value()}, {}, limits};
    }
    Outside outside_ = judge();
    Story<std::function<void(const Seen&)>> story_{[this](const Seen& seen) { outside_.see(seen); }};
};

TEST_F(OutsideThePlan, WhatIsAllowedIsNot) {
    story_.flow("10.20.16.7", "10.20.0.9", 443);
    EXPECT_EQ(outside_.counts().flows, 1U);
    EXPECT_EQ(outside_.counts().outside, 0U);
    EXPECT_EQ(outside_.text(), "");
}

TEST_F(OutsideThePlan, FlowsAreCountedByTheirZonesAndPort) {
    story_.flow("10.20.16.7", "10.20.0.9", 445);
    story_.pass(60min);
    story_.flow("10.20.16.8", "10.20.0.9", 445, "TCP", 1);
    story_.flow("10.20.16.8", "10.20.0.8", 445);
    story_.flow("10.20.0.9", "10.20.16.7", 443);
    const auto rows = outside_.rows();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].flows, 3U);
    EXPECT_EQ(rows[0].answered, 2U);
    EXPECT_EQ(rows[0].last - rows[0].first, 60min);
    EXPECT_THAT(rows[0].events, ElementsAre("flow:1:1", "flow:1:2", "flow:1:3"));
    ASSERT_EQ(rows[0].talkers.size(), 2U);
    EXPECT_EQ(to_text(rows[0].talkers[0].client), "10.20.16.8");
    EXPECT_EQ(outside_.text(),
              "offices to servers, tcp 445: 3 flows, 2 answered, 2026-03-02T00:00:00 to 2026-03-02T01:00:00\n"
              "    10.20.16.8, first to 10.20.0.9: 2 flows\n    10.20.16.7, first to 10.20.0.9: 1 flows\n"
              "servers to offices, tcp 443: 1 flows, 1 answered, 2026-03-02T01:00:00 to 2026-03-02T01:00:00\n"
              "    10.20.0.9, first to 10.20.16.7: 1 flows\n");
    EXPECT_THAT(outside_.json(),
                HasSubstr(R"({"from":"offices","to":"servers","protocol":"tcp","port":445,"flows":3,)"
                          R"("answered":2,"first":"2026-03-02T00:00:00.000000+0000",)"));
    EXPECT_THAT(outside_.json(), HasSubstr(R"({"client":"10.20.16.8","server":"10.20.0.9","flows":2})"));
}

TEST_F(OutsideThePlan, ARoleCountsFromWhenItIsKnown) {
    story_.flow("10.20.0.9", "10.20.16.7", 80);
    story_.device("10.20.16.7", "infusion pump");
    story_.flow("10.20.0.9", "10.20.16.7", 80);
    EXPECT_THAT(outside_.text(), HasSubstr("servers to offices, tcp 80: 1 flows"));
    EXPECT_THAT(outside_.text(), HasSubstr("servers to pumps, tcp 80: 1 flows"));
}

TEST_F(OutsideThePlan, HostsOfNoZoneAreNowhere) {
    story_.flow("10.99.0.1", "10.20.0.9", 443);
    story_.flow("192.0.2.1", "198.51.100.1", 443);
    EXPECT_EQ(outside_.counts().outside, 1U) << "what is outside on both ends is not ours";
    EXPECT_THAT(outside_.text(), HasSubstr("nowhere to servers, tcp 443"));
}

TEST_F(OutsideThePlan, WhatNoRouterPassesOnIsNotJudged) {
    story_.flow("10.20.16.7", "224.0.0.251", 5353, "UDP", 0);
    story_.flow("10.20.16.7", "10.20.31.255", 138, "UDP", 0);
    story_.flow("0.0.0.0", "255.255.255.255", 67, "UDP", 0);
    story_.flow("fe80::1", "fe80::2", 445);
    story_.flow("10.20.16.7", "10.20.0.9", 0, "ICMP");
    EXPECT_EQ(outside_.counts().unrouted, 4U);
    EXPECT_EQ(outside_.counts().other, 1U);
    EXPECT_EQ(outside_.counts().flows, 0U);
    story_.flow("10.20.16.7", "10.20.31.255", 138, "UDP", 1);
    EXPECT_EQ(outside_.counts().flows, 1U) << "an answer is of a host";
}

TEST_F(OutsideThePlan, ATornFlowMayBeTheOtherWayRound) {
    const auto turned = [](std::string_view tcp) {
        auto outside = Outside{Borders{read_plan(plan_text, "plan").value()}};
        const auto text = R"({"timestamp":"2026-03-02T08:00:00Z","event_type":"flow","src_ip":"10.20.0.9",)"
                          R"("src_port":443,"dest_ip":"10.20.16.7","dest_port":50000,"proto":"TCP","tcp":)" +
                          std::string{tcp} + R"(,"flow":{"pkts_toclient":9}})";
        const auto document = json::Document::parse(text).value();
        outside.see(detect::read_eve(document).value());
        return outside.counts().outside;
    };
    EXPECT_EQ(turned(R"({"state":"established"})"), 1U);
    EXPECT_EQ(turned(R"({"state":"established","midstream":true})"), 0U);
}

TEST_F(OutsideThePlan, RowsAndTalkersHaveLimits) {
    outside_ = judge({.rows_max = 2, .talkers_max = 2, .talkers_told = 1, .events_max = 1});
    for (std::uint16_t port = 1; port <= 4; ++port) story_.flow("10.20.16.7", "10.20.0.9", port);
    EXPECT_EQ(outside_.rows().size(), 2U);
    EXPECT_EQ(outside_.counts().not_kept, 2U);
    for (int i = 0; i < 20; ++i) story_.flow("10.20.16.7", "10.20.0.9", 1);
    for (int i = 0; i < 5; ++i) story_.flow(fmt::format("10.20.16.{}", 20 + i), "10.20.0.9", 1);
    const auto row = outside_.rows().front();
    EXPECT_EQ(row.flows, 26U);
    EXPECT_EQ(row.events.size(), 1U);
    ASSERT_EQ(row.talkers.size(), 1U);
    EXPECT_EQ(to_text(row.talkers[0].client), "10.20.16.7") << "who is frequent stays";
    EXPECT_EQ(row.talkers[0].flows, 21U);
}

}   // namespace
}   // namespace ward::segment
