// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/step_reader.hpp"

#include <gmock/gmock.h>

#include "lab/scenario/steps_test.hpp"

namespace ward::lab {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// What is wrong with a look-alike that says this, which begins at line 4 and names its deed in line 8.
std::string mistake_in(std::string_view step) {
    const auto steps = read_steps({step});
    return steps ? "nothing" : steps.error().what;
}

TEST(StepReader, RefusesAKeyThatTheDeedNeverReads) {
    EXPECT_THAT(mistake_in("harvest\nwho = 'coder'\nscreens = 3"),
                StartsWith("mine.toml:10: 'harvest' has no 'screens'; it has id, do, "));
    EXPECT_THAT(mistake_in("back-up\nshares = 'office'\nwho = 'nurse'"), HasSubstr("has no 'who'"));
    EXPECT_THAT(mistake_in("dance"), StartsWith("mine.toml:8: there is no deed 'dance'"));
    EXPECT_THAT(mistake_in("look-up\nwho = 'nurse'"),
                StartsWith("mine.toml:4: 'look-up' needs 'whom': one of self, "));
}

TEST(StepReader, TellsTheLimitsOfANumber) {
    constexpr auto told = "mine.toml:10: 'charts' is a whole number from 1 to 20000";
    for (const auto number :
         {"2000000000", "0", "-1", "9223372036854775807", "nan", "inf", "1.5", "'many'", "true"})
        EXPECT_EQ(mistake_in(fmt::format("harvest\nwho = 'coder'\ncharts = {}", number)), told) << number;
    for (const auto number : {"nan", "-inf", "1.01", "-0.1"})
        EXPECT_EQ(mistake_in(fmt::format("speak-to-pumps\nwho = 'nurse'\ncommands = {}", number)),
                  "mine.toml:10: 'commands' is a number from 0 to 1");
    EXPECT_THAT(mistake_in("call-home\nwho = 'nurse'\nminutes = 5000000"), HasSubstr("from 1 to 576000"));
    EXPECT_EQ(mistake_in("call-home\nwho = 'nurse'\nseconds_apart = 2"), "nothing");
}

TEST(StepReader, TellsWhichWordsThereAre) {
    EXPECT_THAT(mistake_in("harvest\nwho = 'king'"), HasSubstr(":9: 'who' is one of physician, resident, "));
    EXPECT_THAT(mistake_in("sweep-port\nmachine = 'toaster'"),
                HasSubstr("'machine' is one of workstation, "));
    EXPECT_THAT(mistake_in("fall-silent\nsystem = 'RIS'"), HasSubstr("'system' is one of LIS"));
    EXPECT_THAT(mistake_in("lose-partner\npartner = 'king'"),
                HasSubstr("'partner' is one of clearinghouse, "));
    for (const auto shares : {"attic", "office attic", "office office", "", "office ", " "})
        EXPECT_THAT(mistake_in(fmt::format("back-up\nshares = '{}'", shares)),
                    HasSubstr("'shares' is some of office, clinical, archive, each once"));
    EXPECT_THAT(mistake_in("migrate\nwho = 'nurse'\nshares = 'archive'"),
                HasSubstr("some of office, clinical,"));
    EXPECT_THAT(mistake_in("call-home\nwho = 'nurse'\nhost = 'a.com'"), HasSubstr("ends in .example"));
}

TEST(StepReader, ATextIsOneLine) {
    constexpr auto step = "break-glass\nwho = 'nurse'\nwhom = 'self'\nreason = ";
    EXPECT_EQ(mistake_in(fmt::format("{}'a <b> & \"c\"'", step)), "nothing");
    for (const auto reason : {R"("a\u001b[2J")", R"("a\nb")", "''", "'  '"})
        EXPECT_THAT(mistake_in(fmt::format("{}{}", step, reason)), HasSubstr("'reason' is a line"));
    EXPECT_THAT(mistake_in(fmt::format("{}'{}'", step, std::string(201, 'a'))), HasSubstr("at most 200"));
}

TEST(StepReader, SomebodyDoesWhatIsDoneFromAMachine) {
    EXPECT_THAT(mistake_in("upload"), StartsWith("mine.toml:8: 'upload' needs 'who', 'machine', 'newcomer'"));
    EXPECT_THAT(mistake_in("upload\nwho = 'nurse'\nmachine = 'PACS'"), HasSubstr("exclude each other"));
    EXPECT_THAT(mistake_in("upload\nas = 'x'"), HasSubstr("no step before has named 'x'"));
    EXPECT_THAT(mistake_in("upload\nwho = 'nurse'\naccount = 'a'"), HasSubstr("'account' is of a 'machine'"));
    EXPECT_THAT(mistake_in("steal-shares\nshares = 'office'\nnewcomer = 'servers'"),
                HasSubstr("needs an 'account' beside 'newcomer'"));
    EXPECT_EQ(mistake_in("move-gateway"), "nothing");
}

TEST(StepReader, WhoWasNamedOnceIsNotSaidAgain) {
    const auto again = read_steps({"upload\nwho = 'nurse'\nas = 'x'", "upload\nwho = 'coder'\nas = 'x'"});
    EXPECT_THAT(again.error().what, HasSubstr("mine.toml:16: 'who' is not read: step 'step-1' has said"));
    const auto nobodys =
        read_steps({"upload\nnewcomer = 'servers'\nas = 'x'", "encrypt-share\nshares = 'office'\nas = 'x'"});
    EXPECT_THAT(nobodys.error().what, HasSubstr("needs an account, and step 'step-1' named none"));
    const auto partner =
        read_steps({"lose-partner\nas = 'x'", "call-as-partner\nas = 'x'\npartner = 'pharmacy'"});
    EXPECT_THAT(partner.error().what, HasSubstr("'partner' is not read"));
    EXPECT_TRUE(read_steps({"take-desk\nwho = 'nurse'\nas = 'x'\nthen_as = 'y'", "upload\nas = 'y'"}));
    EXPECT_FALSE(read_steps({"take-desk\nwho = 'nurse'\nas = 'x'\nthen_as = 'x'"}));
}

TEST(StepReader, OnlyAttacksAreDueAndAllOfThemAre) {
    constexpr auto step = "harvest\nwho = 'coder'\n";
    const auto with = [&](std::string_view more) { return mistake_in(fmt::format("{}{}", step, more)); };
    EXPECT_EQ(with("attack = true\ntechnique = 'T1213'\nwithin_minutes = 5"), "nothing");
    EXPECT_THAT(with("attack = true\ntechnique = 'T1213'"),
                HasSubstr(":10: an attack needs 'within_minutes'"));
    EXPECT_THAT(with("attack = true\nwithin_minutes = 5"), HasSubstr(":10: an attack needs 'technique'"));
    EXPECT_THAT(with("within_minutes = 5"), HasSubstr(":10: 'within_minutes' is of attacks only"));
    EXPECT_THAT(with("technique = 'T1213'"), HasSubstr("'technique' is of attacks only"));
    EXPECT_THAT(with("due_from_first = true"), HasSubstr("'due_from_first' is of attacks only"));
    EXPECT_THAT(with("attack = true\ntechnique = '1213'\nwithin_minutes = 5"), HasSubstr("such as T1213"));
}

TEST(StepReader, AStepIsWithinTheDaysAlsoWithItsJitter) {
    const auto at = [](std::string_view time, int jitter) {
        const auto text = fmt::format(
            "name = 'm'\ntitle = 'M'\ndays = 2\n[[step]]\nid = 'a'\ndo = 'back-up'\n"
            "shares = 'office'\nfind = 'x'\nat = '{}'\njitter_minutes = {}\n",
            time, jitter);
        const auto read = parse_scenario(text, "m.toml");
        return read ? "nothing" : read.error().what;
    };
    EXPECT_EQ(at("2d 23:00", 59), "nothing");
    EXPECT_THAT(at("2d 23:00", 60), StartsWith("m.toml:9: 'a' is after the last day, or may be"));
    EXPECT_THAT(at("3d 00:00", 0), StartsWith("m.toml:9: 'a' is after the last day"));
    for (const auto* time : {"0d 10:00", "2147483647d 10:00", "99999999999d 10:00", "1d 24:00", "1d 10",
                             "1d10:00", "-1d 10:00", "1d -0:30", "1d 1:-5", "1d 10:00 ", "", "d"})
        EXPECT_THAT(at(time, 0), StartsWith("m.toml:9: 'at' is a day from 1 on and a time")) << time;
    EXPECT_THAT(at("1d 10:00", 1'441), StartsWith("m.toml:10: 'jitter_minutes' is a whole number"));
}

TEST(StepReader, WhatHappensTogetherIsBounded) {
    std::string text = "name = 'm'\ntitle = 'M'\n";
    for (int i = 0; i < 20; ++i)
        text += fmt::format(
            "[[step]]\nid = 'a{}'\ndo = 'harvest'\nwho = 'coder'\ncharts = 20000\nfind = 'x'\n"
            "at = '1d 10:00'\n",
            i);
    EXPECT_THAT(parse_scenario(text, "m.toml").error().what,
                StartsWith("m.toml:117: with this step about 1020000 things happen"));
    EXPECT_THAT(mistake_in("call-home\nwho = 'nurse'\nminutes = 576000\nseconds_apart = 1"),
                HasSubstr("things happen because of the scenario; 1000000 at most"));
    EXPECT_THAT(mistake_in("upload\nwho = 'nurse'\nmegabytes = 100\nparts = 2"),
                HasSubstr("a part has at most 20 megabytes"));
    EXPECT_THAT(mistake_in("vendor-visit\nsite = 2\nsites = 3"), HasSubstr("3 sites at most"));
    std::string many = "name = 'm'\ntitle = 'M'\n";
    for (int i = 0; i < 301; ++i) many += "[[step]]\n";
    EXPECT_THAT(parse_scenario(many, "m.toml").error().what, HasSubstr("at most 300 steps"));
    EXPECT_THAT(parse_scenario(std::string(2 << 20, '#'), "m.toml").error().what,
                HasSubstr("at most 1048576"));
}

TEST(StepReader, AScenarioHasDaysAndASize) {
    const auto mistake = [](std::string_view more) {
        const auto read = parse_scenario(fmt::format("name = 'm'\ntitle = 'M'\n{}", more), "m.toml");
        return read ? "nothing" : read.error().what;
    };
    EXPECT_EQ(mistake("days = 400"), "nothing");
    for (const auto days : {"0", "401", "-1", "1.0", "4294967297"})
        EXPECT_EQ(mistake(fmt::format("days = {}", days)),
                  "m.toml:3: 'days' is a whole number from 1 to 400");
    EXPECT_THAT(mistake("size = 'huge'"), HasSubstr(":3: 'size' is one of clinic, small, large, group"));
    EXPECT_THAT(mistake("[[stop]]\n"), HasSubstr(":3: [[stop]] is no [[step]]"));
}

TEST(StepReader, WhatMustNotBeDoneIsOfAFewWords) {
    constexpr auto before = "harvest\nwho = 'coder'\n[[step.must_not]]\nwhy = 'w'\n";
    const auto with = [&](std::string_view more) { return mistake_in(fmt::format("{}{}", before, more)); };
    const auto step = one_step(fmt::format("{}action = 'isolate-device'\nof = 'infusion pump'", before));
    ASSERT_EQ(step.must_not.size(), 1U);
    EXPECT_EQ(step.must_not[0].of, "infusion pump");
    EXPECT_THAT(with("action = 'shoot'\nof = 'own'"), HasSubstr(":12: 'action' is one of isolate-device, "));
    EXPECT_THAT(with("action = 'close-feed'\nof = 'PACS'"),
                HasSubstr(":13: 'of' of close-feed is one of own, EHR"));
    EXPECT_THAT(with("action = 'disable-account'\nof = 'Emergency'\nwhile = 'in use'"),
                HasSubstr(":14: 'while' is of isolate-device of imaging modality only"));
    EXPECT_THAT(with("action = 'disable-account'"), HasSubstr("needs 'of'"));
    EXPECT_THAT(mistake_in("harvest\nwho = 'coder'\nattack = true\ntechnique = 'T1213'\nwithin_minutes = 5\n"
                           "[[step.must_not]]\naction = 'disable-account'\nof = 'own'\nwhy = 'w'"),
                HasSubstr("'own' is of look-alikes"));
    EXPECT_THAT(mistake_in("harvest\nwho = 'coder'\n[[step.must]]\n"), HasSubstr("is no [[step.must_not]]"));
}

}   // namespace
}   // namespace ward::lab
