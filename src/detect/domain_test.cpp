// SPDX-License-Identifier: Apache-2.0
#include "detect/domain.hpp"

#include <gtest/gtest.h>

namespace ward::detect {
namespace {

TEST(Domain, IsTheLastTwoLabelsOrThreeWhereTheSecondIsShort) {
    EXPECT_EQ(domain_of("www.maker.example"), "maker.example");
    EXPECT_EQ(domain_of("a.b.maker.co.uk"), "maker.co.uk");
    EXPECT_EQ(domain_of("maker.example"), "maker.example");
    EXPECT_EQ(domain_of("printer"), "printer");
    EXPECT_EQ(domain_of(""), "");
}

TEST(Domain, GrowsByOneLabelUntilItIsTheName) {
    EXPECT_EQ(one_label_more("a.b.maker.example", "maker.example"), "b.maker.example");
    EXPECT_EQ(one_label_more("a.b.maker.example", "b.maker.example"), "a.b.maker.example");
    EXPECT_EQ(one_label_more("maker.example", "maker.example"), "maker.example");
    EXPECT_EQ(one_label_more(".maker.example", "maker.example"), ".maker.example");
}

}   // namespace
}   // namespace ward::detect
