// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/forbidden.hpp"

#include <gmock/gmock.h>

#include "lab/day_test.hpp"
#include "lab/scenario/must_not.hpp"
#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class WhatMustNotBeDone : public ::testing::Test {
protected:
    /// Of a step that came to pass with these people and systems.
    std::vector<Forbidden> of(std::string_view step, bool is_attack = false) {
        scenario_.steps = {one_step(step)};
        scenario_.steps[0].is_attack = is_attack;
        std::vector<Deed> deeds(1);
        deeds[0].label = 1;
        deeds[0].first = story_.begin() + 2h;
        deeds[0].people = {story_.hospital().staff.front().login};
        deeds[0].systems = {"WS0001", "10.0.0.7"};
        return Forbidding{story_, scenario_, deeds, use_}.of(deeds[0]);
    }

    Story story_{Size::small, 7, 2026y / 3 / 2};
    Scenario scenario_{.name = "a", .title = "A", .steps = {}};
    ConsoleUse use_;
};

TEST_F(WhatMustNotBeDone, ALookAlikeIsNoCaseAndAnAttackIs) {
    const auto all = of("back-up\nshares = 'office'");
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_EQ(all[0].action, raise_case);
    EXPECT_EQ(all[0].from, story_.begin() + 2h);
    EXPECT_EQ(all[0].until, story_.begin() + 24h);
    EXPECT_THAT(all[0].targets, Contains(story_.hospital().staff.front().login));
    EXPECT_THAT(of("back-up\nshares = 'office'", true), IsEmpty());
}

TEST_F(WhatMustNotBeDone, TheOwnPartIsOfPeopleOrSystemsAsTheActionHasIt) {
    const auto all =
        of("back-up\nshares = 'office'\n[[step.must_not]]\naction = 'disable-account'\nof = 'own'\n"
           "why = 'w'\n[[step.must_not]]\naction = 'block-address'\nof = 'own'\nwhy = 'v'");
    ASSERT_THAT(all, SizeIs(3));
    EXPECT_THAT(all[1].targets, ElementsAre(story_.hospital().staff.front().login));
    EXPECT_THAT(all[2].targets, ElementsAre("10.0.0.7", "WS0001"));
    EXPECT_EQ(all[2].why, "v");
}

TEST_F(WhatMustNotBeDone, EveryPumpIsNamedByNameAndAddress) {
    const auto all =
        of("back-up\nshares = 'office'\n[[step.must_not]]\naction = 'isolate-device'\n"
           "of = 'infusion pump'\nwhy = 'w'",
           true);
    const auto pumps = story_.network().of(DeviceKind::pump, 0);
    ASSERT_THAT(all, SizeIs(1));
    EXPECT_THAT(all[0].targets, SizeIs(2 * pumps.size()));
    EXPECT_THAT(all[0].targets, Contains(story_.network().at(pumps.front()).name));
    EXPECT_THAT(all[0].targets, Contains(to_text(story_.network().at(pumps.front()).address)));
}

TEST_F(WhatMustNotBeDone, AnAccountThatAttackedMayBeLockedWhereItsDepartmentsMayNot) {
    constexpr auto step =
        "back-up\nshares = 'office'\n[[step.must_not]]\naction = 'disable-account'\n"
        "of = 'Emergency'\nwhy = 'w'";
    const auto& attacker = story_.hospital().staff.front();
    ASSERT_EQ(name_of(story_.hospital().at(attacker.home).kind), "Emergency");
    EXPECT_THAT(of(step, true).back().targets, Not(Contains(attacker.login)));
    EXPECT_THAT(of(step).back().targets, Contains(attacker.login));
    EXPECT_THAT(of("back-up\nshares = 'office'").front().targets, Contains(attacker.login));
}

TEST_F(WhatMustNotBeDone, AConsoleIsNotIsolatedWhileSomebodyLiesInIt) {
    std::vector<Moment> studies;
    live_a_day([&](const Act& act, const Story& story) {
        if (const auto* taken = std::get_if<StudyTaken>(&act.what)) {
            use_.see(*taken, act.at, story);
            studies.push_back(act.at);
        }
    });
    const auto all =
        of("back-up\nshares = 'office'\n[[step.must_not]]\naction = 'isolate-device'\n"
           "of = 'imaging modality'\nwhile = 'in use'\nwhy = 'w'",
           true);
    ASSERT_THAT(studies, Not(IsEmpty()));
    for (const auto at : studies)
        EXPECT_TRUE(
            std::ranges::any_of(all, [&](const Forbidden& one) { return one.from < at && at < one.until; }));
    for (const auto& one : all) EXPECT_THAT(one.targets, SizeIs(2));
    for (const auto& console : story_.network().devices) {
        std::optional<Moment> before;
        for (const auto& span : use_.of(console)) {
            EXPECT_TRUE(!before || *before < span.from);
            before = span.until;
        }
    }
}

}   // namespace
}   // namespace ward::lab
