// SPDX-License-Identifier: Apache-2.0
#include "notify/findings.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>

#include "core/scratch_folder.hpp"

namespace ward::notify {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string line(int in_case, int risk, const char* kind = "worm", const char* systems = R"("10.1.2.3")",
                 int minute = 0) {
    return fmt::format(R"({{"finding":"{}","at":"2026-03-02T10:{:02}:00.000Z","case":"{}","risk":{},)"
                       R"("sentence":"Something happened.","harmless_if":"If meant.","systems":[{}]}})",
                       kind, minute, in_case, risk, systems);
}

class Findings : public ::testing::Test {
protected:
    std::vector<std::string> take(const std::string& text) {
        notices_.clear();
        telling_.take(text, notices_);
        std::vector<std::string> told;
        for (const auto& notice : notices_)
            told.push_back(fmt::format("{} {} {}", name(notice.what), notice.in_case, notice.risk));
        return told;
    }
    Telling telling_{Sites{}};
    std::vector<Notice> notices_;
};

TEST_F(Findings, ACaseIsNewWhenItReachesTheLine) {
    EXPECT_THAT(take(line(1, 24)), IsEmpty());
    EXPECT_THAT(take(line(1, 25)), ElementsAre("new 1 25"));
    EXPECT_THAT(take(line(1, 26)), IsEmpty());
    EXPECT_EQ(notices_.size(), 0U);
}

TEST_F(Findings, ANoticeSaysWhatTheFindingSays) {
    take(line(7, 80, "beacon", R"("10.1.2.3","203.0.113.9")"));
    const auto& notice = notices_.front();
    EXPECT_EQ(notice.sentence, "Something happened.");
    EXPECT_EQ(notice.harmless_if, "If meant.");
    EXPECT_THAT(notice.kinds, ElementsAre("beacon"));
    EXPECT_THAT(notice.machines, ElementsAre("10.1.2.3", "203.0.113.9"));
    EXPECT_EQ(notice.level, 2);
    EXPECT_EQ(to_instant(notice.at), "2026-03-02T10:00:00.000Z");
}

TEST_F(Findings, ACaseHasRisenWhenItIsHighOrGrewByAQuarter) {
    take(line(1, 30));
    EXPECT_THAT(take(line(1, 49)), IsEmpty());
    EXPECT_THAT(take(line(1, 50)), ElementsAre("risen 1 50"));
    EXPECT_THAT(take(line(1, 74)), IsEmpty());
    EXPECT_THAT(take(line(1, 75)), ElementsAre("risen 1 75"));
}

TEST_F(Findings, WhatIsToldOfACaseIsOneThread) {
    take(line(1, 30));
    const auto first = notices_.front();
    take(line(1, 90, "worm", R"("10.1.2.3")", 5));
    EXPECT_EQ(notices_.front().thread, first.thread);
    EXPECT_NE(notices_.front().id, first.id);
}

TEST_F(Findings, TheSameLinesMakeTheSameIds) {
    take(line(1, 30));
    const auto first = notices_.front().id;
    telling_ = Telling{Sites{}};
    take(line(1, 30));
    EXPECT_EQ(notices_.front().id, first);
}

TEST_F(Findings, ACaseOfANewStartOfTheWatchIsAnotherOne) {
    take(line(1, 60));
    const auto first = notices_.front();
    EXPECT_THAT(take(line(1, 60, "worm", R"("10.9.9.9")", 1)), ElementsAre("new 1 60"));
    EXPECT_NE(notices_.front().thread, first.thread);
    EXPECT_THAT(take(line(1, 30, "worm", R"("10.9.9.9")", 2)), ElementsAre("new 1 30"));
}

TEST_F(Findings, WhatWasJoinedIsNotToldAgain) {
    take(line(1, 60, "worm", R"("10.1.1.1","10.2.2.2")"));
    take(line(2, 60, "tickets", R"("10.3.3.3","10.4.4.4")", 1));
    EXPECT_THAT(take(line(1, 70, "worm", R"("10.3.3.3")", 2)), IsEmpty());
    EXPECT_THAT(take(line(1, 85, "worm", R"("10.4.4.4")", 3)), ElementsAre("risen 1 85"));
    EXPECT_THAT(notices_.front().kinds, ElementsAre("worm", "tickets"));
}

TEST_F(Findings, TheSameSiteOutsideCalledFromTwoSitesPagesOnce) {
    EXPECT_THAT(take(line(1, 10, "beacon", R"("10.1.2.3","203.0.113.9","c2.example")")), IsEmpty());
    EXPECT_THAT(take(line(2, 10, "indicator", R"("10.2.2.3","203.0.113.9","c2.example")", 1)),
                ElementsAre("paging 2 10"));
    EXPECT_TRUE(notices_.front().pages());
    EXPECT_EQ(notices_.front().indicator, "c2.example");
    EXPECT_THAT(notices_.front().sites, ElementsAre("10.1.0.0/16", "10.2.0.0/16"));
    EXPECT_THAT(take(line(2, 10, "beacon", R"("10.2.2.4","203.0.113.9")", 2)), IsEmpty());
}

TEST_F(Findings, WhatIsNoFindingIsCounted) {
    for (const auto* text : {"", "{", "[]", R"({"finding":"worm"})"}) EXPECT_THAT(take(text), IsEmpty());
    EXPECT_THAT(take(line(1, 101)), IsEmpty());
    EXPECT_EQ(telling_.refused(), 5U);
}

TEST_F(Findings, OnlyTheNewestCasesAreRemembered) {
    telling_ = Telling{Sites{}, {.cases_max = 2}};
    for (int i = 1; i <= 3; ++i) take(line(i, 30, "worm", fmt::format("\"10.1.1.{}\"", i).c_str()));
    EXPECT_THAT(take(line(3, 30, "worm", R"("10.1.1.3")")), IsEmpty());
    EXPECT_THAT(take(line(1, 30, "worm", R"("10.1.1.1")")), ElementsAre("new 1 30"));
}

class AGrowingFile : public ::testing::Test {
protected:
    void write(const std::string& text, const char* name = "f") {
        std::ofstream{folder_ / name, std::ios::app} << text;
    }
    std::vector<std::string> news() { return file_.news().value(); }
    void rename(const char* from, const char* to) { std::filesystem::rename(folder_ / from, folder_ / to); }

