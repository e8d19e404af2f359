// SPDX-License-Identifier: Apache-2.0
#include "desk/technique.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <regex>
#include <sstream>

namespace ward::desk {
namespace {

TEST(ATechnique, HasTheTacticOfTheOneThatItIsPartOf) {
    EXPECT_EQ(tactic_of("T1486"), "Impact");
    EXPECT_EQ(tactic_of("T1021.002"), "Lateral Movement");
    EXPECT_EQ(tactic_of("T9999"), "");
}

TEST(ATechnique, OfEachFindingHasATactic) {
    std::ifstream file{WARD_SOURCE_DIR "/docs/formats/findings.md"};
    std::stringstream text;
    text << file.rdbuf();
    const auto all = text.str();
    const std::regex technique{R"(T\d{4}(\.\d{3})?)"};
    int count = 0;
    for (std::sregex_iterator one{all.begin(), all.end(), technique}, end; one != end; ++one, ++count)
        EXPECT_NE(tactic_of(one->str()), "") << one->str();
    EXPECT_GT(count, 20);
}

}   // namespace
}   // namespace ward::desk
