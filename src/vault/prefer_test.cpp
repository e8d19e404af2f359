// SPDX-License-Identifier: Apache-2.0
#include "vault/prefer.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(Prefer, IsReadAsTheRfcSays) {
    using enum ReturnPreference;
    EXPECT_EQ(parse_preferences("return=minimal").returns, minimal);
    EXPECT_EQ(parse_preferences("Return = \"representation\"; foo=bar").returns, representation);
    EXPECT_EQ(parse_preferences("handling=lenient, wait=10, return=OperationOutcome").returns,
              operation_outcome);
    EXPECT_EQ(parse_preferences("return=minimal, return=representation").returns, minimal);
    EXPECT_EQ(parse_preferences("return=everything").returns, unsaid);
    EXPECT_EQ(parse_preferences(",;=,").returns, unsaid);
    EXPECT_EQ(parse_preferences("").returns, unsaid);
    EXPECT_EQ(parse_preferences("return=minimal, handling=lenient").unknown, fhir::Unknown::ignored);
    EXPECT_EQ(parse_preferences("handling=strict, handling=lenient").unknown, fhir::Unknown::refused);
    EXPECT_TRUE(parse_preferences("return=minimal, respond-async").respond_async);
    EXPECT_FALSE(parse_preferences("respond-later").respond_async);
}

const std::string amal = R"({"resourceType":"Patient","id":"p1","name":[{"family":"Haddad"}]})";

TEST(Prefer, MinimalLeavesTheBodyOut) {
    Hospital hospital;
    const std::vector<http::Header> minimal{{"Prefer", "return=minimal"}};
    const auto created = hospital.ask(http::Method::post, "Patient", amal, minimal);
    EXPECT_EQ(created.status, 201);
    EXPECT_THAT(created.header("Location"), HasSubstr("/Patient/"));
    EXPECT_THAT(created.body, IsEmpty());
    const auto placed = hospital.ask(http::Method::put, "Patient/p1", amal, minimal);
    EXPECT_EQ(placed.status, 201);
    EXPECT_EQ(placed.header("ETag"), "W/\"1\"");
    EXPECT_THAT(placed.body, IsEmpty());
    const auto patched =
        hospital.patch("Patient/p1", R"([{"op":"add","path":"/active","value":true}])", minimal);
    EXPECT_EQ(patched.status, 200);
    EXPECT_THAT(patched.body, IsEmpty());
    EXPECT_THAT(hospital.ask(http::Method::get, "Patient/p1", {}, minimal).body, HasSubstr("Haddad"))
        << "a read is not a write";
}

TEST(Prefer, RepresentationAndOutcomeAreSent) {
    Hospital hospital;
    const auto full =
        hospital.ask(http::Method::put, "Patient/p1", amal, {{"Prefer", "return=representation"}});
    EXPECT_THAT(full.body, HasSubstr("Haddad"));
    const std::vector<http::Header> outcome{{"Prefer", "return=OperationOutcome"}};
    const auto told = hospital.ask(http::Method::put, "Patient/p1", amal, outcome);
    EXPECT_EQ(told.status, 200);
    EXPECT_EQ(member(told, "resourceType"), "OperationOutcome");
    EXPECT_THAT(told.body, HasSubstr("information"));
    const auto removed = hospital.ask(http::Method::del, "Patient/p1", {}, outcome);
    EXPECT_EQ(removed.status, 200) << "204 has no body";
    EXPECT_EQ(member(removed, "resourceType"), "OperationOutcome");
}

TEST(Prefer, LenientHandlingPassesOverWhatNobodyKnowsAndSaysSo) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    EXPECT_EQ(hospital.get("Patient?family=Haddad&shoesize=43").status, 400);
    const auto found = hospital.ask(http::Method::get, "Patient?family=Haddad&shoesize=43", {},
                                    {{"Prefer", "handling=lenient"}});
    EXPECT_EQ(found.status, 200);
    EXPECT_THAT(found.body, HasSubstr(R"("mode":"outcome")"));
    EXPECT_THAT(found.body, Not(HasSubstr("shoesize=43"))) << "the self link says what was searched";
    const auto refused = hospital.ask(http::Method::get, "Patient?family:soundslike=Haddad", {},
                                      {{"Prefer", "handling=lenient"}});
    EXPECT_EQ(refused.status, 400) << "a modifier is never passed over";
}

TEST(Prefer, HoldsForTheEntriesOfABundle) {
    for (const auto* const type : {"transaction", "batch"}) {
        const auto bundle = fmt::format(
            R"({{"resourceType":"Bundle","type":"{}","entry":[{{"resource":{},
                "request":{{"method":"PUT","url":"Patient/p1"}}}}]}})",
            type, amal);
        Hospital hospital;
        EXPECT_THAT(hospital.post("", bundle).body, Not(HasSubstr("Haddad"))) << type;
        const auto full = hospital.ask(http::Method::post, "", bundle, {{"Prefer", "return=representation"}});
        EXPECT_THAT(full.body, HasSubstr("Haddad")) << type;
        EXPECT_THAT(full.body, HasSubstr(R"("versionId":"2")")) << type;
        const auto told =
            hospital.ask(http::Method::post, "", bundle, {{"Prefer", "return=OperationOutcome"}});
        EXPECT_THAT(told.body, HasSubstr(R"("outcome":{"resourceType":"OperationOutcome")")) << type;
        EXPECT_THAT(told.body, Not(HasSubstr("Haddad"))) << type;
    }
}

}   // namespace
}   // namespace ward::vault
