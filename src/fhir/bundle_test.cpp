// SPDX-License-Identifier: Apache-2.0
#include "fhir/bundle.hpp"

#include <gmock/gmock.h>

namespace ward::fhir {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// A Bundle together with the text that its view is of.
struct Sample {
    json::Document document;
    Checked<BundleView> view;
};

Sample bundle(std::string_view type, std::string_view entries, BundleLimits limits = {}) {
    auto document = json::Document::parse(R"({"resourceType":"Bundle","type":")" + std::string{type} +
                                          R"(","entry":[)" + std::string{entries} + "]}");
    EXPECT_TRUE(document);
    auto view = parse_bundle(document->root(), limits);
    return {*std::move(document), std::move(view)};
}

std::string entry(std::string_view method, std::string_view url, std::string_view more = "") {
    return R"({"request":{"method":")" + std::string{method} + R"(","url":")" + std::string{url} + "\"}" +
           std::string{more} + "}";
}

// Why a transaction of these entries is refused; empty if it is not.
std::string refusal(std::string_view entries) {
    const auto sample = bundle("transaction", entries);
    return sample.view ? "" : sample.view.error().diagnostics;
}

constexpr std::string_view patient = R"(,"resource":{"resourceType":"Patient"})";
constexpr std::string_view patient_p1 = R"(,"resource":{"resourceType":"Patient","id":"p1"})";

TEST(Bundle, SplitsTheAddressesOfItsEntries) {
    const auto sample =
        bundle("batch", entry("GET", "Observation/o1/_history/3") + "," +
                            entry("GET", "Observation?code=a&_count=2") + "," +
                            entry("GET", "Patient/p1/$everything") + "," + entry("GET", "Patient/_history") +
                            "," + entry("GET", "metadata"));
    ASSERT_TRUE(sample.view);
    const auto& entries = sample.view->entries;
    EXPECT_TRUE(entries[0].type == ResourceType::observation && entries[0].id == "o1" &&
                entries[0].version == "3");
    EXPECT_EQ(entries[1].query, "code=a&_count=2");
    EXPECT_TRUE(entries[2].id == "p1" && entries[2].operation == "$everything");
    EXPECT_TRUE(entries[3].id.empty() && entries[3].operation == "_history");
    EXPECT_EQ(entries[4].operation, "metadata");
    for (const auto& each : entries) EXPECT_FALSE(each.issue);
}

TEST(Bundle, TakesAnAddressWithASlashBeforeItAsBelowTheBase) {
    const auto sample = bundle("batch", entry("GET", "/Patient/p1"));
    ASSERT_TRUE(sample.view);
    EXPECT_EQ(sample.view->entries[0].url, "Patient/p1");
    EXPECT_EQ(sample.view->entries[0].id, "p1");
}

TEST(Bundle, HandsOverItsConditions) {
    const auto sample =
        bundle("transaction", R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},
        "request":{"method":"POST","url":"Patient","ifNoneExist":"identifier=a","ifMatch":"W/\"1\"",
        "ifNoneMatch":"*","ifModifiedSince":"2026-01-01T00:00:00Z"}})");
    ASSERT_TRUE(sample.view);
    const auto& only = sample.view->entries.at(0);
    EXPECT_EQ(only.full_url, "urn:uuid:1");
    EXPECT_EQ(only.method, Method::post);
    EXPECT_EQ(only.resource["resourceType"].text(), "Patient");
    EXPECT_EQ(only.if_none_exist, "identifier=a");
    EXPECT_EQ(only.if_match, "W/\"1\"");
    EXPECT_EQ(only.if_none_match, "*");
}

TEST(Bundle, IsRefusedUnlessABatchOrTransaction) {
    EXPECT_FALSE(bundle("collection", "").view);
    EXPECT_FALSE(bundle("", "").view);
    EXPECT_TRUE(bundle("batch", "").view);
    const auto other = json::Document::parse(R"({"resourceType":"Patient","type":"batch"})");
    EXPECT_FALSE(parse_bundle(other->root()));
    const auto odd = json::Document::parse(R"({"resourceType":"Bundle","type":"batch","entry":{}})");
    EXPECT_FALSE(parse_bundle(odd->root()));
}

