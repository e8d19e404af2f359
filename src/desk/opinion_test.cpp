// SPDX-License-Identifier: Apache-2.0
#include "desk/opinion.hpp"

#include "desk/keeping_test.hpp"
#include "desk/pattern.hpp"

namespace ward::desk {
namespace {

using AVerdict = ADesk;

TEST_F(AVerdict, OfBenignHidesThatPatternOfThatHost) {
    keep({found("directory-survey", "10.0.0.1", 1h), found("directory-survey", "10.0.0.2", 1h)});
    EXPECT_EQ(say(Said::benign, 1), (Numbers{1}));
    keep({found("directory-survey", "10.0.0.1", 26h), found("share-theft", "10.0.0.1", 27h)});
    EXPECT_EQ(counts_.explained, 1U);
    const auto one = standing(1);
    EXPECT_EQ(one.findings, (Numbers{1, 3, 4})) << "nothing is deleted";
    EXPECT_EQ(one.explained, 2U);
    EXPECT_EQ(one.state, State::open) << "another kind is another matter";
    EXPECT_EQ(standing(2).state, State::open);
}

TEST_F(AVerdict, ClosesACaseUntilSomethingElseComes) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    say(Said::benign, 1);
    EXPECT_EQ(standing(1).state, State::benign);
    EXPECT_EQ(standing(1).due, std::nullopt);
    keep({found("share-theft", "10.0.0.1", 2h)});
    EXPECT_EQ(standing(1).state, State::open);
}

TEST_F(AVerdict, OfBenignExpiresAfterNinetyDays) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    say(Said::benign, 1);
    now_ += 90 * 24h;
    keep({found("directory-survey", "10.0.0.1", 90 * 24h + 4h),
          found("directory-survey", "10.0.0.1", 90 * 24h + 6h)});
    EXPECT_EQ(counts_.explained, 1U);
}

TEST_F(AVerdict, OfExpectedNeedsADate) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    Opinion opinion{.in_case = 1, .said = Said::expected, .reason = "inventory", .by = "eve"};
    EXPECT_EQ(desk_->preview(opinion, now_).error().code, Errc::malformed);
    opinion.until = now_ + 400 * 24h;
    EXPECT_EQ(desk_->preview(opinion, now_).error().code, Errc::malformed) << "never for ever";
    opinion.until = now_ - 1min;
    EXPECT_EQ(desk_->preview(opinion, now_).error().code, Errc::malformed);
    opinion.until = now_ + 24h;
    EXPECT_TRUE(desk_->say(opinion, now_));
    EXPECT_EQ(standing(1).state, State::expected);
}

TEST_F(AVerdict, OfTrueRaisesThatPattern) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    const auto before = standing(1).risk;
    say(Said::true_attack, 1);
    EXPECT_EQ(standing(1).state, State::true_attack);
    EXPECT_GT(standing(1).risk, before);
}

TEST_F(AVerdict, IsPreviewedWithoutBeingGiven) {
    keep({found("directory-survey", "10.0.0.1", 1h), found("directory-survey", "10.0.0.1", 2h),
          found("directory-survey", "10.0.0.2", 2h)});
    const auto seen =
        desk_->preview({.in_case = 1, .said = Said::benign, .reason = "asked", .by = "eve"}, now_);
    EXPECT_EQ(seen->changed, (Numbers{1, 2}));
    EXPECT_TRUE(desk_->book()->verdicts.empty());
    EXPECT_EQ(say(Said::benign, 1), (Numbers{1, 2})) << "what the preview said";
}

TEST_F(AVerdict, LooksBackThirtyDaysFromTheNewestFinding) {
    keep({found("directory-survey", "10.0.0.1", 0h), found("share-theft", "10.0.0.1", 20 * 24h),
          found("directory-survey", "10.0.0.1", 40 * 24h)});
    now_ = at(40 * 24h);
    EXPECT_EQ(say(Said::benign, 1, {.finding = 3}), (Numbers{3}));
}

TEST_F(AVerdict, OfOneFindingIsOfItsKindOnly) {
    keep({found("directory-survey", "10.0.0.1", 1h), found("share-theft", "10.0.0.1", 2h)});
    EXPECT_EQ(say(Said::benign, 1, {.finding = 2}), (Numbers{2}));
    EXPECT_EQ(standing(1).state, State::open);
    const auto missing = desk_->preview(
        {.in_case = 1, .finding = 9, .said = Said::benign, .reason = "asked", .by = "eve"}, now_);
    EXPECT_EQ(missing.error().code, Errc::not_found);
}

TEST_F(AVerdict, MayBeOfWhatWasDoneToOneMachineOnly) {
    keep({found("lateral-movement", "10.0.0.1", 1h, {"10.0.0.5"}),
          found("lateral-movement", "10.0.0.1", 2h, {"10.0.0.6"})});
    EXPECT_EQ(say(Said::benign, 1, {.whom = "10.0.0.6"}), (Numbers{2}));
}

TEST_F(AVerdict, OverrulesTheOneBeforeIt) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    say(Said::benign, 1);
    EXPECT_EQ(say(Said::true_attack, 1), (Numbers{1}));
    EXPECT_EQ(standing(1).state, State::true_attack);
    EXPECT_EQ(standing(1).explained, 0U);
    EXPECT_EQ(desk_->book()->findings[0].verdicts, (Numbers{1, 2})) << "both are kept";
}

TEST_F(AVerdict, NeedsAReasonAndAName) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    EXPECT_EQ(desk_->say({.in_case = 1, .by = "eve"}, now_).error().code, Errc::malformed);
    EXPECT_EQ(desk_->say({.in_case = 1, .reason = "asked"}, now_).error().code, Errc::malformed);
    EXPECT_EQ(desk_->say({.in_case = 1, .reason = "a\x1b[2J", .by = "eve"}, now_).error().code,
              Errc::malformed);
    EXPECT_EQ(desk_->say({.in_case = 9, .reason = "asked", .by = "eve"}, now_).error().code, Errc::not_found);
}

TEST(ADeclaration, IsBounded) {
    const DeskLimits limits;
    Declaration one{
        .host = "10.0.0.1", .from = Time{24h}, .until = Time{15 * 24h}, .reason = "x", .by = "eve"};
    EXPECT_TRUE(check(one, limits));
    one.until += 1min;
    EXPECT_EQ(check(one, limits).error().code, Errc::malformed);
    one.what = Declared::scanner;
    EXPECT_TRUE(check(one, limits));
    one.until = one.from + 366 * 24h;
    EXPECT_EQ(check(one, limits).error().code, Errc::malformed);
    one.until = one.from;
    EXPECT_EQ(check(one, limits).error().code, Errc::malformed);
    one.until = one.from + 24h;
    one.kinds = {"Not A Kind"};
    EXPECT_EQ(check(one, limits).error().code, Errc::malformed);
}

}   // namespace
}   // namespace ward::desk
