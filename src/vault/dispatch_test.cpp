// SPDX-License-Identifier: Apache-2.0
#include "vault/dispatch.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <thread>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string amal = R"({"resourceType":"Patient","id":"p1","active":true,
  "identifier":[{"system":"urn:example:mrn","value":"MRN-4711"}],
  "name":[{"family":"Haddad","given":["Amal"]}],"gender":"female","birthDate":"1984-03-09"})";
const std::string bruno = R"({"resourceType":"Patient","id":"p2",
  "name":[{"family":"Hadley","given":["Bruno"]}],"gender":"male","birthDate":"1950"})";

std::string observation(std::string_view id, std::string_view patient, std::string_view code,
                        std::string_view when) {
    return fmt::format(R"({{"resourceType":"Observation","id":"{}","status":"final",
      "code":{{"coding":[{{"system":"http://loinc.org","code":"{}"}}]}},
      "subject":{{"reference":"Patient/{}"}},"effectiveDateTime":"{}","valueQuantity":{{"value":7.50}}}})",
                       id, code, patient, when);
}

TEST(Read, GivesBackWhatWasStoredWithItsVersion) {
    Hospital hospital;
    const auto created = hospital.put("Patient/p1", amal);
    EXPECT_EQ(created.status, 201);
    EXPECT_EQ(created.header("Location"), "https://ward.example/fhir/Patient/p1/_history/1");
    const auto read = hospital.get("Patient/p1");
    EXPECT_EQ(read.status, 200);
    EXPECT_EQ(read.header("ETag"), "W/\"1\"");
    EXPECT_EQ(read.body, created.body);
    EXPECT_THAT(read.body, HasSubstr(R"("meta":{"versionId":"1","lastUpdated":"2026-11-22T09:00:00.000Z"})"));
}

TEST(Read, TellsMissingFromDeleted) {
    Hospital hospital;
    EXPECT_EQ(hospital.get("Patient/p1").status, 404);
    hospital.put("Patient/p1", amal);
    EXPECT_EQ(hospital.remove("Patient/p1").status, 204);
    EXPECT_EQ(hospital.get("Patient/p1").status, 410);
    EXPECT_EQ(hospital.get("Patient/p1/_history/1").status, 200);
    EXPECT_EQ(hospital.get("Patient/p1/_history/2").status, 410);
    EXPECT_EQ(hospital.get("Patient/p1/_history/3").status, 404);
}

TEST(Read, AVersionThatTheClientHasIsNotSentAgain) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    const auto read = hospital.ask(http::Method::get, "Patient/p1", {}, {{"If-None-Match", "W/\"1\""}});
    EXPECT_EQ(read.status, 304);
    EXPECT_THAT(read.body, IsEmpty());
}

TEST(Update, ReplacesOnlyTheVersionThatItNames) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    EXPECT_EQ(hospital.ask(http::Method::put, "Patient/p1", amal, {{"If-Match", "W/\"1\""}}).status, 200);
    EXPECT_EQ(hospital.ask(http::Method::put, "Patient/p1", amal, {{"If-Match", "W/\"1\""}}).status, 412);
    EXPECT_EQ(hospital.get("Patient/p1").header("ETag"), "W/\"2\"");
}

TEST(Update, RefusesAResourceThatBelongsElsewhere) {
    Hospital hospital;
    EXPECT_EQ(hospital.put("Patient/p9", amal).status, 400);
    EXPECT_EQ(hospital.put("Observation/p1", amal).status, 400);
    EXPECT_EQ(hospital.put("Nonsense/p1", amal).status, 404);
}

TEST(Create, WithAConditionStoresOnce) {
    Hospital hospital;
    const std::vector<http::Header> condition{{"If-None-Exist", "identifier=urn:example:mrn|MRN-4711"}};
    const auto first = hospital.ask(http::Method::post, "Patient", amal, condition);
    const auto second = hospital.ask(http::Method::post, "Patient", amal, condition);
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(second.status, 200);
    EXPECT_EQ(second.header("Location"), first.header("Location"));
}

