// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ward::http {
namespace {

using testing::ElementsAre;

Target target(std::string_view text) {
    auto parsed = parse_target(text);
    if (!parsed) {
        ADD_FAILURE() << parsed.error().what;
        return {};
    }
    return std::move(*parsed);
}

TEST(Target, HasADecodedPathAndQuery) {
    const auto parsed = target("/fhir/Patient/a%20b?name=x+y&_count=2");
    EXPECT_EQ(parsed.path, "/fhir/Patient/a b");
    EXPECT_THAT(parsed.query, ElementsAre(FormField{"name", "x y"}, FormField{"_count", "2"}));
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
