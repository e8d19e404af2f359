// SPDX-License-Identifier: Apache-2.0
#include "fhir/decimal.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

Decimal number(std::string_view text) { return parse_decimal(text).value(); }
DecimalInterval exactly(std::string_view text) { return {number(text), number(text)}; }
bool holds(Prefix prefix, std::string_view searched, const DecimalInterval& value) {
    return compare(prefix, value, number(searched));
}

TEST(Decimal, IsComparedExactly) {
    EXPECT_TRUE(compare(number("0.1"), number("0.10")) == 0);
    EXPECT_TRUE(compare(number("1e2"), number("100")) == 0);
    EXPECT_TRUE(compare(number("-0"), number("0.00")) == 0);
    EXPECT_TRUE(compare(number("0.30000000000000001"), number("0.3")) > 0);
    EXPECT_TRUE(compare(number("-2"), number("-10")) > 0);
    EXPECT_TRUE(compare(number("9.9e-3"), number("0.01")) < 0);
    EXPECT_TRUE(compare(number("7"), number("1234567890123456789012345")) < 0);
}

TEST(Decimal, IsReadStrictly) {
    for (const auto* text : {"", "-", ".5", "5.", "1e", "1e999", "1,5", "0x10", " 1", "1 ", "NaN", "--1"})
        EXPECT_FALSE(parse_decimal(text)) << text;
    for (const auto* text : {"0", "-1.5", "+3", "1E-2", "007"}) EXPECT_TRUE(parse_decimal(text)) << text;
}

TEST(Decimal, HasLimitsThatItSaysByRefusing) {
    EXPECT_TRUE(parse_decimal("0." + std::string(700, '0') + "1"));
    EXPECT_FALSE(parse_decimal("0." + std::string(900, '0') + "1"));
}

// R4, search.html#number: "100 … in the range [99.5 … 100.5)", "100.00 … [99.995 … 100.005)", "1e2 … [95 …
// 105)".
TEST(Decimal, EqualsWithinThePrecisionThatWasWritten) {
    EXPECT_TRUE(holds(Prefix::eq, "100", exactly("99.5")));
    EXPECT_TRUE(holds(Prefix::eq, "100", exactly("100.4999")));
    EXPECT_FALSE(holds(Prefix::eq, "100", exactly("100.5")));
    EXPECT_TRUE(holds(Prefix::ne, "100", exactly("100.5")));
    EXPECT_TRUE(holds(Prefix::eq, "100.00", exactly("100.0049")));
    EXPECT_FALSE(holds(Prefix::eq, "100.00", exactly("100.005")));
    EXPECT_TRUE(holds(Prefix::eq, "1e2", exactly("95")));
    EXPECT_TRUE(holds(Prefix::eq, "1e2", exactly("104.9")));
    EXPECT_FALSE(holds(Prefix::eq, "1e2", exactly("105")));
    EXPECT_TRUE(holds(Prefix::eq, "-5.4", exactly("-5.35000000001")));
    EXPECT_TRUE(holds(Prefix::eq, "-5.4", exactly("-5.45")));
}

// The same: "the implicit precision of the number is ignored, and they are treated as if they have
// arbitrarily high precision".
TEST(Decimal, IsAboveOrBelowExactly) {
    EXPECT_TRUE(holds(Prefix::gt, "100", exactly("100.0001")));
    EXPECT_FALSE(holds(Prefix::gt, "100", exactly("100")));
    EXPECT_TRUE(holds(Prefix::ge, "100", exactly("100.0")));
    EXPECT_FALSE(holds(Prefix::ge, "100", exactly("99.9")));
    EXPECT_TRUE(holds(Prefix::lt, "100", exactly("99.9999")));
    EXPECT_TRUE(holds(Prefix::le, "100", exactly("100")));
    EXPECT_TRUE(holds(Prefix::sa, "100", exactly("101")));
    EXPECT_FALSE(holds(Prefix::eb, "100", exactly("101")));
}

TEST(Decimal, IsNearWithinATenth) {
    EXPECT_TRUE(holds(Prefix::ap, "100", exactly("90")));
    EXPECT_TRUE(holds(Prefix::ap, "100", exactly("110")));
    EXPECT_FALSE(holds(Prefix::ap, "100", exactly("110.1")));
    EXPECT_TRUE(holds(Prefix::ap, "0", exactly("0.4"))) << "never less than what eq finds";
}

TEST(Decimal, IntervalsReachWhereTheirOpenEndsDo) {
    const DecimalInterval below{std::nullopt, number("5"), false, true};   // "<5"
    EXPECT_FALSE(holds(Prefix::eq, "5", below));
    EXPECT_TRUE(holds(Prefix::lt, "1", below));
    EXPECT_TRUE(holds(Prefix::gt, "4", below));
    EXPECT_FALSE(holds(Prefix::ge, "5", below));
    EXPECT_TRUE(holds(Prefix::eb, "5", below));
    const DecimalInterval at_least{number("5"), std::nullopt};   // ">=5"
    EXPECT_TRUE(holds(Prefix::le, "5", at_least));
    EXPECT_FALSE(holds(Prefix::sa, "5", at_least));
    EXPECT_TRUE(holds(Prefix::gt, "1000", at_least));
}

TEST(Decimal, SortsAsTextAsItDoesAsNumber) {
    const char* const rising[] = {"-1e300", "-10.5", "-10", "-9.99", "-0.001", "0",  "1e-300", "0.01",
                                  "0.1",    "1",     "1.5", "2",     "10",     "11", "1e300"};
    for (std::size_t i = 1; i < std::size(rising); ++i)
        EXPECT_LT(sortable(number(rising[i - 1])), sortable(number(rising[i]))) << rising[i];
    EXPECT_EQ(sortable(number("5.0")), sortable(number("5")));
}

}   // namespace
}   // namespace ward::fhir
