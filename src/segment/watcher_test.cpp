// SPDX-License-Identifier: Apache-2.0
#include "segment/watcher.hpp"

#include <gmock/gmock.h>

#include "segment/story_test.hpp"

namespace ward::segment {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr auto plan_text = R"(
version = 1
[[zone]]
name = "offices"
networks = "10.20.16.0/24"
[[zone]]
name = "bedside"
networks = "10.20.32.0/24"
[[allow]]
from = "offices"
to = "bedside"
protocol = "tcp"
ports = "443, 8443"
)";

double risk(const detect::Finding& finding) {
    return (finding.severity == detect::Severity::low ? 0.1 : 0.35) * finding.confidence / 100;
}

class AWatchedPlan : public ::testing::Test {
protected:
    static Watcher watcher(WatcherLimits limits = {}) {
        return Watcher{Borders{read_plan(plan_text, "plan").value()}, {}, limits};
    }
    static constexpr double shown_from = 0.25;   // docs/formats/findings.md
    Watcher watcher_ = watcher();
    detect::Findings findings_;
    Story<std::function<void(const Seen&)>> story_{
        [this](const Seen& seen) { watcher_.see(seen, findings_); }};
};

TEST_F(AWatchedPlan, IsSilentWhereItIsKept) {
    story_.flow("10.20.16.7", "10.20.32.9", 443);
    story_.flow("10.20.16.7", "192.0.2.9", 0, "ICMP");
    EXPECT_THAT(findings_, IsEmpty());
}

TEST_F(AWatchedPlan, TellsOncePerClientZonePortAndDayAndNotAloudAlone) {
    for (int i = 0; i < 5; ++i) story_.flow("10.20.16.7", "10.20.32.9", 445);
    ASSERT_EQ(findings_.size(), 1U);
    EXPECT_EQ(findings_[0].kind, "outside-plan");
    EXPECT_LT(risk(findings_[0]), shown_from);
    EXPECT_THAT(findings_[0].systems, ElementsAre("10.20.16.7", "10.20.32.9"));
    EXPECT_THAT(findings_[0].events, ElementsAre("flow:1:1"));
    EXPECT_EQ(findings_[0].facts[0].usual, "tcp 443, 8443");
    EXPECT_EQ(findings_[0].facts[0].now, "tcp 445");
    story_.flow("10.20.16.7", "10.20.32.9", 446);
    story_.flow("10.20.16.8", "10.20.32.9", 445);
    story_.flow("10.20.16.7", "10.20.16.8", 445);
    EXPECT_EQ(findings_.size(), 4U);
    EXPECT_EQ(findings_[3].facts[0].usual, "nothing");
    story_.pass(24h);
    story_.flow("10.20.16.7", "10.20.32.9", 445);
    EXPECT_EQ(findings_.size(), 5U);
}

TEST_F(AWatchedPlan, TellsAloudWhereAClinicalDeviceAnswers) {
    story_.device("10.20.32.9", "infusion pump");
    story_.flow("10.20.16.7", "10.20.32.9", 445, "TCP", 0);
    ASSERT_EQ(findings_.size(), 1U);
    EXPECT_LT(risk(findings_[0]), shown_from) << "nobody answered";
    EXPECT_EQ(findings_[0].against.size(), 1U);
    story_.flow("10.20.16.7", "10.20.32.9", 445);
    story_.flow("10.20.16.7", "10.20.32.9", 445);
    ASSERT_EQ(findings_.size(), 2U);
    EXPECT_GE(risk(findings_[1]), shown_from);
    EXPECT_THAT(findings_[1].against, IsEmpty());
    EXPECT_EQ(findings_[1].facts.back().now, "infusion pump");
}

TEST_F(AWatchedPlan, TellsAloudWhereManyMachinesAreTried) {
    for (int i = 0; i < 40; ++i) story_.flow("10.20.16.7", fmt::format("10.20.32.{}", i), 445, "TCP", 0);
    ASSERT_EQ(findings_.size(), 2U);
    EXPECT_LT(risk(findings_[0]), shown_from);
    EXPECT_GE(risk(findings_[1]), shown_from);
    EXPECT_EQ(findings_[1].systems.size(), 1U + WatcherLimits{}.wide_min);
    EXPECT_EQ(findings_[1].events.size(), WatcherLimits{}.wide_min);
    EXPECT_THAT(findings_[1].techniques, ElementsAre("T1018"));
}

TEST_F(AWatchedPlan, TakesAllOthersForOneClient) {
    for (int i = 1; i < 200; ++i) story_.flow(fmt::format("192.0.2.{}", i), "10.20.16.7", 22, "TCP", 1);
    EXPECT_EQ(findings_.size(), 1U);
}

TEST_F(AWatchedPlan, ForgetsWhoWasSilentLongest) {
    watcher_ = watcher({.tries_max = 2});
    for (std::uint16_t port = 1; port <= 3; ++port) story_.flow("10.20.16.7", "10.20.32.9", port);
    EXPECT_EQ(watcher_.forgotten(), 1U);
    story_.flow("10.20.16.7", "10.20.32.9", 1);
    EXPECT_EQ(findings_.size(), 4U);
}

}   // namespace
}   // namespace ward::segment
