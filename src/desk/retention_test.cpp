// SPDX-License-Identifier: Apache-2.0
#include "desk/retention.hpp"

#include "desk/keeping_test.hpp"

namespace ward::desk {
namespace {

constexpr std::chrono::days kept{400};

class ARetention : public ADesk {
protected:
    Desk::Forgotten forget() {
        const auto forgotten = desk_->forget(now_, kept);
        EXPECT_TRUE(forgotten) << forgotten.error().what;
        return forgotten.value_or(Desk::Forgotten{});
    }
    Numbers cases() {
        Numbers all;
        for (const auto& one : stand(*desk_->book(), now_, desk_->limits())) all.push_back(one.in_case);
        return all;
    }
    static detect::Finding faint(const std::string& who, std::chrono::minutes since) {
        auto finding = found("beacon", who, since);
        finding.severity = detect::Severity::low;
        return finding;
    }
};

TEST_F(ARetention, RemovesWhatIsOverForSoLongWithAllThatIsItsOwn) {
    keep({found("worm", "10.0.0.1", 1h), found("share-theft", "10.0.0.1", 2h), faint("10.0.0.2", 1h)});
    ASSERT_TRUE(desk_->acknowledge(1, "eve", "", now_));
    say(Said::benign, 1);
    now_ += kept;
    EXPECT_EQ(forget().cases, 0U) << "not a moment too early";
    now_ += 90 * 24h + 1h;   // the verdict was in force as long
    const auto forgotten = forget();
    EXPECT_EQ(forgotten.cases, 2U);
    EXPECT_EQ(forgotten.findings, 3U);
    EXPECT_EQ(forgotten.sayings, 1U);
    const auto book = desk_->book();
    EXPECT_TRUE(book->findings.empty());
    EXPECT_TRUE(book->cases.empty());
    EXPECT_TRUE(book->steps.empty());
    EXPECT_TRUE(book->verdicts.empty());
    EXPECT_EQ(desk_->words(1).error().code, Errc::not_found);
}

TEST_F(ARetention, NeverRemovesWhatSomebodyHasToLookAt) {
    keep({found("worm", "10.0.0.1", 1h), found("worm", "10.0.0.2", 1h), faint("10.0.0.3", 1h)});
    now_ += 3'000 * 24h;
    ASSERT_TRUE(desk_->acknowledge(2, "eve", "", now_));
    EXPECT_EQ(forget().cases, 1U);
    EXPECT_EQ(cases(), (Numbers{1, 2}));
}

TEST_F(ARetention, GivesNoNumberTwice) {
    keep({faint("10.0.0.1", 1h), faint("10.0.0.2", 2h)});
    say(Said::benign, 2);
    declare({.host = "10.0.0.9", .until = at(24h)});
    now_ += 500 * 24h;
    EXPECT_EQ(forget().cases, 2U);
    reopen();
    keep({found("worm", "10.0.0.1", 480 * 24h)});
    say(Said::benign, 3);
    declare({.host = "10.0.0.9", .from = now_, .until = now_ + 24h});
    const auto book = desk_->book();
    EXPECT_EQ(book->findings.at(0).number, 3);
    EXPECT_EQ(book->findings.at(0).in_case, 3);
    EXPECT_EQ(book->verdicts.at(0).number, 2);
    EXPECT_EQ(book->declarations.at(0).number, 2);
    EXPECT_EQ(standing(3).state, State::benign);
}

TEST_F(ARetention, KeepsWhatExplainsSomethingThatStays) {
    keep({found("worm", "10.0.0.1", 1h)});
    say(Said::benign, 1, {.until = now_ + 300 * 24h});
    declare({.what = Declared::scanner, .host = "10.0.0.5", .until = at(300 * 24h)});
    now_ += 299 * 24h;
    keep({found("worm", "10.0.0.1", 290 * 24h), found("beacon", "10.0.0.5", 290 * 24h)});
    EXPECT_EQ(counts_.explained, 2U);
    now_ += 399 * 24h;
    EXPECT_EQ(forget().cases, 0U) << "its verdict explains another case, of 399 days ago";
    EXPECT_EQ(standing(2).state, State::explained);
    EXPECT_EQ(standing(3).state, State::explained);
    now_ += 3 * 24h;
    const auto forgotten = forget();
    EXPECT_EQ(forgotten.cases, 3U);
    EXPECT_EQ(forgotten.sayings, 2U);
}

TEST_F(ARetention, KeepsCasesTogetherBetweenWhichFindingsWereMoved) {
    keep({faint("10.0.0.1", 1h), faint("10.0.0.1", 2h)});
    ASSERT_EQ(desk_->split(1, 2, "eve", "another one", now_).value_or(0), 2);
    now_ += 399 * 24h;
    ASSERT_TRUE(desk_->acknowledge(2, "eve", "", now_));
    now_ += 24h * 2;
    EXPECT_EQ(forget().cases, 0U);
    now_ += kept;
    EXPECT_EQ(forget().cases, 2U);
}

TEST_F(ARetention, RemovesWhatWasJoinedWithTheCaseThatItBecamePartOf) {
    keep({faint("10.0.0.1", 1h), faint("10.0.0.2", 2h), faint("10.0.0.3", 2h)});
    ASSERT_TRUE(desk_->join(1, 2, "eve", "one man", now_));
    now_ += 401 * 24h;
    keep({faint("10.0.0.3", 402 * 24h)});
    EXPECT_EQ(forget().cases, 3U);
    EXPECT_EQ(cases(), (Numbers{4}));
    EXPECT_TRUE(desk_->book()->joins.empty());
}

TEST_F(ARetention, LeavesNothingInTheLogAsSoonAsNobodyReads) {
    const auto log = folder_ / (std::string{Desk::file_name} + "-wal");
    keep({faint("10.0.0.1", 1h), faint("10.0.0.2", 2h)});
    now_ += kept + 24h;
    {
        auto reader = store::Database::open(folder_ / Desk::file_name, store::Mode::read_only);
        ASSERT_TRUE(reader) << reader.error().what;
        auto reading = store::Transaction::begin(*reader, store::Transaction::Access::read);
        ASSERT_TRUE(reading);
        ASSERT_TRUE(reader->execute("SELECT * FROM finding"));
        EXPECT_EQ(forget().cases, 2U);
        EXPECT_GT(std::filesystem::file_size(log), 0U);
    }
    EXPECT_EQ(forget().cases, 0U);
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
}

}   // namespace
}   // namespace ward::desk
