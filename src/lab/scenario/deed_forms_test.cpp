// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/deed_forms.hpp"

#include <fmt/ranges.h>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>

#include "lab/days.hpp"
#include "lab/scenario/must_not.hpp"

namespace ward::lab {
namespace {

using ::testing::HasSubstr;

std::string document() {
    std::ifstream stream{std::string{WARD_SOURCE_DIR} + "/docs/formats/scenario.md"};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

/// As the document's last column has them.
std::string keys_of(const DeedForm& form) {
    std::vector<std::string> keys;
    if (form.doer == Doer::machine) keys.emplace_back("*a machine*");
    if (form.doer == Doer::account) keys.emplace_back("*an account*");
    if (form.doer == Doer::machine_if_any) keys.emplace_back("*a machine or none*");
    for (const auto& key : form.keys) keys.push_back(documented(key));
    return fmt::format("{}", fmt::join(keys, ", "));
}

TEST(DeedForms, TheDocumentNamesTheSameDeedsWithTheSameKeys) {
    const auto text = document();
    std::vector<std::string> rows;
    const auto begin = text.find("\n## Deeds\n"), end = text.find("\n## ", begin + 1);
    ASSERT_NE(begin, std::string::npos);
    ASSERT_NE(end, std::string::npos);
    const auto section = text.substr(begin, end - begin);
    for (const auto& form : deed_forms()) {
        const auto row = section.find(fmt::format("\n| `{}` | ", form.name));
        ASSERT_NE(row, std::string::npos) << form.name;
        const auto line = section.substr(row + 1, section.find('\n', row + 1) - row - 1);
        EXPECT_THAT(line, ::testing::EndsWith(fmt::format(" | {} |", keys_of(form)))) << form.name;
    }
    std::size_t documented_deeds = 0;
    for (auto at = section.find("\n| `"); at != std::string::npos; at = section.find("\n| `", at + 1))
        ++documented_deeds;
    EXPECT_EQ(documented_deeds, deed_forms().size());
}

TEST(DeedForms, TheDocumentNamesWhatAScenarioAStepAndAProhibitionSay) {
    const auto text = document();
    const auto has_rows = [&](std::span<const Key> keys) {
        for (const auto& key : keys) EXPECT_THAT(text, HasSubstr(fmt::format("\n| {} | ", documented(key))));
    };
    has_rows(keys_of_scenarios());
    has_rows(keys_of_steps());
    has_rows(lab::keys_of(Doer::machine));
    has_rows(keys_of_must_not());
    for (const auto& [what, words] : word_lists())
        EXPECT_THAT(text, HasSubstr(fmt::format("\n| {} | {} |\n", what, fmt::join(words, ", "))));
    for (const auto& form : action_forms())
        EXPECT_THAT(text, HasSubstr(fmt::format("\n| `{}` | {} | ", form.name, form.what)));
}

/// A step of that deed that says only what it has to.
std::string shortest(const DeedForm& form) {
    auto text = fmt::format(
        "name = 'm'\ntitle = 'M'\n[[step]]\nid = 'a'\nfind = 'x'\nat = '1d 10:00'\ndo = '{}'\n", form.name);
    if (form.doer == Doer::machine || form.doer == Doer::account) text += "who = 'physician'\n";
    for (const auto& key : form.keys) {
        if (!key.is_needed) continue;
        const auto likely = key.name == "whom"   ? "stranger"
                            : key.name == "with" ? "file server"
                                                 : key.choices[0];
        text += fmt::format("{} = '{}'\n", key.name, likely);
    }
    return text;
}

TEST(DeedForms, EachBeginsWithNoMoreThanItNeeds) {
    for (const auto& form : deed_forms()) {
        DaysWish wish{parse_scenario(shortest(form), "m.toml").value()};
        Days days{wish};
        const auto begun = days.begin();
        EXPECT_TRUE(begun) << form.name << ": " << begun.error().what;
        EXPECT_GT(form.acts(wish.scenario.steps.front()), -1) << form.name;
    }
}

}   // namespace
}   // namespace ward::lab