TEST(Create, IfNoneExistMakesOneOfManyThatComeAtOnce) {
    Hospital hospital;
    const std::string unknown = "Observation?patient=p9&identifier=urn:example:order|1";
    const std::string observation = R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "identifier":[{"system":"urn:example:order","value":"1"}],"subject":{"reference":"Patient/p9"}})";
    const std::vector<http::Header> condition{{"If-None-Exist", unknown.substr(unknown.find('?') + 1)}};
    std::atomic<int> made = 0;
    {
        std::vector<std::jthread> clients;
        for (int i = 0; i < 8; ++i)
            clients.emplace_back([&] {
                if (hospital.ask(http::Method::post, "Observation", observation, condition).status == 201)
                    ++made;
            });
    }
    EXPECT_EQ(made, 1) << "though the patient had no keys, and so no index, when they came";
    EXPECT_THAT(ids_in(hospital.get(unknown)), SizeIs(1));
}

TEST(Create, IfNoneExistNeedsSomethingThatTheIndexCanWatch) {
    Hospital hospital;
    const std::string organization = R"({"resourceType":"Organization","active":true})";
    const auto refused =
        hospital.ask(http::Method::post, "Organization", organization, {{"If-None-Exist", "name=x"}});
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("indexed"));
}

TEST(History, IsNewestFirstAndPaged) {
    Hospital hospital;
    for (int i = 0; i < 3; ++i) hospital.put("Patient/p1", amal);
    hospital.remove("Patient/p1");
    const auto page = hospital.get("Patient/p1/_history?_count=3");
    EXPECT_THAT(page.body, HasSubstr(R"("method":"DELETE")"));
    const auto bundle = json::Document::parse(page.body);
    std::string next;
    for (const auto link : (*bundle)["link"].items())
        if (link["relation"].text() == "next") next = link["url"].text();
    ASSERT_THAT(next, HasSubstr("Patient/p1/_history?_page="));
    const auto rest = hospital.get(next.substr(next.find("Patient/")));
    EXPECT_THAT(rest.body, HasSubstr(R"("versionId":"1")"));
    EXPECT_THAT(rest.body, Not(HasSubstr(R"("relation":"next")")));
}

TEST(History, TellsHowEachVersionCameToBe) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p1", amal);
    hospital.remove("Patient/p1");
    hospital.put("Patient/p1", amal);
    const auto made = hospital.post("Patient", bruno);
    const auto requests_in = [](const http::Response& response) {
        std::vector<std::string> requests;
        const auto bundle = json::Document::parse(response.body);
        for (const auto entry : (*bundle)["entry"].items())
            requests.push_back(fmt::format("{} {}", entry["request"]["method"].text(),
                                           entry["response"]["status"].text().substr(0, 3)));
        return requests;
    };
    EXPECT_THAT(requests_in(hospital.get("Patient/p1/_history")),
                ElementsAre("PUT 201", "DELETE 204", "PUT 200", "PUT 201"));
    const auto id = member(made, "id");
    EXPECT_THAT(requests_in(hospital.get("Patient/" + id + "/_history")), ElementsAre("POST 201"));
}

TEST(Search, FindsWhatIsVeryLong) {
    Hospital hospital;
    const std::string page(std::size_t{33} << 20, 'A');
    const auto scan = fmt::format(R"({{"resourceType":"DocumentReference","id":"d1","status":"current",
        "subject":{{"reference":"Patient/p1"}},"content":[{{"attachment":{{"data":"{}"}}}}]}})",
                                  page);
    ASSERT_EQ(hospital.put("DocumentReference/d1", scan).status, 201);
    const auto found = hospital.get("DocumentReference?patient=p1");
    EXPECT_EQ(found.status, 200);
    EXPECT_NE(found.body.find(R"("total":1)"), std::string::npos);
}

