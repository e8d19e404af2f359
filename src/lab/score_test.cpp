// SPDX-License-Identifier: Apache-2.0
#include "lab/score.hpp"

#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>

#include "core/scratch_folder.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Time at(std::chrono::minutes after) { return *parse_instant("2026-03-02T00:00:00.000Z") + after; }

TrueStory story() {
    TrueStep attack{.id = "worm", .finding = "worm", .technique = "T1210", .is_attack = true};
    attack.first = at(60min);
    attack.last = at(90min);
    attack.find_by = at(100min);
    attack.systems = {"CT0001"};
    attack.events = {"flow:1", "flow:2"};
    attack.must_not = {
        {"isolate-device", {"CT0001", "10.0.0.1"}, at(70min), at(80min), "somebody lies in it"},
        {"isolate-device", {"CT0001", "10.0.0.1"}, at(95min), at(99min), "somebody lies in it"},
        {"isolate-device", {"PUMP1"}, at(0min), at(1'440min), "it runs"}};
    TrueStep alike{.id = "scan", .finding = "worm", .technique = ""};
    alike.first = alike.last = at(30min);
    alike.systems = {"FS0001"};
    alike.must_not = {{"raise-case", {"FS0001"}, at(30min), at(1'440min), "it only looks like an attack"}};
    return {"a", "A", at(0min), at(1'440min), {attack, alike}};
}

Score score_of(const std::vector<Finding>& findings) {
    static const auto truth = story();
    Scorer scorer{truth};
    for (const auto& one : findings) scorer.take(one);
    return scorer.score();
}

Finding doing(std::string action, std::string target, std::chrono::minutes when) {
    return {.finding = "worm",
            .in_case = "c",
            .at = at(65min),
            .events = {"flow:2"},
            .actions = {{std::move(action), std::move(target), at(when)}}};
}

TEST(Score, TheEarliestTrueFindingCounts) {
    const auto score = score_of({{.finding = "worm", .in_case = "b", .at = at(75min), .systems = {"CT0001"}},
                                 {.finding = "worm", .in_case = "a", .at = at(61min), .events = {"flow:1"}}});
    ASSERT_THAT(score.found, SizeIs(1));
    EXPECT_EQ(score.found[0].seconds, 60);
    EXPECT_THAT(score.false_cases, IsEmpty());
}

TEST(Score, AConsoleMayBeIsolatedWhenNobodyLiesInIt) {
    for (const auto when : {69min, 80min, 90min, 99min})
        EXPECT_THAT(score_of({doing("isolate-device", "CT0001", when)}).must_not_done, IsEmpty());
    for (const auto when : {70min, 79min, 95min}) {
        const auto done = score_of({doing("isolate-device", "10.0.0.1", when)}).must_not_done;
        ASSERT_THAT(done, SizeIs(1));
        EXPECT_EQ(done[0].step, "worm");
        EXPECT_EQ(done[0].why, "somebody lies in it");
        EXPECT_EQ(done[0].at, at(when));
    }
    EXPECT_THAT(score_of({doing("block-address", "PUMP1", 5min)}).must_not_done, IsEmpty());
}

TEST(Score, WhatIsDoneOverAndOverIsToldOnceWithItsFirstTime) {
    const auto done =
        score_of({doing("isolate-device", "PUMP1", 50min), doing("isolate-device", "PUMP1", 40min)})
            .must_not_done;
    ASSERT_THAT(done, SizeIs(1));
    EXPECT_EQ(done[0].times, 2);
    EXPECT_EQ(done[0].at, at(40min));
}

TEST(Score, ACaseOfNothingButALookAlikeMustNotBeRaised) {
    const Finding alike{.finding = "worm", .in_case = "c", .at = at(40min), .systems = {"FS0001"}};
    const auto raised = score_of({alike}).must_not_done;
    ASSERT_THAT(raised, SizeIs(1));
    EXPECT_EQ(raised[0].action, "raise-case");
    EXPECT_EQ(raised[0].target, "c");
    EXPECT_EQ(raised[0].step, "scan");
    const Finding attack{.finding = "worm", .in_case = "c", .at = at(65min), .events = {"flow:1"}};
    EXPECT_THAT(score_of({alike, attack}).must_not_done, IsEmpty());
    EXPECT_THAT(to_json(score_of({alike})),
                HasSubstr(R"("must_not_done":[{"step":"scan","action":"raise-case")"));
}

class InAFile : public ::testing::Test {
protected:
    Result<> read(const std::string& text) {
        std::ofstream{file_, std::ios::binary} << text;
        return read_findings(file_, [this](Finding one) { found_.push_back(std::move(one)); });
    }

    ScratchFolder folder_;
    std::filesystem::path file_{folder_ / "findings.ndjson"};
    std::vector<Finding> found_;
};

TEST_F(InAFile, ActionsAreReadAndAreOfTheTimeOfTheirFinding) {
    ASSERT_TRUE(
        read("{\"finding\":\"x\",\"at\":\"2026-03-02T00:05:00.000Z\",\"actions\":["
             "{\"action\":\"block-address\",\"target\":\"10.0.0.1\"},"
             "{\"action\":\"close-feed\",\"target\":\"LIS\",\"at\":\"2026-03-02T00:06:00.000Z\"}]}\n"));
    ASSERT_THAT(found_, SizeIs(1));
    ASSERT_THAT(found_[0].actions, SizeIs(2));
    EXPECT_EQ(found_[0].actions[0].at, at(5min));
    EXPECT_EQ(found_[0].actions[1].at, at(6min));
    EXPECT_EQ(found_[0].in_case, "");
    EXPECT_EQ(found_[0].line, 1);
}

TEST_F(InAFile, ATimeThatIsNoneIsToldWithItsLine) {
    for (const auto* at :
         {"abcd-03-02T00:05:00.000Z", "2026-03-02T24:05:00.000Z", "2026-03-02T00:60:00.000Z",
          "2026-03-02 00:05:00.000Z", "2026-02-30T00:05:00.000Z", "2026-03-02T00:05:00,000Z"}) {
        const auto done = read(fmt::format("\n{{\"finding\":\"x\",\"at\":\"{}\"}}\n", at));
        ASSERT_FALSE(done) << at;
        EXPECT_THAT(done.error().what, HasSubstr(":2: ")) << at;
    }
}

TEST_F(InAFile, WhatStandsBehindAZeroIsNotPassedOver) {
    using namespace std::string_literals;
    EXPECT_FALSE(read("{\"finding\":\"x\",\"at\":\"2026-03-02T00:05:00.000Z\"}\0{}\n"s));
}

TEST_F(InAFile, AnActionThatIsNoneIsToldWithItsLine) {
    const std::string begin = "{\"finding\":\"x\",\"at\":\"2026-03-02T00:05:00.000Z\",";
    for (const std::string actions :
         {"[{\"action\":\"isolate_device\",\"target\":\"a\"}]", "[{\"action\":\"close-feed\"}]", "[7]"})
        EXPECT_THAT(
            read("\n" + begin + "\"actions\":" + actions + "}\n").error().what,
            HasSubstr("findings.ndjson:2: an action is a JSON object with 'action' (one of isolate-device"));
    EXPECT_THAT(read(begin + "\"case\":\"" + std::string(201, 'c') + "\"}\n").error().what,
                HasSubstr("a 'case' has at most 200 bytes"));
}

TEST_F(InAFile, ALineThatDoesNotEndIsAnErrorAndOneWithoutALineFeedIsNot) {
    EXPECT_THAT(read(std::string(3 << 20, ' ')).error().what, HasSubstr("a line has at most 1048576 bytes"));
    EXPECT_TRUE(read("{\"finding\":\"x\",\"at\":\"2026-03-02T00:05:00.000Z\"}"));
    EXPECT_THAT(found_, SizeIs(1));
    EXPECT_TRUE(read(""));
}

}   // namespace
}   // namespace ward::lab