TEST(Bundle, RefusesATransactionForOneBadEntryAndNamesIt) {
    EXPECT_THAT(refusal(entry("GET", "Patient/p1") + "," + entry("POST", "Patient")),
                HasSubstr("Bundle.entry[1]"));
    EXPECT_THAT(refusal("{}"), HasSubstr("no request"));
    EXPECT_THAT(refusal(entry("FETCH", "Patient/p1")), HasSubstr("no HTTP verb"));
    EXPECT_THAT(refusal(entry("GET", "")), HasSubstr("no url"));
    EXPECT_THAT(refusal(entry("GET", "Nothing/p1")), HasSubstr("resource type"));
    EXPECT_THAT(refusal(entry("GET", "Patient/p_1")), HasSubstr("no valid id"));
    EXPECT_THAT(refusal(entry("GET", "Patient/p1/_history/1/2")), HasSubstr("too many parts"));
    EXPECT_THAT(refusal(entry("GET", "Patient/p1/p2")), HasSubstr("too many parts"));
    EXPECT_THAT(refusal(entry("POST", "Patient/p1", patient)), HasSubstr("a resource type alone"));
    EXPECT_THAT(refusal(entry("POST", "Group", patient)), HasSubstr("not of the url's type"));
    EXPECT_THAT(refusal(entry("PUT", "Patient/p2", patient_p1)), HasSubstr("the id is not"));
    EXPECT_THAT(refusal(entry("PUT", "Patient", patient)), HasSubstr("an id or a search"));
    EXPECT_THAT(refusal(entry("DELETE", "Patient")), HasSubstr("an id or a search"));
    EXPECT_THAT(refusal(entry("DELETE", "Patient/p1/_history")), HasSubstr("Type/id"));
}

TEST(Bundle, AcceptsWhatIsWellFormed) {
    EXPECT_EQ(refusal(entry("POST", "Patient", patient)), "");
    EXPECT_EQ(refusal(entry("PUT", "Patient/p1", patient_p1)), "");
    EXPECT_EQ(refusal(entry("PUT", "Patient?identifier=a", patient)), "");
    EXPECT_EQ(refusal(entry("DELETE", "Patient/p1")), "");
    EXPECT_EQ(refusal(entry("DELETE", "Patient?identifier=a")), "");
    EXPECT_EQ(refusal(entry("POST", "Patient/p1/$everything")), "");
    EXPECT_EQ(refusal(entry("PATCH", "Patient/p1")), "");
}

// R4, http.html#batch: the entries of a batch do not depend on each other.
TEST(Bundle, KeepsABatchWithABadEntry) {
    const auto sample = bundle("batch", entry("POST", "Patient") + "," + entry("GET", "Patient/p1"));
    ASSERT_TRUE(sample.view);
    ASSERT_TRUE(sample.view->entries[0].issue);
    EXPECT_EQ(sample.view->entries[0].issue->expression, "Bundle.entry[0].resource");
    EXPECT_FALSE(sample.view->entries[1].issue);
}

TEST(Bundle, RefusesATransactionThatChangesOneResourceTwice) {
    const auto put = entry("PUT", "Patient/p1", patient_p1);
    EXPECT_THAT(refusal(put + "," + entry("DELETE", "Patient/p1")), HasSubstr("entries 0 and 1"));
    EXPECT_THAT(refusal(put + "," + put), HasSubstr("the same resource"));
    EXPECT_EQ(refusal(put + "," + entry("DELETE", "Group/p1") + "," + entry("GET", "Patient/p1")), "");
    EXPECT_TRUE(bundle("batch", put + "," + put).view);
    const auto post = R"({"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient"},
        "request":{"method":"POST","url":"Patient"}})";
    EXPECT_THAT(refusal(std::string{post} + "," + post), HasSubstr("the same resource"));
}

// R4, http.html#trules: DELETE, POST, PUT or PATCH, GET or HEAD.
TEST(Bundle, IsDoneInTheOrderOfTheSpecification) {
    const auto sample = bundle(
        "transaction", entry("GET", "Patient/p1") + "," + entry("PUT", "Patient/p1", patient_p1) + "," +
                           entry("POST", "Patient", patient) + "," + entry("DELETE", "Patient/p3") + "," +
                           entry("POST", "Patient", patient) + "," + entry("PATCH", "Patient/p4"));
    ASSERT_TRUE(sample.view);
    EXPECT_THAT(transaction_order(*sample.view), ElementsAre(3, 2, 4, 1, 5, 0));
}

TEST(Bundle, RefusesWhatExceedsItsLimits) {
    const auto two = entry("GET", "Patient/p1") + "," + entry("GET", "Patient/p2");
    EXPECT_TRUE(bundle("batch", two, {.entries_max = 2}).view);
    EXPECT_FALSE(bundle("batch", two, {.entries_max = 1}).view);
    EXPECT_TRUE(bundle("batch", two, {.url_bytes_max = 9}).view->entries[0].issue);
    EXPECT_FALSE(bundle("batch", two, {.url_bytes_max = 10}).view->entries[0].issue);
}

TEST(Bundle, NamesItsMethods) {
    EXPECT_EQ(name_of(Method::remove), "DELETE");
    EXPECT_EQ(name_of(Method::get), "GET");
}

}   // namespace
}   // namespace ward::fhir