TEST(Search, SaysWhatItWasAskedAndHowManyThereAre) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p2", bruno);
    const auto found = hospital.get("Patient?name=had&_count=0");
    EXPECT_THAT(found.body, HasSubstr(R"("url":"https://ward.example/fhir/Patient?name=had&_count=0")"));
    EXPECT_THAT(found.body, HasSubstr(R"("total":2)"));
    EXPECT_THAT(ids_in(found), IsEmpty());
}

TEST(Search, FindsPatientsByNameIdentifierAndBirthDate) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p2", bruno);
    EXPECT_THAT(ids_in(hospital.get("Patient?name=had")), UnorderedElementsAre("p1", "p2"));
    EXPECT_THAT(ids_in(hospital.get("Patient?family=HADDAD")), ElementsAre("p1"));
    EXPECT_THAT(ids_in(hospital.get("Patient?identifier=urn:example:mrn|MRN-4711")), ElementsAre("p1"));
    EXPECT_THAT(ids_in(hospital.get("Patient?identifier=MRN-4711")), ElementsAre("p1"));
    EXPECT_THAT(ids_in(hospital.get("Patient?birthdate=1984-03-09")), ElementsAre("p1"));
    EXPECT_THAT(ids_in(hospital.get("Patient?birthdate=lt1960")), ElementsAre("p2"));
    EXPECT_THAT(ids_in(hospital.get("Patient?birthdate=ge1940&birthdate=le1990&gender=female")),
                ElementsAre("p1"));
    EXPECT_THAT(ids_in(hospital.get("Patient?family=Nobody")), IsEmpty());
}

TEST(Search, WithinAPatientNarrowsByCodeAndDate) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Observation/a", observation("a", "p1", "2339-0", "2024-05-01T10:00:00Z"));
    hospital.put("Observation/b", observation("b", "p1", "2339-0", "2025-05-01"));
    hospital.put("Observation/c", observation("c", "p1", "718-7", "2025-05-01"));
    hospital.put("Observation/d", observation("d", "p2", "2339-0", "2025-05-01"));
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=p1&code=2339-0")), ElementsAre("a", "b"));
    EXPECT_THAT(ids_in(hospital.get("Observation?subject=Patient/p1&date=gt2025")), IsEmpty());
    EXPECT_THAT(ids_in(hospital.get("Observation?subject=Patient/p1&date=ge2025")), ElementsAre("b", "c"));
    EXPECT_THAT(ids_in(hospital.get("Patient/p1/Observation?code=http://loinc.org|718-7")), ElementsAre("c"));
    EXPECT_THAT(ids_in(hospital.get("Observation?_id=d")), ElementsAre("d"));
}

TEST(Search, AcrossPatientsOnClinicalContentIsRefusedWithAReason) {
    Hospital hospital;
    const auto refused = hospital.get("Observation?code=2339-0");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("name the patient"));
    EXPECT_EQ(hospital.get("Patient?gender=female").status, 403);
}

TEST(Search, NeverIgnoresAParameter) {
    Hospital hospital;
    EXPECT_EQ(hospital.get("Patient?name=had&nonsense=1").status, 400);
    EXPECT_EQ(hospital.get("Observation?patient=p1&_content=x").status, 400);
    EXPECT_EQ(hospital.get("Patient?name:text=had").status, 400);
}

TEST(Search, PagesWithoutTellingTheAddressWhatWasAsked) {
    Hospital hospital;
    for (int i = 0; i < 5; ++i) {
        const auto id = fmt::format("o{}", i);
        hospital.put("Observation/" + id, observation(id, "p1", "2339-0", "2025-05-01"));
    }
    std::string next = "Observation?patient=p1&code=2339-0&_count=2";
    std::vector<std::string> seen;
    while (!next.empty()) {
        const auto page = hospital.get(next);
        for (const auto& id : ids_in(page)) seen.push_back(id);
        next.clear();
        const auto bundle = json::Document::parse(page.body);
        for (const auto link : (*bundle)["link"].items())
            if (link["relation"].text() == "next") next = link["url"].text().substr(26);
        EXPECT_THAT(next, Not(HasSubstr("2339-0")));
    }
    EXPECT_THAT(seen, ElementsAre("o0", "o1", "o2", "o3", "o4"));
}

