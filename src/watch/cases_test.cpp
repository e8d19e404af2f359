// SPDX-License-Identifier: Apache-2.0
#include "watch/cases.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ward::watch {
namespace {

using namespace std::chrono_literals;

class ACase : public ::testing::Test {
protected:
    void find(std::vector<std::string> systems, std::chrono::hours at) {
        cases_.add({.kind = "worm",
                    .at = event::Time{at},
                    .severity = detect::Severity::high,
                    .systems = std::move(systems),
                    .takes_over = true});
    }
    void find(std::string_view kind, detect::Severity severity, int confidence, std::string host,
              std::chrono::hours at) {
        cases_.add({.kind = kind,
                    .at = event::Time{at},
                    .severity = severity,
                    .confidence = confidence,
                    .systems = {std::move(host)}});
    }
    Cases cases_{CaseLimits{.shown_a_day_max = 1'000'000}};
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

TEST_F(ACase, IsNotThatOfWhoWasOnlyRead) {
    cases_.add({.kind = "share-theft", .at = event::Time{1h}, .systems = {"10.0.0.1", "10.0.0.9"}});
    find({"10.0.0.9"}, 2h);
    cases_.add({.kind = "share-theft", .at = event::Time{3h}, .systems = {"10.0.0.2", "10.0.0.9"}});
    EXPECT_EQ(cases_.case_of(1), 2U);
    EXPECT_EQ(cases_.case_of(2), 3U);
}

TEST_F(ACase, IsNotThatOfAnotherWhoDidSomethingToTheSameServer) {
    for (const auto* host : {"10.0.0.1", "10.0.0.2"})
        cases_.add({.kind = "share-theft", .at = event::Time{1h}, .systems = {host, "10.0.0.9"}});
    EXPECT_EQ(cases_.case_of(1), 2U);
}

TEST_F(ACase, IsThatOfWhoTookOverTheSameHost) {
    find({"198.51.100.7", "10.0.0.9"}, 1h);
    find({"c2.example", "10.0.0.9"}, 2h);
    EXPECT_EQ(cases_.case_of(1), 1U);
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

TEST_F(ACase, IsShownOnceWhatBelongsTogetherIsEnough) {
    find("exfiltration", detect::Severity::medium, 50, "10.0.0.1", 1h);
    find("exfiltration", detect::Severity::medium, 50, "10.0.0.1", 2h);
    find("exfiltration", detect::Severity::medium, 50, "10.0.0.2", 2h);
    EXPECT_FALSE(cases_.shown(0)) << "more of the same is no more reason";
    EXPECT_EQ(cases_.below_line(), 2U);
    find("kerberoasting", detect::Severity::medium, 60, "10.0.0.1", 3h);
    EXPECT_EQ(cases_.shown(0), event::Time{3h});
    EXPECT_EQ(cases_.shown(3), event::Time{3h});
    EXPECT_FALSE(cases_.shown(2));
    EXPECT_NEAR(cases_.risk(0), 1 - (1 - 0.35 * 0.5) * (1 - 0.35 * 0.6), 1e-9);
    EXPECT_EQ(cases_.below_line(), 1U);
}

TEST_F(ACase, DoesNotGrowByWhomItReachedBeforeItIsWorthShowing) {
    cases_.add({.kind = "lateral-movement",
                .at = event::Time{1h},
                .systems = {"10.0.0.1", "10.0.0.9"},
                .takes_over = true});
    find("exfiltration", detect::Severity::medium, 50, "10.0.0.9", 2h);
    EXPECT_EQ(cases_.case_of(1), 2U) << "else each that helps others would join all of theirs";
}

TEST_F(ACase, IsShownWhenTheDayHasRoomForIt) {
    cases_ = Cases{};
    for (int i = 0; i < 40; ++i) find("worm", detect::Severity::high, 50, fmt::format("10.0.1.{}", i), 1h);
    EXPECT_EQ(cases_.below_line(), 20U);
    for (int i = 0; i < 40; ++i)
        find("worm", detect::Severity::critical, 90, fmt::format("10.0.2.{}", i), 2h);
    EXPECT_EQ(cases_.below_line(), 50U) << "of room for thirty a third is kept for what is worst";
    find("worm", detect::Severity::high, 50, "10.0.1.39", 25h);
    EXPECT_EQ(cases_.shown(39), event::Time{25h}) << "the next day has room again";
}

TEST_F(ACase, IsOverAfterSomeDaysOrWeeksOnceItIsShown) {
    find("exfiltration", detect::Severity::low, 50, "10.0.0.1", 1h);
    find("exfiltration", detect::Severity::low, 50, "10.0.0.1", 100h);
    EXPECT_EQ(cases_.case_of(1), 2U);
    find("worm", detect::Severity::high, 50, "10.0.0.2", 1h);
    find("worm", detect::Severity::high, 50, "10.0.0.2", 24h * 20);
    EXPECT_EQ(cases_.case_of(3), 3U);
    find("worm", detect::Severity::high, 50, "10.0.0.2", 24h * 60);
    EXPECT_EQ(cases_.case_of(4), 4U);
}

TEST_F(ACase, GoesOnFromWhatWasKeptOfIt) {
    const auto worm = [](std::string host, std::chrono::hours at) {
        return detect::Finding{.kind = "worm",
                               .at = event::Time{at},
                               .severity = detect::Severity::high,
                               .confidence = 90,
                               .systems = {std::move(host)}};
    };
    Cases cases{CaseLimits{.shown_a_day_max = 11, .kept_for_high = 10}};
    cases.restore(worm("10.0.0.1", 1h), 0.6, {.in_case = 4, .shown = event::Time{1h}});
    cases.restore(worm("10.0.0.2", 2h), 0, {.in_case = 6});
    EXPECT_EQ(cases.add(worm("10.0.0.1", 300h)).in_case, 4U) << "shown cases last";
    EXPECT_EQ(cases.add(worm("10.0.0.2", 300h)).in_case, 7U) << "others do not, and their number is taken";
}

TEST_F(ACase, CountsWhatWasShownBeforeIntoItsDay) {
    Cases cases{CaseLimits{.shown_a_day_max = 1, .kept_for_high = 0}};
    const detect::Finding shown{.kind = "worm", .at = event::Time{1h}, .systems = {"10.0.0.1"}};
    cases.restore(shown, 0.9, {.in_case = 1, .shown = event::Time{1h}});
    const detect::Finding next{.kind = "worm", .at = event::Time{2h}, .systems = {"10.0.0.2"}};
    EXPECT_FALSE(cases.add(next, 0.9).is_shown);
    const detect::Finding tomorrow{.kind = "worm", .at = event::Time{26h}, .systems = {"10.0.0.3"}};
    EXPECT_TRUE(cases.add(tomorrow, 0.9).is_shown);
}

TEST_F(ACase, IsNotShownForWhatPeopleExplained) {
    Cases cases;
    const detect::Finding finding{
        .kind = "worm", .severity = detect::Severity::critical, .confidence = 90, .systems = {"10.0.0.1"}};
    EXPECT_FALSE(cases.add(finding, 0).is_shown);
    EXPECT_TRUE(cases.add(finding).is_shown);
}

}   // namespace
}   // namespace ward::watch
