// SPDX-License-Identifier: Apache-2.0
#include "fhir/sort.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fhir/query.hpp"

namespace ward::fhir {
namespace {

// The ids of a few observations in the order that is asked for.
std::string order_by(std::string_view sort) {
    const auto document = json::Document::parse(R"([
        {"resourceType":"Observation","id":"a","effectiveDateTime":"2026-01-02",
         "code":{"coding":[{"code":"x"}]},"valueQuantity":{"value":10}},
        {"resourceType":"Observation","id":"b","effectiveDateTime":"2026-01-01T23:59:59.5+09:00",
         "code":{"coding":[{"code":"y"}]},"valueQuantity":{"value":9.5}},
        {"resourceType":"Observation","id":"c","effectivePeriod":{"start":"2025-12-31","end":"2026-06-01"},
         "code":{"coding":[{"code":"z"},{"code":"a"}]},"valueQuantity":{"value":-1}},
        {"resourceType":"Observation","id":"d","code":{"coding":[{"code":"x"}]},"valueString":"none"}])");
    const auto query =
        parse_query(ResourceType::observation, std::vector<FormField>{{"_sort", std::string{sort}}});
    EXPECT_TRUE(query) << query.error().diagnostics;
    std::vector<std::pair<SortPosition, std::string>> all;
    for (const auto resource : document->root().items())
        all.emplace_back(sort_position(*query, resource), resource["id"].text());
    std::stable_sort(all.begin(), all.end(),
                     [&](const auto& a, const auto& b) { return compare(*query, a.first, b.first) < 0; });
    std::string ids;
    for (const auto& [position, id] : all) ids += id;
    return ids;
}

TEST(Sort, DatesByTheirFirstOrTheirLastMoment) {
    EXPECT_EQ(order_by("date"), "cbad");
    EXPECT_EQ(order_by("-date"), "cabd") << "the period ends last; what has no date comes last either way";
}

TEST(Sort, QuantitiesAsNumbers) {
    EXPECT_EQ(order_by("value-quantity"), "cbad");
    EXPECT_EQ(order_by("-value-quantity"), "abcd");
}

TEST(Sort, TokensByTheFirstOfTheirCodes) { EXPECT_EQ(order_by("code"), "cadb"); }

TEST(Sort, TheSecondKeyDecidesWhereTheFirstIsEqual) {
    EXPECT_EQ(order_by("code,-_id"), "cdab");
    EXPECT_EQ(order_by("-code,_id"), "cbad");
}

}   // namespace
}   // namespace ward::fhir
