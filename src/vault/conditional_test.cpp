// SPDX-License-Identifier: Apache-2.0
#include "vault/conditional.hpp"

#include <atomic>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string patient(std::string_view id, std::string_view number, std::string_view family) {
    const auto id_member = id.empty() ? std::string{} : fmt::format(R"("id":"{}",)", id);
    return fmt::format(R"({{"resourceType":"Patient",{}"name":[{{"family":"{}"}}],
        "identifier":[{{"system":"urn:example:mrn","value":"{}"}}]}})",
                       id_member, family, number);
}

const std::string number_1 = "Patient?identifier=urn:example:mrn|1";

// R4, http.html#cond-update: no match, one match, several; with and without an id.
TEST(ConditionalUpdate, WithoutAMatchCreates) {
    Hospital hospital;
    const auto created = hospital.put(number_1, patient("", "1", "Haddad"));
    EXPECT_EQ(created.status, 201);
    EXPECT_THAT(created.header("Location"), HasSubstr("/Patient/"));
    EXPECT_THAT(ids_in(hospital.get(number_1)), SizeIs(1));

    const auto placed = hospital.put("Patient?identifier=urn:example:mrn|2", patient("p2", "2", "Hadley"));
    EXPECT_EQ(placed.status, 201);
    EXPECT_EQ(hospital.get("Patient/p2").status, 200);
    EXPECT_EQ(hospital.put("Patient?identifier=urn:example:mrn|3", patient("p2", "3", "Hadley")).status, 409)
        << "nothing matches, but somebody has this id";
}

TEST(ConditionalUpdate, ReplacesTheOneMatch) {
    Hospital hospital;
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    const auto updated = hospital.put(number_1, patient("", "1", "Haddad-Levi"));
    EXPECT_EQ(updated.status, 200);
    EXPECT_EQ(updated.header("ETag"), "W/\"2\"");
    EXPECT_THAT(hospital.get("Patient/p1").body, HasSubstr("Haddad-Levi"));
    EXPECT_EQ(hospital.put(number_1, patient("p1", "1", "Haddad")).status, 200);
    EXPECT_EQ(hospital.put(number_1, patient("p9", "1", "Haddad")).status, 400) << "the id is another one";
    EXPECT_EQ(
        hospital.ask(http::Method::put, number_1, patient("", "1", "x"), {{"If-Match", "W/\"1\""}}).status,
        412);
}

TEST(ConditionalUpdate, OfSeveralMatchesOrOfAnythingIsRefused) {
    Hospital hospital;
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    hospital.put("Patient/p2", patient("p2", "1", "Hadley"));
    EXPECT_EQ(hospital.put(number_1, patient("", "1", "x")).status, 412);
    EXPECT_EQ(hospital.put("Patient", patient("", "1", "x")).status, 400);
    EXPECT_EQ(hospital.put("Patient?nonsense=1", patient("", "1", "x")).status, 400);
}

TEST(ConditionalUpdate, MakesOneOfManyThatComeAtOnce) {
    Hospital hospital;
    std::atomic<int> made = 0;
    std::atomic<int> replaced = 0;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i)
            clients.emplace_back([&] {
                const auto status = hospital.put(number_1, patient("", "1", "Haddad")).status;
                if (status == 201) ++made;
                if (status == 200) ++replaced;
            });
    }
    EXPECT_EQ(made, 1);
    EXPECT_EQ(replaced, 7);
    EXPECT_THAT(ids_in(hospital.get(number_1)), SizeIs(1));
}

TEST(ConditionalUpdate, NeedsTheRightToSearch) {
    Hospital hospital;
    hospital.set_scope("system/*.cru");
    EXPECT_EQ(hospital.put(number_1, patient("", "1", "x")).status, 403);
    EXPECT_EQ(hospital.remove(number_1).status, 403);
}

