// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/scenario.hpp"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

#include "lab/scenario/director.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr std::string_view mine = R"(name = "mine"
title = "Mine"
days = 2
[[step]]
id = "first"
do = "look-up"
attack = true
at = "2d 10:30"
jitter_minutes = 5
who = "nurse"
whom = "neighbour"
screens = 3
find = "insider-access"
within_minutes = 90
technique = "T1213"
)";

/// The truth of what came to pass.
Truth play(const Scenario& scenario, std::vector<Act>& labelled) {
    Story story{Size::small, 7, 2026y / 3 / 2};
    struct Labels final : Witness {
        explicit Labels(std::vector<Act>& all) : all_(all) {}
        void see(const Act& act, const Story&) override {
            if (act.label != 0) all_.push_back(act);
        }
        std::vector<Act>& all_;
    } labels{labelled};
    Truth truth{scenario};
    story.add_witness(truth);
    story.add_witness(labels);
    const auto end = story.begin() + days{scenario.days};
    Care care{story, end};
    Post post{story};
    Cabinet cabinet{story};
    Edges edges{story, post, care.desk(), cabinet, end};
    Director director{story, care, post, cabinet, edges, scenario, truth};
    EXPECT_TRUE(director.begin());
    care.begin();
    story.agenda().run_until(end);
    return truth;
}

bool is_on_a_visit(const Act& act) {
    const auto* opened = std::get_if<ChartOpened>(&act.what);
    return opened != nullptr && opened->encounter;
}

TEST(Scenario, SaysWhatHappensWhenAndByWhom) {
    const auto scenario = parse_scenario(mine, "mine.toml");
    ASSERT_TRUE(scenario) << scenario.error().what;
    ASSERT_THAT(scenario->steps, SizeIs(1));
    const auto& step = scenario->steps.front();
    EXPECT_EQ(step.after, 34h + 30min);
    EXPECT_EQ(step.jitter, 5min);
    EXPECT_EQ(step.within, 90min);
    EXPECT_TRUE(step.is_attack);
    EXPECT_EQ(step.word("whom"), "neighbour");
    EXPECT_EQ(step.number("screens"), 3);
    EXPECT_EQ(step.place, "mine.toml:4");
}

TEST(Scenario, AllThatComeAlongAreRight) {
    EXPECT_THAT(scenario_names(), Contains("snooping"));
    for (const auto name : scenario_names()) {
        const auto scenario = scenario_named(name);
        ASSERT_TRUE(scenario) << scenario.error().what;
        EXPECT_EQ(scenario->name, name);
        const bool says_what_must_not_be_done = std::ranges::any_of(
            scenario->steps, [](const ScenarioStep& step) { return !step.must_not.empty(); });
        EXPECT_TRUE(says_what_must_not_be_done || scenario->steps.empty()) << name;
    }
    EXPECT_THAT(scenario_named("nonsense").error().what, HasSubstr("snooping"));
}

TEST(Director, LooksUpANeighbourAtTheTimeThatWasSaid) {
    std::vector<Act> acts;
    const auto scenario = parse_scenario(mine, "mine.toml").value();
    const auto truth = play(scenario, acts);
    const auto& deed = truth.deeds().front();
    EXPECT_TRUE(deed.came_to_pass);
    EXPECT_THAT(deed.people, SizeIs(1));
    EXPECT_THAT(deed.patients, SizeIs(1));
    const auto planned = Moment{sys_days{2026y / 3 / 3}} + 10h + 30min;
    EXPECT_LE(abs(deed.first - planned), 5min);
    EXPECT_TRUE(std::ranges::none_of(acts, is_on_a_visit));
    EXPECT_GE(deed.events.size(), 4U);
}

TEST(Director, WhoCaresForANamesakeDoesItOnAVisit) {
    std::string text{mine};
    text.replace(text.find("look-up"), 7, "care-for");
    text.replace(text.find("2d 10:30"), 8, "1d 08:00");
    text.replace(text.find("neighbour"), 9, "namesake");
    text.replace(text.find("screens"), 7, "visits");
    std::vector<Act> acts;
    const auto truth = play(parse_scenario(text, "mine.toml").value(), acts);
    EXPECT_TRUE(truth.deeds().front().came_to_pass);
    EXPECT_TRUE(std::ranges::any_of(acts, is_on_a_visit));
}

TEST(Director, WhoLooksIntoChartsDoesItInOneStepOnly) {
    std::vector<Act> acts;
    const auto truth = play(scenario_named("snooping").value(), acts);
    std::set<std::string> seen;
    for (const auto& deed : truth.deeds())
        if (deed.people.size() == 1) seen.insert(*deed.people.begin());
    EXPECT_THAT(seen, SizeIs(7));
}

TEST(Director, ASilentLaboratoryTellsItsResultsAfterwards) {
    const auto scenario = scenario_named("lab-silent").value();
    Story story{Size::small, 7, 2026y / 3 / 2};
    struct Results final : Witness {
        void see(const Act& act, const Story& told) override {
            const auto* filed = std::get_if<ResultFiled>(&act.what);
            if (filed != nullptr && told.at(filed->order).kind == OrderKind::laboratory)
                times.push_back(act.at);
        }
        std::vector<Moment> times;
    } results;
    Truth truth{scenario};
    story.add_witness(results);
    Care care{story, story.begin() + 48h};
    Post post{story};
    Cabinet cabinet{story};
    Edges edges{story, post, care.desk(), cabinet, story.begin() + 48h};
    Director director{story, care, post, cabinet, edges, scenario, truth};
    ASSERT_TRUE(director.begin());
    care.begin();
    story.agenda().run_until(story.begin() + 48h);
    for (const auto& deed : truth.deeds()) {
        EXPECT_TRUE(deed.came_to_pass);
        EXPECT_TRUE(std::ranges::none_of(results.times,
                                         [&](Moment at) { return at >= deed.first && at < deed.last; }));
        EXPECT_TRUE(std::ranges::any_of(results.times,
                                        [&](Moment at) { return at >= deed.last && at < deed.last + 2h; }));
    }
}

}   // namespace
}   // namespace ward::lab
