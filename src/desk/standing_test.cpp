// SPDX-License-Identifier: Apache-2.0
#include "desk/standing.hpp"

#include "desk/keeping_test.hpp"

namespace ward::desk {
namespace {

using AStanding = ADesk;

detect::Finding with(detect::Finding finding, detect::Severity severity, int confidence) {
    finding.severity = severity;
    finding.confidence = confidence;
    return finding;
}

TEST_F(AStanding, WaitsTheLongerTheSmallerTheRisk) {
    keep({found("ransomware", "10.0.0.1", 1h), found("worm", "10.0.0.2", 1h),
          with(found("beacon", "10.0.0.3", 1h), detect::Severity::high, 50)});
    EXPECT_EQ(standing(1).due, now_ + 15min);
    EXPECT_EQ(standing(2).due, now_ + 4h);
    EXPECT_EQ(standing(3).due, now_ + 24h);
}

TEST_F(AStanding, OfLittleRiskIsBelowTheLineAndNeverDue) {
    keep({with(found("beacon", "10.0.0.3", 1h), detect::Severity::medium, 50)});
    EXPECT_EQ(standing(1).state, State::below);
    EXPECT_EQ(standing(1).due, std::nullopt);
    EXPECT_TRUE(desk_->escalate(now_ + 99 * 24h)->empty());
}

TEST_F(AStanding, WhoLooksAtItStopsTheClockForADay) {
    keep({found("ransomware", "10.0.0.1", 1h)});
    ASSERT_TRUE(desk_->acknowledge(1, "eve", "", now_ + 5min));
    now_ += 23h;
    EXPECT_EQ(standing(1).state, State::acknowledged);
    EXPECT_TRUE(desk_->escalate(now_)->empty());
    now_ += 2h;
    EXPECT_EQ(standing(1).state, State::open);
    EXPECT_EQ(desk_->escalate(now_)->size(), 1U);
}

TEST_F(AStanding, IsDueByTheClockOnTheWallNotByWhatIsOldInTheEvents) {
    now_ = at(200 * 24h);
    keep({found("ransomware", "10.0.0.1", 1h)});
    EXPECT_TRUE(desk_->escalate(now_)->empty());
    EXPECT_EQ(standing(1).due, now_ + 15min);
}

TEST_F(AStanding, ThatIsOpenAgainAfterAnAnswerEscalatesAnew) {
    keep({found("worm", "10.0.0.1", 1h)});
    for (int level = 1; level <= 3; ++level) EXPECT_EQ(desk_->escalate(now_ += 4h)->size(), 1U);
    say(Said::benign, 1);
    EXPECT_EQ(standing(1).state, State::benign);
    keep({found("ransomware", "10.0.0.1", 2h)});
    EXPECT_EQ(standing(1).state, State::open);
    EXPECT_EQ(standing(1).level, 0);
    EXPECT_EQ(desk_->escalate(now_ + 15min)->front().level, 1);
}

TEST_F(AStanding, IsDueAsAFunctionOfTheTimeAlone) {
    keep({found("ransomware", "10.0.0.1", 1h)});
    const std::vector<Standing> all{standing(1)};
    EXPECT_TRUE(due(all, now_ + 14min, {}).empty());
    const std::vector<Due> wanted{{.in_case = 1, .level = 1, .risk = all[0].risk, .since = now_ + 15min}};
    EXPECT_EQ(due(all, now_ + 3h, {}), wanted);
}

TEST_F(AStanding, RanksWhatIsRiskiestFirstAndWhatIsBelowTheLineLast) {
    keep({with(found("beacon", "10.0.0.1", 1h), detect::Severity::medium, 50), found("worm", "10.0.0.2", 1h),
          found("ransomware", "10.0.0.3", 1h), found("share-theft", "10.0.0.4", 1h)});
    say(Said::benign, 4);
    auto all = stand(*desk_->book(), now_, {});
    rank(all);
    Numbers order;
    for (const auto& one : all) order.push_back(one.in_case);
    EXPECT_EQ(order, (Numbers{3, 2, 1, 4}));
}

TEST_F(AStanding, NamesWhoDidItAndWhatWasReached) {
    keep({found("lateral-movement", "10.0.0.1", 1h, {"10.0.0.5"}),
          found("lateral-movement", "10.0.0.5", 2h, {"10.0.0.6"})});
    const auto one = standing(1);
    EXPECT_EQ(one.actors, (std::vector<std::string>{"10.0.0.1", "10.0.0.5"}));
    EXPECT_EQ(one.reached, (std::vector<std::string>{"10.0.0.5", "10.0.0.6"}));
    EXPECT_EQ(one.opened, at(1h));
    EXPECT_EQ(one.last, at(2h));
}

}   // namespace
}   // namespace ward::desk
