// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ward::http {
namespace {

using testing::ElementsAre;

std::vector<Parameter> form(std::string_view text) {
    auto parsed = parse_form(text);
    if (!parsed) {
        ADD_FAILURE() << parsed.error().what;
        return {};
    }
    return std::move(*parsed);
}

Target target(std::string_view text) {
    auto parsed = parse_target(text);
    if (!parsed) {
        ADD_FAILURE() << parsed.error().what;
        return {};
    }
    return std::move(*parsed);
}

TEST(Form, APlusIsASpaceAndAnEscapedPlusIsAPlus) {
    EXPECT_THAT(form("name=Ana+Maria&q=a%2Bb"),
                ElementsAre(Parameter{"name", "Ana Maria"}, Parameter{"q", "a+b"}));
}

TEST(Form, NamesRepeatInTheirOrder) {
    EXPECT_THAT(form("date=ge2020&date=lt2021"),
                ElementsAre(Parameter{"date", "ge2020"}, Parameter{"date", "lt2021"}));
}

TEST(Form, EmptyPiecesAreNoParameters) { EXPECT_THAT(form("&&a=1&"), ElementsAre(Parameter{"a", "1"})); }

TEST(Form, AValueMayBeMissingOrHoldEqualSigns) {
    EXPECT_THAT(form("a&b=&c=d=e&=f"), ElementsAre(Parameter{"a", ""}, Parameter{"b", ""},
                                                   Parameter{"c", "d=e"}, Parameter{"", "f"}));
}

TEST(Form, EscapesStandForUtf8) {
    EXPECT_THAT(form("n=M%C3%BCller"), ElementsAre(Parameter{"n", "M\xC3\xBCller"}));
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
    std::string text;
    for (std::size_t i = 0; i < parameters_max; ++i) text += "a=1&";
    EXPECT_EQ(form(text).size(), parameters_max);
    const auto refused = parse_form(text + "a=1");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::limit_exceeded);
}

TEST(Form, WhatIsWrittenReadsBackTheSame) {
    const std::vector<Parameter> parameters{
        {"family", "M\xC3\xBCller & S\xC3\xB6hne=+%"}, {"", " "}, {"a", ""}};
    EXPECT_EQ(form(write_form(parameters)), parameters);
}

TEST(Target, HasADecodedPathAndQuery) {
    const auto parsed = target("/fhir/Patient/a%20b?name=x+y&_count=2");
    EXPECT_EQ(parsed.path, "/fhir/Patient/a b");
    EXPECT_THAT(parsed.query, ElementsAre(Parameter{"name", "x y"}, Parameter{"_count", "2"}));
}

TEST(Target, APlusInThePathIsAPlus) { EXPECT_EQ(target("/a+b").path, "/a+b"); }

TEST(Target, OfAbsoluteFormLosesItsAuthority) {
    EXPECT_EQ(target("https://example.org:8443/fhir/Patient?a=1").path, "/fhir/Patient");
    EXPECT_EQ(target("https://example.org").path, "/");
}

TEST(Target, AStarIsForOptions) { EXPECT_EQ(target("*").path, "*"); }

TEST(Target, APathThatCouldBeReadInTwoWaysIsRefused) {
    for (const auto* text : {"", "Patient", "//%", "/a%2Fb", "/a%2fb", "/a%00", "/a%0D%0A", "/\xC3\xBC",
                             "/a#b", "/%C3", "http://example.org?x=1", "example.org:443"})
        EXPECT_FALSE(parse_target(text)) << text;
}

}   // namespace
}   // namespace ward::http
