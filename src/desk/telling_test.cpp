// SPDX-License-Identifier: Apache-2.0
#include "desk/telling.hpp"

#include <gmock/gmock.h>

#include "desk/keeping_test.hpp"
#include "json/document.hpp"

namespace ward::desk {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class AStory : public ADesk {
protected:
    Words words() {
        Words all;
        for (const auto number : standing(1).findings) all[number] = desk_->words(number).value_or("");
        return all;
    }
    std::string story() { return story_of(*desk_->book(), standing(1), words()); }
    json::Document read() {
        auto document = json::Document::parse(story_json(*desk_->book(), standing(1), words()));
        EXPECT_TRUE(document);
        return std::move(*document);
    }
};

TEST_F(AStory, GoesFromFootholdToEffectInOrderOfTime) {
    auto foothold = found("vendor-access", "10.0.0.1", 1h, {"10.0.0.5"});
    foothold.techniques = {"T1133", "T1199"};
    auto effect = found("ransomware", "10.0.0.1", 3h);
    effect.techniques = {"T1486"};
    keep({foothold});
    keep({effect, found("directory-survey", "10.0.0.1", 2h)});
    const auto told = read();
    std::vector<std::string> tactics;
    for (const auto finding : told["findings"].items())
        for (const auto tactic : finding["tactics"].items()) tactics.emplace_back(tactic.text());
    EXPECT_EQ(tactics, (std::vector<std::string>{"Initial Access", "Discovery", "Impact"}));
    EXPECT_THAT(story(),
                AllOf(HasSubstr("Who: 10.0.0.1\nReached: 10.0.0.5\n"),
                      HasSubstr("2026-03-02T03:00:00.000Z  Impact: ransomware  (finding 2, T1486)")));
}

TEST_F(AStory, HasFactsBothForAndAgainst) {
    auto finding = found("share-theft", "10.0.0.1", 1h);
    finding.facts = {{"files read", "at most 60", "300"}};
    finding.against = {{"others that it serves", "", "many"}};
    finding.harmless_if = "somebody backs up";
    finding.events = {"flow:1", "flow:2", "flow:3", "flow:4", "flow:5"};
    keep({finding});
    EXPECT_THAT(story(),
                AllOf(HasSubstr("  files read: 300 (usual: at most 60)\n"),
                      HasSubstr("  against it, others that it serves: many\n"),
                      HasSubstr("  harmless if somebody backs up\n"), HasSubstr("flow:4 and 1 more\n")));
    const auto told = read();
    EXPECT_EQ((*told["findings"].items().begin())["events"].size(), 5U);
}

TEST_F(AStory, SaysWhatPeopleDidAndWhatExplainsIt) {
    keep({found("share-theft", "10.0.0.1", 1h), found("directory-survey", "10.0.0.1", 2h)});
    ASSERT_TRUE(desk_->acknowledge(1, "eve", "at once", now_));
    now_ += 1h;
    say(Said::benign, 1, {.finding = 1});
    now_ += 24h;
    ASSERT_TRUE(desk_->escalate(now_ + 24h));
    EXPECT_THAT(story(),
                AllOf(HasSubstr("explained by verdict 1 (eve): asked"),
                      HasSubstr("2026-03-02T05:00:00.000Z  acknowledged, by eve: at once\n"),
                      HasSubstr("verdict 1 on finding 1: benign until 2026-05-31T06:00:00.000Z, by eve"),
                      HasSubstr("escalated to level 1, by ward: nobody answered")));
    EXPECT_EQ(read()["history"].size(), 3U);
}

TEST_F(AStory, DoesNothingToATerminal) {
    auto finding = found("share-theft", "10.0.0.1\x1b[2J", 1h);
    finding.sentence = "\x1b]0;owned\x07";
    keep({finding});
    EXPECT_THAT(story() + table_of({standing(1)}, now_), Not(HasSubstr("\x1b")));
}

TEST_F(AStory, IsALineInTheListOfCases) {
    keep({found("share-theft", "10.0.0.1", 1h), found("worm", "10.0.0.1", 2h, {"10.0.0.2"})});
    const auto table = table_of({standing(1)}, now_);
    EXPECT_THAT(table, HasSubstr("    1  81 % open             0    4h  share-theft, worm "));
    const auto told = json::Document::parse(to_json(standing(1)));
    ASSERT_TRUE(told);
    EXPECT_EQ((*told)["risk"].number(), 81);
    EXPECT_EQ((*told)["state"].text(), "open");
    EXPECT_EQ((*told)["reached"].size(), 1U);
    EXPECT_TRUE(table_of({}, now_).empty());
}

TEST(ALine, TellsADeclaration) {
    const Declaration one{
        .number = 3, .what = Declared::scanner, .host = "10.0.0.0/24", .reason = "audit", .by = "eve"};
    EXPECT_THAT(line_of(one), HasSubstr("scanner 3: 10.0.0.0/24, all kinds but ransomware and worm, from "));
}

}   // namespace
}   // namespace ward::desk