TEST(Search, AnUpdatedRecordIsFoundByWhatItSaysNow) {
    Hospital hospital;
    hospital.put("Observation/a", observation("a", "p1", "2339-0", "2025-05-01"));
    hospital.put("Observation/a", observation("a", "p1", "718-7", "2025-05-01"));
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=p1&code=2339-0")), IsEmpty());
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=p1&code=718-7")), ElementsAre("a"));
    hospital.remove("Observation/a");
    EXPECT_THAT(ids_in(hospital.get("Observation?patient=p1&code=718-7")), IsEmpty());
}

TEST(Everything, IsThePatientFirstThenTheChart) {
    Hospital hospital;
    hospital.put("Observation/a", observation("a", "p1", "2339-0", "2025-05-01"));
    hospital.put("Patient/p1", amal);
    hospital.put("Observation/x", observation("x", "p2", "2339-0", "2025-05-01"));
    EXPECT_THAT(ids_in(hospital.get("Patient/p1/$everything")), ElementsAre("p1", "a"));
    EXPECT_EQ(hospital.get("Patient/nobody/$everything").status, 404);
}

TEST(Permission, IsAskedOfTheToken) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.set_scope("user/Patient.r");
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    EXPECT_EQ(hospital.get("Patient?name=had").status, 403);
    EXPECT_EQ(hospital.put("Patient/p1", amal).status, 403);
    EXPECT_EQ(hospital.remove("Patient/p1").status, 403);
    EXPECT_EQ(hospital.get("Observation?patient=p1").status, 403);
}

TEST(Audit, EveryRequestLeavesAnEntryAlsoARefusedOne) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    const auto entries = [&] {
        const auto reader = hospital.vault().readers().take();
        return Records{**reader}.size().value();
    };
    const auto before = entries();
    hospital.get("Patient/p1");
    hospital.get("Patient/nobody");
    hospital.get("Patient?nonsense=1");
    hospital.get("nowhere/at/all");
    EXPECT_EQ(entries(), before + 4);
}

TEST(Audit, TellsWhoSawWhichVersionOfWhom) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.get("Patient/p1");
    const auto found = hospital.get("AuditEvent?patient=p1");
    const auto bundle = json::Document::parse(found.body);
    std::vector<std::string> codes;
    for (const auto entry : (*bundle)["entry"].items())
        for (const auto subtype : entry["resource"]["subtype"].items())
            codes.emplace_back(subtype["code"].text());
    EXPECT_THAT(codes, ElementsAre("update", "read"));
    EXPECT_THAT(found.body, HasSubstr("dr.who"));
    EXPECT_THAT(found.body, HasSubstr("Patient/p1/_history/1"));
}

TEST(Audit, IsOnlyAddedTo) {
    Hospital hospital;
    const std::string event = R"({"resourceType":"AuditEvent","id":"a1","type":{"code":"rest"}})";
    EXPECT_EQ(hospital.put("AuditEvent/a1", event).status, 201);   // a feed of another system's
    EXPECT_EQ(hospital.put("AuditEvent/a1", event).status, 422);
    EXPECT_EQ(hospital.remove("AuditEvent/a1").status, 422);
    EXPECT_EQ(hospital.get("AuditEvent/a1").status, 200);
}

TEST(Audit, NamesEveryPatientOfAPageHoweverManyThereAre) {
    Hospital hospital;
    for (int i = 0; i < 70; ++i) {
        const auto id = fmt::format("p{}", i);
        hospital.put(
            "Patient/" + id,
            fmt::format(R"({{"resourceType":"Patient","id":"{}","name":[{{"family":"Haddad"}}]}})", id));
    }
    EXPECT_THAT(ids_in(hospital.get("Patient?family=Haddad&_count=100")), ::testing::SizeIs(70));
    EXPECT_THAT(hospital.get("AuditEvent?patient=p0").body, HasSubstr("search"));
    EXPECT_THAT(hospital.get("AuditEvent?patient=p69").body, HasSubstr("search"));
}

