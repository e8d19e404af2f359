// SPDX-License-Identifier: Apache-2.0
#include "feeds/update.hpp"

#include <gtest/gtest.h>

namespace ward::feeds {
namespace {

constexpr std::string_view earlier = "01990000-0000-7000-8000-000000000001";
constexpr std::string_view later = "01990000-0000-7000-8000-000000000002";

std::string join(const std::string& stored, const std::string& said, std::string_view message = later,
                 const std::vector<std::string_view>& cleared = {},
                 const std::vector<std::string_view>& assumed = {}) {
    const auto before = json::Document::parse(stored), now = json::Document::parse(said);
    return updated({before->root(), now->root(), cleared, assumed, message, false});
}

TEST(Update, WhatIsNewIsTakenAsItIs) {
    EXPECT_EQ(join("null", R"({"resourceType":"Patient","id":"p","gender":"female"})"),
              R"({"resourceType":"Patient","id":"p",)"
              R"("meta":{"source":"urn:uuid:01990000-0000-7000-8000-000000000002"},)"
              R"("gender":"female"})");
}

TEST(Update, NothingSaidChangesNothing) {
    EXPECT_EQ(join(R"({"resourceType":"Patient","id":"p","gender":"female","birthDate":"1959-03-07"})",
                   R"({"resourceType":"Patient","id":"p","gender":"female"})"),
              "");
    EXPECT_NE(join(R"({"resourceType":"Patient","id":"p","birthDate":"1959-03-07"})",
                   R"({"resourceType":"Patient","id":"p","gender":"female"})")
                  .find(R"("birthDate":"1959-03-07")"),
              std::string::npos);
}

TEST(Update, TheNewerMessageReplaces) {
    const auto joined = join(R"({"resourceType":"Patient","id":"p","gender":"male"})",
                             R"({"resourceType":"Patient","id":"p","gender":"female"})");
    EXPECT_NE(joined.find(R"("gender":"female")"), std::string::npos);
}

TEST(Update, OfAnOlderMessageOnlyWhatWasNotKnownIsTaken) {
    const std::string stored = R"({"resourceType":"Patient","id":"p","meta":{"source":"urn:uuid:)" +
                               std::string{later} + R"("},"gender":"female"})";
    EXPECT_EQ(join(stored, R"({"resourceType":"Patient","id":"p","gender":"male"})", earlier), "");
    const auto joined = join(
        stored, R"({"resourceType":"Patient","id":"p","gender":"male","birthDate":"1959-03-07"})", earlier);
    EXPECT_NE(joined.find(R"("gender":"female")"), std::string::npos);
    EXPECT_NE(joined.find(R"("birthDate":"1959-03-07")"), std::string::npos);
    EXPECT_NE(joined.find(later), std::string::npos);
}

TEST(Update, TwoDoubleQuotesDelete) {
    const auto joined = join(R"({"resourceType":"Patient","id":"p","deceasedBoolean":true})",
                             R"({"resourceType":"Patient","id":"p"})", later, {"deceasedBoolean"});
    EXPECT_EQ(joined.find("deceased"), std::string::npos);
    EXPECT_NE(joined, "");
}

TEST(Update, WhatIsAssumedCountsOnlyWhereNothingIsKnown) {
    const std::string said = R"({"resourceType":"Encounter","id":"e","status":"in-progress"})";
    EXPECT_EQ(
        join(R"({"resourceType":"Encounter","id":"e","status":"finished"})", said, later, {}, {"status"}),
        "");
    EXPECT_NE(join("null", said, later, {}, {"status"}).find("in-progress"), std::string::npos);
}

TEST(Update, IdentifiersAreJoinedEachOnce) {
    const std::string stored = R"({"resourceType":"Patient","id":"p","identifier":)"
                               R"([{"system":"a","value":"1"},{"system":"b","value":"1"}]})";
    EXPECT_EQ(
        join(stored, R"({"resourceType":"Patient","id":"p","identifier":[{"system":"b","value":"1"}]})"), "");
    EXPECT_NE(
        join(stored, R"({"resourceType":"Patient","id":"p","identifier":[{"system":"c","value":"1"}]})")
            .find(R"([{"system":"c","value":"1"},{"system":"a","value":"1"},{"system":"b","value":"1"}])"),
        std::string::npos);
}

TEST(Update, WhatMetaSaysBesideItsSourceStays) {
    const auto joined =
        join(R"({"resourceType":"Patient","id":"p","meta":{"versionId":"3","tag":[{"code":"vip"}]}})",
             R"({"resourceType":"Patient","id":"p","gender":"female"})");
    EXPECT_NE(joined.find(R"("tag":[{"code":"vip"}])"), std::string::npos);
    EXPECT_EQ(joined.find("versionId"), std::string::npos);
}

}   // namespace
}   // namespace ward::feeds
