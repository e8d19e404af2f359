// SPDX-License-Identifier: Apache-2.0
#include "fhir/glass_event.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

constexpr Time now{std::chrono::seconds{1'800'000'000}};

const GlassEvent opened{.id = "e1",
                        .user = "dr.haddad",
                        .client = "ward-round",
                        .address = "192.0.2.7",
                        .patient = "p1",
                        .purpose = "BTG",
                        .reason = "unconscious in the \"emergency\" room",
                        .from = now,
                        .until = now + std::chrono::minutes{60},
                        .review_due = now + std::chrono::hours{72}};
const GlassReview looked_at{.id = "r1",
                            .event = "e1",
                            .user = "p.privacy",
                            .client = "console",
                            .patient = "p1",
                            .finding = "appropriate",
                            .note = "confirmed with the ward",
                            .at = now};

TEST(GlassEvent, ComesBackAsItWasWritten) {
    const auto event = json::Document::parse(write_glass_event(opened)).value();
    EXPECT_EQ(read_glass_event(event.root()), opened);
    const auto review = json::Document::parse(write_glass_review(looked_at)).value();
    EXPECT_EQ(read_glass_review(review.root()), looked_at);
}

TEST(GlassEvent, IsToldFromItsReviewAndFromOtherEvents) {
    const auto event = json::Document::parse(write_glass_event(opened)).value();
    EXPECT_FALSE(read_glass_review(event.root()));
    const auto other = json::Document::parse(R"({"resourceType":"AuditEvent"})").value();
    EXPECT_FALSE(read_glass_event(other.root()));
    EXPECT_FALSE(read_glass_review(other.root()));
}

}   // namespace
}   // namespace ward::fhir
