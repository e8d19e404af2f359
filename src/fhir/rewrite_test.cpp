// SPDX-License-Identifier: Apache-2.0
#include "fhir/rewrite.hpp"

#include <gmock/gmock.h>

namespace ward::fhir {
namespace {

const LinkMap links = [](std::string_view link) -> std::optional<std::string> {
    if (link == "urn:uuid:1" || link == "http://old.example/Patient/1") return "Patient/new";
    return std::nullopt;
};

std::string rewritten(std::string resource, EditsView edits = {}) {
    const auto document = json::Document::parse(std::move(resource));
    EXPECT_TRUE(document);
    std::string out;
    write_resource(document->root(), edits, out);
    return out;
}

std::string linked(std::string resource) {
    return rewritten(std::move(resource), {.id = {}, .version_id = {}, .last_updated = {}, .links = &links});
}

TEST(WriteResource, SetsIdAndMeta) {
    const EditsView edits{
        .id = "n", .version_id = "2", .last_updated = "2026-01-01T00:00:00.000Z", .links = nullptr};
    EXPECT_EQ(rewritten(R"({ "id" : "old", "resourceType": "Patient", "active": true })", edits),
              R"({"resourceType":"Patient","id":"n","meta":{"versionId":"2",)"
              R"("lastUpdated":"2026-01-01T00:00:00.000Z"},"active":true})");
    EXPECT_EQ(
        rewritten(
            R"({"resourceType":"Patient","meta":{"lastUpdated":"x","tag":[{"code":"t"}],"versionId":"1"}})",
            edits),
        R"({"resourceType":"Patient","id":"n","meta":{"versionId":"2",)"
        R"("lastUpdated":"2026-01-01T00:00:00.000Z","tag":[{"code":"t"}]}})");
}

TEST(WriteResource, LeavesWhatNoEditNames) {
    const std::string resource =
        R"({"resourceType":"Patient","id":"p","meta":{"versionId":"1"},"n":[1.00,-0,1E5],)"
        R"("s":"Z\u00fc\/","div":"<div>\"</div>"})";
    EXPECT_EQ(rewritten(resource), resource);
    EXPECT_EQ(linked(resource), resource);
    EXPECT_EQ(rewritten("{}"), "{}");
}

TEST(WriteResource, MapsReferencesWhereverTheyAre) {
    EXPECT_EQ(linked(R"({"subject":{"reference":"urn:uuid:1","display":"urn:uuid:1"}})"),
              R"({"subject":{"reference":"Patient/new","display":"urn:uuid:1"}})");
    EXPECT_EQ(linked(R"({"contained":[{"x":[{"reference":"http://old.example/Patient/1"}]}]})"),
              R"({"contained":[{"x":[{"reference":"Patient/new"}]}]})");
    EXPECT_EQ(linked(R"({"reference":"urn:uuid:2"})"), R"({"reference":"urn:uuid:2"})");
}

// R4, http.html#trules: "elements of type uri, url, oid, uuid".
TEST(WriteResource, MapsPlaceholdersInAddresses) {
    EXPECT_EQ(linked(R"({"content":{"url":"urn:uuid:1"},"instantiatesUri":["urn:uuid:1","x"]})"),
              R"({"content":{"url":"Patient/new"},"instantiatesUri":["Patient/new","x"]})");
    EXPECT_EQ(linked(R"({"valueUri":"urn:uuid:1","valueString":"urn:uuid:1","value":"urn:uuid:1"})"),
              R"({"valueUri":"Patient/new","valueString":"urn:uuid:1","value":"urn:uuid:1"})");
    EXPECT_EQ(linked(R"({"instantiatesCanonical":"urn:uuid:1"})"),
              R"({"instantiatesCanonical":"urn:uuid:1"})");
}

TEST(WriteResource, LeavesACanonicalResourceItsOwnAddress) {
    const std::string resource =
        R"({"url":"http://old.example/Patient/1","system":"http://old.example/Patient/1"})";
    EXPECT_EQ(linked(resource), resource);
}

TEST(WriteResource, MapsLinksInNarrative) {
    EXPECT_EQ(
        linked(R"({"text":{"div":"<div>urn:uuid:1 <a href=\"urn:uuid:1\"/><img src='urn:uuid:1'/></div>"}})"),
        R"({"text":{"div":"<div>urn:uuid:1 <a href=\"Patient/new\"/><img src='Patient/new'/></div>"}})");
    const std::string other =
        R"({"div":"<div><a href=\"#x\" data-href=\"urn:uuid:1\" href=urn:uuid:1 href=\"urn:uuid:1</div>"})";
    EXPECT_EQ(linked(other), other);
}

TEST(ForEachLink, SeesWhatWouldBeMapped) {
    const auto document =
        json::Document::parse(R"({"meta":{"source":"urn:uuid:0"},"a":[{"reference":"Patient?x=1"}],)"
                              R"("div":"<div><a href=\"y\"/></div>"})");
    std::vector<std::string> seen;
    for_each_link(document->root(), [&](std::string_view link) { seen.emplace_back(link); });
    EXPECT_THAT(seen, testing::ElementsAre("urn:uuid:0", "Patient?x=1", "y"));
}

}   // namespace
}   // namespace ward::fhir
