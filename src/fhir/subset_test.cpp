// SPDX-License-Identifier: Apache-2.0
#include "fhir/subset.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

constexpr std::string_view subsetted =
    R"({"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"})";

// What is left of an Observation for a search, written as in an address.
std::string left_of(std::string_view search) {
    const auto document = json::Document::parse(
        R"({"resourceType":"Observation","id":"o1","meta":{"versionId":"1","tag":[{"code":"t"}]},)"
        R"("text":{"status":"generated"},"status":"final","code":{"text":"c"},"method":{"text":"m"},)"
        R"("valueQuantity":{"value":7.50},"_issued":{"id":"i"},"note":[{"text":"n"}]})");
    const auto query = parse_query(ResourceType::observation, *parse_form(search));
    EXPECT_TRUE(query) << query.error().diagnostics;
    return part_of(*query, document->root());
}

std::string with_head(std::string rest) {
    return R"({"resourceType":"Observation","id":"o1","meta":{"versionId":"1","tag":[{"code":"t"},)" +
           std::string{subsetted} + "]}" + rest + "}";
}

TEST(Subset, IsAskedForOrNot) {
    const auto asks = [](std::string_view search) {
        return asks_for_part(*parse_query(ResourceType::observation, *parse_form(search)));
    };
    EXPECT_FALSE(asks(""));
    EXPECT_FALSE(asks("_summary=false"));
    EXPECT_FALSE(asks("_summary=count"));
    EXPECT_TRUE(asks("_summary=text"));
    EXPECT_TRUE(asks("_elements=status"));
}

// R4, search.html#summary.
TEST(Subset, OfTheSummaryHasWhatTheDefinitionMarks) {
    EXPECT_EQ(left_of("_summary=true"),
              with_head(R"(,"status":"final","code":{"text":"c"},"valueQuantity":{"value":7.50},)"
                        R"("_issued":{"id":"i"})"));
}

TEST(Subset, OfTextHasTheNarrativeAndWhatMustBe) {
    EXPECT_EQ(left_of("_summary=text"),
              with_head(R"(,"text":{"status":"generated"},"status":"final","code":{"text":"c"})"));
}

TEST(Subset, OfDataHasEverythingButTheNarrative) {
    const auto left = left_of("_summary=data");
    EXPECT_EQ(left.find("generated"), std::string::npos);
    EXPECT_NE(left.find("\"note\""), std::string::npos);
}

// R4, search.html#elements: mandatory elements come along; names of choice elements may be given without
// type.
TEST(Subset, OfElementsHasThemAndWhatMustBe) {
    EXPECT_EQ(left_of("_elements=note"),
              with_head(R"(,"status":"final","code":{"text":"c"},"note":[{"text":"n"}])"));
    EXPECT_EQ(left_of("_elements=value,issued"),
              with_head(R"(,"status":"final","code":{"text":"c"},"valueQuantity":{"value":7.50},)"
                        R"("_issued":{"id":"i"})"));
}

TEST(Subset, ThereIsASummaryOfEveryType) {
    for (const auto type : resource_types()) {
        const auto document = json::Document::parse(R"({"resourceType":")" + std::string{name_of(type)} +
                                                    R"(","id":"x","meta":{},"surplus":1})");
        const auto query = parse_query(type, *parse_form("_summary=true"));
        EXPECT_EQ(part_of(*query, document->root()).find("surplus"), std::string::npos) << name_of(type);
    }
}

}   // namespace
}   // namespace ward::fhir