TEST(Audit, OfAVeryLongBundleIsToldOnceAndNamedByTheRest) {
    Hospital hospital;
    std::string entries;
    for (int i = 0; i < 2'100; ++i)
        entries += fmt::format(R"({}{{"resource":{{"resourceType":"Patient","id":"p{}"}},)"
                               R"("request":{{"method":"PUT","url":"Patient/p{}"}}}})",
                               i == 0 ? "" : ",", i, i);
    const auto bundle = R"({"resourceType":"Bundle","type":"transaction","entry":[)" + entries + "]}";
    ASSERT_EQ(hospital.post("", bundle).status, 200);
    const auto first = hospital.get("AuditEvent?patient=p0");
    const auto last = hospital.get("AuditEvent?patient=p2099");
    EXPECT_THAT(first.body, HasSubstr("Patient/p2099/_history/1"));
    EXPECT_THAT(last.body, HasSubstr("AuditEvent/" + ids_in(first).front()));
    EXPECT_THAT(last.body, Not(HasSubstr("Patient/p0/_history/1")));
}

TEST(Audit, OfASearchThatFoundNothingStillNamesThePatient) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.get("Observation?patient=p1&code=75622-1");
    EXPECT_THAT(hospital.get("AuditEvent?patient=p1").body, HasSubstr("search"));
}

TEST(Audit, OfARefusedSearchTellsWhatWasAsked) {
    Hospital hospital;
    hospital.set_scope("system/Encounter.rs");
    EXPECT_EQ(hospital.get("Observation?patient=p1").status, 403);
    hospital.set_scope("system/*.rs");
    EXPECT_THAT(hospital.get("AuditEvent/_history?_count=1").body,
                HasSubstr(to_base64(as_bytes("Observation?patient=p1"))));
}

TEST(Permission, AConditionTellsNothingToWhoMayNotSearch) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    const std::vector<http::Header> condition{{"If-None-Exist", "identifier=urn:example:mrn|MRN-4711"}};
    hospital.set_scope("system/Patient.c");
    EXPECT_EQ(hospital.ask(http::Method::post, "Patient", amal, condition).status, 403);
    hospital.set_scope("system/Patient.cs");
    const auto matched = hospital.ask(http::Method::post, "Patient", amal, condition);
    EXPECT_EQ(matched.status, 200);
    EXPECT_THAT(matched.body, IsEmpty());
}

TEST(Request, WhatWouldBeIgnoredIsRefused) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    EXPECT_EQ(hospital.get("Patient/p1/$everything?_type=Observation").status, 400);
    const auto put_with = [&](const http::Header& header) {
        return hospital.ask(http::Method::put, "Patient/p1", amal, {header}).status;
    };
    EXPECT_EQ(put_with({"If-None-Exist", "identifier=1"}), 400);
    EXPECT_EQ(hospital.ask(http::Method::post, "Patient", bruno, {{"If-Match", "W/\"1\""}}).status, 400);
    EXPECT_EQ(hospital.get("Patient/p1?_summary=true").status, 400);
    EXPECT_EQ(hospital.get("Patient/p1?_format=json").status, 200);
    EXPECT_EQ(hospital.post("Practitioner/_search", amal).status, 400);
}

TEST(Update, WithIfNoneMatchOnlyMakesWhatIsNotThere) {
    Hospital hospital;
    const std::vector<http::Header> only_new{{"If-None-Match", "*"}};
    EXPECT_EQ(hospital.ask(http::Method::put, "Patient/p1", amal, only_new).status, 201);
    EXPECT_EQ(hospital.ask(http::Method::put, "Patient/p1", amal, only_new).status, 412);
}

}   // namespace
}   // namespace ward::vault
