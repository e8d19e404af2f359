// SPDX-License-Identifier: Apache-2.0
#include "lab/offers.hpp"

#include <gtest/gtest.h>
#include <set>

#include "lab/story.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;

TEST(Offers, EachServiceOfASiteIsThereOnceAndNamesAServer) {
    const Story story{Size::clinic, 7, 2026y / 3 / 2};
    const auto services = services_of(story.network(), 0);
    EXPECT_GE(services.size(), 40U) << "more than a burst of tickets asks for";
    EXPECT_EQ(std::set(services.begin(), services.end()).size(), services.size());
    for (const auto& service : services) EXPECT_NE(service[1].find(".ashmere.example"), std::string::npos);
}

TEST(Offers, AProgramIsLaidOnAnAdministrativeShare) {
    Random random{7};
    std::set<std::string> shares, files;
    for (int left = 200; left > 0; --left) {
        const auto program = some_program(random);
        shares.insert(program.share);
        files.insert(program.file);
        EXPECT_TRUE(program.file.ends_with(".exe"));
        EXPECT_LE(program.bytes, 600'000U);
    }
    EXPECT_EQ(shares, (std::set<std::string>{"ADMIN$", "C$"}));
    EXPECT_GT(files.size(), 150U);
}

}   // namespace
}   // namespace ward::lab
