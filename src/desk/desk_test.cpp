// SPDX-License-Identifier: Apache-2.0
#include "desk/desk.hpp"

#include "desk/keeping_test.hpp"

namespace ward::desk {
namespace {

TEST_F(ADesk, KeepsWhatWasFoundAndTheSameAgainAddsNothing) {
    keep({found("kerberoasting", "10.0.0.1", 1h), found("share-theft", "10.0.0.1", 2h)});
    EXPECT_EQ(counts_.added, 2U);
    keep({found("kerberoasting", "10.0.0.1", 1h), found("share-theft", "10.0.0.1", 2h)});
    EXPECT_EQ(counts_.added, 0U);
    EXPECT_EQ(counts_.repeated, 2U);
    const auto one = standing(1);
    EXPECT_EQ(one.state, State::open);
    EXPECT_EQ(one.findings, (Numbers{1, 2}));
    EXPECT_EQ(one.kinds, (std::vector<std::string>{"kerberoasting", "share-theft"}));
}

TEST_F(ADesk, GoesOnWithItsCasesAfterARestart) {
    keep({found("kerberoasting", "10.0.0.1", 1h)});
    reopen();
    keep({found("share-theft", "10.0.0.1", 20h), found("share-theft", "10.0.0.2", 21h)});
    EXPECT_EQ(standing(1).findings, (Numbers{1, 2}));
    EXPECT_EQ(standing(2).findings, (Numbers{3}));
}

TEST_F(ADesk, JoinsCasesThatTurnOutToBeOneAndSaysWhy) {
    keep({found("kerberoasting", "10.0.0.2", 1h), found("worm", "10.0.0.1", 2h)});
    keep({found("lateral-movement", "10.0.0.1", 3h, {"10.0.0.2"})});
    const auto one = standing(1);
    EXPECT_EQ(one.findings, (Numbers{1, 2, 3}));
    EXPECT_EQ(one.parts, (Numbers{2}));
    const auto book = desk_->book();
    ASSERT_EQ(book->joins.size(), 1U);
    EXPECT_EQ(book->joins[0].by, "ward");
    EXPECT_EQ(book->joins[0].why, "finding 3 is of both");
    EXPECT_EQ(book->findings[1].own_case, 2) << "it keeps the number of its own";
}

TEST_F(ADesk, LosesNoHistoryWhenAPersonSplitsAndJoins) {
    keep({found("kerberoasting", "10.0.0.1", 1h), found("share-theft", "10.0.0.1", 2h)});
    const auto made = desk_->split(1, 2, "eve", "the backup", now_);
    ASSERT_EQ(made.value_or(0), 2);
    EXPECT_EQ(standing(1).findings, (Numbers{1}));
    EXPECT_EQ(standing(2).findings, (Numbers{2}));
    EXPECT_EQ(standing(2).state, State::open);
    ASSERT_EQ(desk_->join(2, 1, "kim", "it was none", now_).value_or(0), 1);
    EXPECT_EQ(standing(1).findings, (Numbers{1, 2}));
    const auto book = desk_->book();
    EXPECT_EQ(book->splits.at(0).why, "the backup");
    EXPECT_EQ(book->joins.at(0).by, "kim");
    EXPECT_EQ(book->findings[1].own_case, 1);
}

TEST_F(ADesk, PutsWhatComesLaterWhereAPersonPutWhatCameBefore) {
    keep({found("kerberoasting", "10.0.0.1", 1h), found("worm", "10.0.0.2", 2h)});
    auto other = Desk::open(folder_.path());
    ASSERT_TRUE(other->join(1, 2, "eve", "one man", now_));
    keep({found("share-theft", "10.0.0.2", 3h)});
    EXPECT_EQ(standing(1).findings, (Numbers{1, 2, 3}));
}

TEST_F(ADesk, SplitsNothingThatIsAloneAndJoinsNothingWithItself) {
    keep({found("kerberoasting", "10.0.0.1", 1h)});
    EXPECT_EQ(desk_->split(1, 1, "eve", "no", now_).error().code, Errc::conflict);
    EXPECT_EQ(desk_->join(1, 1, "eve", "no", now_).error().code, Errc::conflict);
    EXPECT_EQ(desk_->split(1, 9, "eve", "no", now_).error().code, Errc::not_found);
    EXPECT_EQ(desk_->acknowledge(7, "eve", "", now_).error().code, Errc::not_found);
}

TEST_F(ADesk, IsNotMadeByWhoOnlyLooks) {
    EXPECT_EQ(Desk::open_existing(folder_.path() / "none").error().code, Errc::not_found);
}

TEST_F(ADesk, IsReadBesideWhoWritesAndSaysThatItChanged) {
    const auto folder = folder_.path() / "other";
    EXPECT_EQ(Desk::open_to_read(folder).error().code, Errc::not_found);
    keep({found("kerberoasting", "10.0.0.1", 1h)});
    auto reader = Desk::open_to_read(folder_.path());
    ASSERT_TRUE(reader) << reader.error().what;
    const auto before = reader->version().value();
    EXPECT_EQ(reader->book()->findings.size(), 1U);
    EXPECT_EQ(reader->version().value(), before);
    keep({found("share-theft", "10.0.0.1", 2h)});
    EXPECT_NE(reader->version().value(), before);
    EXPECT_EQ(reader->book()->findings.size(), 2U);
    EXPECT_FALSE(reader->acknowledge(1, "eve", "", now_));
}

TEST_F(ADesk, ExplainsWhatADeclaredScannerDoesAndKeepsItBelowTheLine) {
    declare({.what = Declared::scanner, .host = "10.0.0.0/28", .until = at(300 * 24h)});
    keep({found("directory-survey", "10.0.0.1", 1h), found("directory-survey", "10.0.0.77", 2h)});
    EXPECT_EQ(counts_.explained, 1U);
    EXPECT_EQ(standing(1).state, State::explained);
    EXPECT_EQ(standing(1).risk, 0);
    EXPECT_EQ(standing(2).state, State::open);
    EXPECT_EQ(desk_->book()->findings[0].declarations, (Numbers{1}));
}

TEST_F(ADesk, ExplainsRansomwareAndWormsOnlyWhereTheyAreNamed) {
    declare({.host = "10.0.0.1", .until = at(24h)});
    keep({found("ransomware", "10.0.0.1", 1h)});
    EXPECT_EQ(standing(1).state, State::open);
    declare({.host = "10.0.0.1", .kinds = {"ransomware"}, .until = at(24h)});
    EXPECT_EQ(standing(1).state, State::explained);
}

TEST_F(ADesk, ExplainsNothingBeforeAWindowOrAfterIt) {
    keep({found("directory-survey", "10.0.0.1", 1h)});
    declare({.host = "10.0.0.1", .from = at(2h), .until = at(4h)});
    keep({found("directory-survey", "10.0.0.1", 3h), found("directory-survey", "10.0.0.1", 4h)});
    EXPECT_EQ(standing(1).explained, 1U);
    EXPECT_EQ(standing(1).state, State::open);
}

TEST_F(ADesk, EndsAWindowForWhatComesFromThenOn) {
    declare({.host = "10.0.0.1", .until = at(48h)});
    keep({found("directory-survey", "10.0.0.1", 1h)});
    ASSERT_TRUE(desk_->end(1, "eve", "the work is done", at(2h)));
    keep({found("directory-survey", "10.0.0.1", 3h)});
    EXPECT_EQ(standing(1).explained, 1U);
    EXPECT_EQ(desk_->end(1, "eve", "again", at(4h)).error().code, Errc::conflict);
    EXPECT_EQ(desk_->end(5, "eve", "again", at(4h)).error().code, Errc::not_found);
}

TEST_F(ADesk, EscalatesOnceAStep) {
    keep({found("ransomware", "10.0.0.1", 1h)});
    EXPECT_TRUE(desk_->escalate(now_ + 14min)->empty());
    const auto first = desk_->escalate(now_ + 15min);
    ASSERT_EQ(first->size(), 1U);
    EXPECT_EQ(first->front().level, 1);
    EXPECT_TRUE(desk_->escalate(now_ + 16min)->empty());
    EXPECT_EQ(desk_->escalate(now_ + 30min)->front().level, 2);
    EXPECT_EQ(desk_->escalate(now_ + 45min)->front().level, 3);
    EXPECT_TRUE(desk_->escalate(now_ + 9h)->empty());
    EXPECT_EQ(standing(1).level, 3);
}

}   // namespace
}   // namespace ward::desk