TEST(ConditionalDelete, RemovesTheOneMatch) {
    Hospital hospital;
    EXPECT_EQ(hospital.remove(number_1).status, 204) << "nothing to do is no error";
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    hospital.put("Patient/p2", patient("p2", "2", "Hadley"));
    EXPECT_EQ(hospital.remove(number_1).status, 204);
    EXPECT_EQ(hospital.get("Patient/p1").status, 410);
    EXPECT_EQ(hospital.get("Patient/p2").status, 200);
}

TEST(ConditionalDelete, OfSeveralMatchesOrOfAnythingIsRefused) {
    Hospital hospital;
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    hospital.put("Patient/p2", patient("p2", "1", "Hadley"));
    EXPECT_EQ(hospital.remove(number_1).status, 412);
    EXPECT_EQ(hospital.remove("Patient").status, 400);
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
}

TEST(ConditionalDelete, OfAnythingUnderAnotherNameIsRefused) {
    Hospital hospital;
    const std::string organization = R"({"resourceType":"Organization","name":"x"})";
    hospital.put("Organization/o1", R"({"resourceType":"Organization","id":"o1","name":"x"})");
    for (const auto* const criteria : {"_format=json", "_pretty=true", "_total=none", "_sort=name"}) {
        const auto path = fmt::format("Organization?{}", criteria);
        EXPECT_EQ(hospital.remove(path).status, 400) << criteria;
        EXPECT_EQ(hospital.put(path, organization).status, 400) << criteria;
        EXPECT_EQ(hospital.patch(path, "[]").status, 400) << criteria;
        EXPECT_EQ(
            hospital.ask(http::Method::post, "Organization", organization, {{"If-None-Exist", criteria}})
                .status,
            400)
            << criteria;
    }
    EXPECT_EQ(hospital.remove("Organization?name=x&_count=1").status, 400);
    EXPECT_EQ(hospital.get("Organization/o1").header("ETag"), "W/\"1\"");
    EXPECT_EQ(hospital.remove("Organization?name=x&_format=json").status, 204);
}

TEST(ConditionalPatch, ChangesTheOneMatch) {
    Hospital hospital;
    const std::string activate = R"([{"op":"add","path":"/active","value":true}])";
    EXPECT_EQ(hospital.patch(number_1, activate).status, 404);
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    EXPECT_EQ(hospital.patch(number_1, activate).status, 200);
    EXPECT_THAT(hospital.get("Patient/p1").body, HasSubstr(R"("active":true)"));
    hospital.put("Patient/p2", patient("p2", "1", "Hadley"));
    EXPECT_EQ(hospital.patch(number_1, activate).status, 412);
}

TEST(Condition, MakesNoChartForWhatMayNotBeWritten) {
    Hospital hospital;
    const auto policy = policy::Policy::parse(
        "ward policy 1\n"
        "relation mine is Patient?general-practitioner={me}\n"
        "role nurse may search, read everything of any patient\n"
        "role nurse may create, update, delete everything of patients mine\n");
    hospital.set_house(std::make_shared<const policy::Policy>(policy.value()),
                       {.user = "n.o",
                        .client = "ward",
                        .fhir_user = "Practitioner/n1",
                        .patient = {},
                        .roles = {"nurse"},
                        .purpose = {}});
    const std::string body = R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"Patient/nobody"}})";
    const std::string criteria = "patient=nobody&identifier=x";
    const auto path = "Observation?" + criteria;
    EXPECT_EQ(hospital.ask(http::Method::post, "Observation", body, {{"If-None-Exist", criteria}}).status,
              403);
    EXPECT_EQ(hospital.put(path, body).status, 403);
    EXPECT_EQ(hospital.remove(path).status, 204);
    EXPECT_EQ(hospital.patch(path, "[]").status, 404);
    const auto has_chart = [&] {
        auto& sealer = hospital.vault().sealer();
        return sealer.key_id(sealer.pseudonyms().owner_of_patient("nobody")).value().has_value();
    };
    EXPECT_FALSE(has_chart());
    hospital.set_no_house();
    EXPECT_EQ(hospital.remove(path).status, 204);
    EXPECT_FALSE(has_chart()) << "nothing was written";
    EXPECT_EQ(hospital.put(path, body).status, 201);
    EXPECT_TRUE(has_chart());
}