    ScratchFolder folder_;
    GrowingFile file_{folder_ / "f"};
};

TEST_F(AGrowingFile, ThatIsNotThereHasNoNews) { EXPECT_THAT(news(), IsEmpty()); }

TEST_F(AGrowingFile, TellsWholeLinesOnce) {
    write("a\nb\nc");
    EXPECT_THAT(news(), ElementsAre("a", "b"));
    EXPECT_THAT(news(), IsEmpty());
    write("d\n");
    EXPECT_THAT(news(), ElementsAre("cd"));
}

TEST_F(AGrowingFile, IsFollowedWhenItIsRenamed) {
    write("a\n");
    EXPECT_THAT(news(), ElementsAre("a"));
    write("b\n");
    rename("f", "f.2");
    write("c\n", "f.1");
    write("d\n");
    EXPECT_THAT(news(), ElementsAre("b"));
    EXPECT_THAT(news(), ElementsAre("c"));
    EXPECT_THAT(news(), ElementsAre("d"));
    EXPECT_THAT(news(), IsEmpty());
}

TEST_F(AGrowingFile, BeginsWithTheOldest) {
    write("old\n", "f.8");
    write("new\n");
    EXPECT_THAT(news(), ElementsAre("old"));
    EXPECT_THAT(news(), ElementsAre("new"));
}

TEST_F(AGrowingFile, ThatWasRemovedIsFollowedByTheNext) {
    write("a\n", "f.1");
    write("b\n");
    news();
    news();
    std::filesystem::remove(folder_ / "f");
    write("another\n", "other");
    rename("other", "f");
    EXPECT_THAT(news(), ElementsAre("another"));
}

TEST_F(AGrowingFile, ALineThatIsTooLongStopsNothing) {
    write(std::string(std::size_t{5} << 20U, 'x') + "\na\n");
    std::vector<std::string> all;
    for (int i = 0; i < 4; ++i)
        for (auto& one : news()) all.push_back(std::move(one));
    EXPECT_EQ(all.back(), "a");
}

}   // namespace
}   // namespace ward::notify
