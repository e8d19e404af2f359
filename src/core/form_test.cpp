// SPDX-License-Identifier: Apache-2.0
#include "core/form.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ward {
namespace {

using testing::ElementsAre;

std::vector<FormField> form(std::string_view text) {
    auto parsed = parse_form(text);
    if (!parsed) {
        ADD_FAILURE() << parsed.error().what;
        return {};
    }
    return std::move(*parsed);
}

TEST(Form, APlusIsASpaceAndAnEscapedPlusIsAPlus) {
    EXPECT_THAT(form("name=Ana+Maria&q=a%2Bb"),
                ElementsAre(FormField{"name", "Ana Maria"}, FormField{"q", "a+b"}));
}

TEST(Form, NamesRepeatInTheirOrder) {
    EXPECT_THAT(form("date=ge2020&date=lt2021"),
                ElementsAre(FormField{"date", "ge2020"}, FormField{"date", "lt2021"}));
}

TEST(Form, EmptyPiecesAreNoParameters) { EXPECT_THAT(form("&&a=1&"), ElementsAre(FormField{"a", "1"})); }

TEST(Form, AValueMayBeMissingOrHoldEqualSigns) {
    EXPECT_THAT(form("a&b=&c=d=e&=f"), ElementsAre(FormField{"a", ""}, FormField{"b", ""},
                                                   FormField{"c", "d=e"}, FormField{"", "f"}));
}

TEST(Form, EscapesStandForUtf8) {
    EXPECT_THAT(form("n=M%C3%BCller"), ElementsAre(FormField{"n", "M\xC3\xBCller"}));
}

TEST(Form, AMalformedEscapeIsAnError) {
    for (const auto* text : {"a=%", "a=%4", "a=%g0", "a=%0g", "%=1", "a=%%20"})
        EXPECT_FALSE(parse_form(text)) << text;
}

TEST(Form, BytesThatAreNotUtf8AreAnError) {
    for (const auto* text :
         {"a=%FF", "a=%C3", "a=%C0%AF", "a=%ED%A0%80", "a=%F4%90%80%80", "a=%E0%80%80", "\x80=1"})
        EXPECT_FALSE(parse_form(text)) << text;
}

TEST(Form, HoldsNoMoreParametersThanTheLimit) {
    constexpr std::size_t fields_max = 3;
    std::string text;
    for (std::size_t i = 0; i < fields_max; ++i) text += "a=1&";
    EXPECT_EQ(parse_form(text, fields_max)->size(), fields_max);
    const auto refused = parse_form(text + "a=1", fields_max);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
}

TEST(Form, WhatIsWrittenReadsBackTheSame) {
    const std::vector<FormField> fields{{"family", "M\xC3\xBCller & S\xC3\xB6hne=+%"}, {"", " "}, {"a", ""}};
    EXPECT_EQ(form(write_form(fields)), fields);
}

}   // namespace
}   // namespace ward