std::string transaction(std::string_view entries) {
    return fmt::format(R"({{"resourceType":"Bundle","type":"transaction","entry":[{}]}})", entries);
}

std::string put_entry(std::string_view url, const std::string& resource, std::string_view full_url = {}) {
    return fmt::format(R"({{"fullUrl":"{}","resource":{},"request":{{"method":"PUT","url":"{}"}}}})",
                       full_url, resource, url);
}

TEST(ConditionalInTransaction, CreatesAndIsReferredTo) {
    Hospital hospital;
    const std::string full_url = "urn:uuid:0f5b6f0c-56a8-4f4b-9df8-4a5a0d4d1a10";
    const std::string observation =
        R"({"resource":{"resourceType":"Observation","status":"final","code":{"text":"x"},
            "subject":{"reference":"urn:uuid:0f5b6f0c-56a8-4f4b-9df8-4a5a0d4d1a10"}},
            "request":{"method":"POST","url":"Observation"}})";
    const auto bundle =
        transaction(put_entry(number_1, patient("", "1", "Haddad"), full_url) + "," + observation);
    EXPECT_THAT(hospital.post("", bundle).body, HasSubstr("201 Created"));
    const auto first = ids_in(hospital.get(number_1));
    ASSERT_THAT(first, SizeIs(1));
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=" + first.front())), SizeIs(1));
    EXPECT_EQ(hospital.post("", bundle).status, 200);
    EXPECT_EQ(ids_in(hospital.get(number_1)), first) << "the second time, it is the match";
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=" + first.front())), SizeIs(2));
}

TEST(ConditionalInTransaction, DeletesTheOneMatchOrNothing) {
    Hospital hospital;
    const auto bundle =
        transaction(R"({"request":{"method":"DELETE","url":"Patient?identifier=urn:example:mrn|1"}})");
    EXPECT_THAT(hospital.post("", bundle).body, HasSubstr("204"));
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    EXPECT_THAT(hospital.post("", bundle).body, HasSubstr("204"));
    EXPECT_EQ(hospital.get("Patient/p1").status, 410);
}

TEST(ConditionalInTransaction, OfAnythingIsRefused) {
    Hospital hospital;
    hospital.put("Organization/o1", R"({"resourceType":"Organization","id":"o1","name":"x"})");
    const std::string located =
        R"({"resource":{"resourceType":"Location","name":"x",
            "managingOrganization":{"reference":"Organization?_format=json"}},
            "request":{"method":"POST","url":"Location"}})";
    EXPECT_EQ(hospital.post("", transaction(located)).status, 400);
    EXPECT_EQ(
        hospital.post("", transaction(R"({"request":{"method":"DELETE","url":"Organization?_pretty=true"}})"))
            .status,
        400);
    EXPECT_EQ(hospital.get("Organization/o1").status, 200);
}

// R4, http.html#trules: "any resource identities (including resolved identities from conditional
// update/delete)".
TEST(ConditionalInTransaction, WhatResolvesToOneResourceTwiceIsRefused) {
    Hospital hospital;
    hospital.put("Patient/p1", patient("p1", "1", "Haddad"));
    const auto overlapping = transaction(put_entry(number_1, patient("", "1", "x")) + "," +
                                         put_entry("Patient/p1", patient("p1", "1", "y")));
    EXPECT_EQ(hospital.post("", overlapping).status, 409);
    const auto twice =
        transaction(put_entry("Patient?identifier=urn:example:mrn|5", patient("", "5", "x")) + "," +
                    put_entry("Patient?identifier=urn:example:mrn|5", patient("", "5", "y")));
    EXPECT_EQ(hospital.post("", twice).status, 409);
    EXPECT_THAT(ids_in(hospital.get("Patient?identifier=urn:example:mrn|5")), IsEmpty());
    EXPECT_EQ(hospital.get("Patient/p1").header("ETag"), "W/\"1\"");
}

}   // namespace
}   // namespace ward::vault
