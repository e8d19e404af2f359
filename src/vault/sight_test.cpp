// SPDX-License-Identifier: Apache-2.0
// What may not be seen is not there: leaks that real servers were found to have, each a test.
#include "vault/sight.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fhir/compartment.hpp"
#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// Two patients, and what their charts hold.
class Leaks : public ::testing::Test {
protected:
    Leaks() {
        for (const auto* id : {"p1", "p2"})
            hospital_.put(
                fmt::format("Patient/{}", id),
                fmt::format(R"({{"resourceType":"Patient","id":"{0}","name":[{{"family":"Family{0}"}}]}})",
                            id));
        observe("o1", "p1", "laboratory");
        observe("v1", "p1", "vital-signs");
        observe("o2", "p2", "laboratory");
        hospital_.put("Practitioner/d1", R"({"resourceType":"Practitioner","id":"d1"})");
    }

    static std::string observation(std::string_view id, std::string_view patient, std::string_view category,
                                   std::string_view more = {}) {
        return fmt::format(
            R"({{"resourceType":"Observation","id":"{}","status":"final","code":{{"text":"x"}},
               "category":[{{"coding":[{{"system":"urn:category","code":"{}"}}]}}],
               "subject":{{"reference":"Patient/{}"}}{}}})",
            id, category, patient, more);
    }
    void observe(std::string_view id, std::string_view patient, std::string_view category,
                 std::string_view more = {}) {
        const auto stored =
            hospital_.put(fmt::format("Observation/{}", id), observation(id, patient, category, more));
        ASSERT_LT(stored.status, 300) << stored.body;
    }
    void become(std::string scope, std::string patient = {}) {
        hospital_.set_scope(std::move(scope), std::move(patient));
    }
    /// What the audit trail says of the last request about this patient.
    std::string last_audit_of(std::string_view patient) {
        become("system/*.cruds");
        const auto trail = hospital_.get(fmt::format("AuditEvent?patient={}&_count=1000", patient)).body;
        const auto bundle = json::Document::parse(trail);
        std::string last;
        for (const auto entry : (*bundle)["entry"].items()) last = entry["resource"].raw();
        return last;
    }

    Hospital hospital_;
};

TEST_F(Leaks, APatientsTokenOpensThatPatientsChartOnly) {
    become("patient/*.rs", "p1");
    EXPECT_EQ(hospital_.get("Patient/p1").status, 200);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    EXPECT_EQ(hospital_.get("Patient/p2").status, 404);
    EXPECT_EQ(hospital_.get("Observation/o2").status, 404);
    EXPECT_EQ(hospital_.get("Observation/o2/_history").status, 404);
    EXPECT_EQ(hospital_.get("Observation/o2/_history/1").status, 404);
    EXPECT_EQ(hospital_.get("Patient/p2/$everything").status, 404);
}

TEST_F(Leaks, APatientScopeWithoutAPatientGivesNothing) {
    become("patient/*.cruds");
    EXPECT_EQ(hospital_.get("Patient/p1").status, 403);
    EXPECT_EQ(hospital_.get("Observation?patient=p1").status, 403);
    EXPECT_EQ(hospital_.post("Observation", observation("x", "p1", "x")).status, 403);
}

TEST_F(Leaks, ForbiddenAndAbsentAreAnsweredWithTheSameBytes) {
    become("patient/*.cruds", "p1");
    const auto same = [&](http::Method method, std::string_view path, const std::string& body = {},
                          const std::vector<http::Header>& headers = {}) {
        const auto hidden = hospital_.ask(method, fmt::format(fmt::runtime(path), "o2"), body, headers);
        auto other_body = body;
        if (const auto at = other_body.find("o2"); at != std::string::npos) other_body.replace(at, 2, "zz");
        const auto absent = hospital_.ask(method, fmt::format(fmt::runtime(path), "zz"), other_body, headers);
        EXPECT_EQ(hidden.status, absent.status) << path;
        EXPECT_EQ(hidden.body, absent.body) << path;
        EXPECT_EQ(hidden.headers.size(), absent.headers.size()) << path;
    };
    using enum http::Method;
    same(get, "Observation/{}");
    same(get, "Observation/{}/_history");
    same(get, "Observation/{}/_history/1");
    same(get, "Observation/{}", {}, {{"If-None-Match", "W/\"1\""}});
    same(put, "Observation/{}", observation("o2", "p1", "x"));
    same(put, "Observation/{}", observation("o2", "p1", "x"), {{"If-Match", "W/\"1\""}});
    same(put, "Observation/{}", observation("o2", "p1", "x"), {{"If-None-Match", "*"}});
    same(del, "Observation/{}");
    same(del, "Observation/{}", {}, {{"If-Match", "W/\"1\""}});
    become("system/*.cruds");
    EXPECT_EQ(hospital_.get("Observation/o2").header("ETag"), "W/\"1\"") << "and nothing was done to it";
}

TEST_F(Leaks, TheAuditTrailTellsForbiddenFromAbsent) {
    become("patient/*.rs", "p1");
    hospital_.get("Observation/o2");
    const auto event = last_audit_of("p2");
    EXPECT_THAT(event, HasSubstr(R"("outcome":"4","outcomeDesc":"the caller may not see this resource")"));
    EXPECT_THAT(event, HasSubstr("Observation/o2/_history/1"));
}

TEST_F(Leaks, ADeletedRecordOfAnotherPatientIsNotToldFromOneThatNeverWas) {
    hospital_.remove("Observation/o2");
    become("patient/*.rs", "p1");
    EXPECT_EQ(hospital_.get("Observation/o2").status, 404);
    hospital_.set_scope("system/*.rs");
    EXPECT_EQ(hospital_.get("Observation/o2").status, 410);
}

TEST_F(Leaks, ASearchCountsOnlyWhatMayBeSeen) {
    become("patient/*.rs", "p1");
    const auto other = hospital_.get("Observation?patient=p2");
    EXPECT_THAT(ids_in(other), IsEmpty());
    EXPECT_THAT(other.body, HasSubstr(R"("total":0)"));
    EXPECT_THAT(hospital_.get("Observation?patient=p1,p2&_count=0").body, HasSubstr(R"("total":2)"));
    EXPECT_THAT(ids_in(hospital_.get("Patient?name=family")), ElementsAre("p1"));
    EXPECT_THAT(hospital_.get("Patient?_id=p1,p2&_count=0").body, HasSubstr(R"("total":1)"));
    EXPECT_THAT(ids_in(hospital_.get("Observation")), ElementsAre("o1", "v1")) << "there is one chart only";
}

TEST_F(Leaks, AnAbsoluteReferenceToAnotherPatientFindsNothing) {
    become("patient/*.rs", "p1");
    EXPECT_THAT(ids_in(hospital_.get("Observation?subject=https://ward.example/fhir/Patient/p2")), IsEmpty());
    EXPECT_THAT(ids_in(hospital_.get("Patient/p2/Observation")), IsEmpty());
}

// R4, compartmentdefinition-patient.html: Observation is in by subject and performer, not by focus.
TEST_F(Leaks, FocusGivesNoMembershipInACompartment) {
    observe("f2", "p2", "laboratory", R"(,"focus":[{"reference":"Patient/p1"}])");
    observe("g2", "p2", "laboratory", R"(,"performer":[{"reference":"Patient/p1"}])");
    become("patient/*.rs", "p1");
    EXPECT_EQ(hospital_.get("Observation/f2").status, 404);
    EXPECT_EQ(hospital_.get("Observation/g2").status, 200);
}

TEST_F(Leaks, ARestrictedScopeHoldsOnEveryInteraction) {
    become("user/Observation.cruds?category=urn:category|laboratory");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    EXPECT_EQ(hospital_.get("Observation/v1").status, 404);
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1")), ElementsAre("o1"));
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p1", "laboratory")).status, 201);
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p1", "vital-signs")).status, 403);
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "p1", "vital-signs")).status, 403);
    EXPECT_EQ(hospital_.put("Observation/v1", observation("v1", "p1", "laboratory")).status, 404);
    EXPECT_EQ(hospital_.remove("Observation/v1").status, 204);
    become("system/*.rs");
    EXPECT_EQ(hospital_.get("Observation/v1").status, 200) << "it was not removed";
}

TEST_F(Leaks, WhatMayBeReadAndWhatMayBeFoundAreNotMixed) {
    become(
        "user/Observation.r?category=urn:category|laboratory "
        "user/Observation.s?category=urn:category|vital-signs");
    EXPECT_EQ(hospital_.get("Observation/v1").status, 404);
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1")), ElementsAre("v1"));
}

TEST_F(Leaks, APatientsTokenWritesIntoItsOwnChartOnly) {
    become("patient/Observation.cruds", "p1");
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p1", "x")).status, 201);
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p2", "x")).status, 403);
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "p2", "x")).status, 403)
        << "nor moves it out";
    EXPECT_EQ(hospital_.put("Observation/o2", observation("o2", "p1", "x")).status, 404) << "nor takes over";
    const auto bundle = [](std::string_view method, std::string_view url, const std::string& resource) {
        return fmt::format(R"({{"resourceType":"Bundle","type":"transaction","entry":[
            {{"request":{{"method":"{}","url":"{}"}}{}}}]}})",
                           method, url, resource.empty() ? "" : R"(,"resource":)" + resource);
    };
    EXPECT_EQ(hospital_.post("", bundle("POST", "Observation", observation("n", "p2", "x"))).status, 403);
    EXPECT_EQ(hospital_.post("", bundle("PUT", "Observation/o2", observation("o2", "p1", "x"))).status, 404);
    EXPECT_EQ(hospital_.post("", bundle("GET", "Observation/o2", {})).status, 404);
    become("system/*.rs");
    EXPECT_EQ(hospital_.get("Observation/o2").header("ETag"), "W/\"1\"");
}

TEST_F(Leaks, AConditionIsNotMatchedByWhatMayNotBeSeen) {
    observe("i2", "p2", "x", R"(,"identifier":[{"system":"urn:order","value":"1"}])");
    become("patient/Observation.cruds", "p1");
    const std::vector<http::Header> condition{{"If-None-Exist", "patient=p2&identifier=urn:order|1"}};
    EXPECT_EQ(hospital_.ask(http::Method::post, "Observation", observation("n", "p1", "x"), condition).status,
              201);
}

TEST_F(Leaks, AVersionThatWasInTheWrongChartLeftItWithTheCorrection) {
    observe("w", "p1", "x");
    observe("w", "p2", "x");
    become("patient/*.rs", "p1");
    EXPECT_EQ(hospital_.get("Observation/w").status, 404);
    EXPECT_EQ(hospital_.get("Observation/w/_history/1").status, 404);
    EXPECT_EQ(hospital_.get("Observation/w/_history").status, 404);
    become("patient/*.rs", "p2");
    EXPECT_EQ(hospital_.get("Observation/w").status, 200);
    EXPECT_EQ(hospital_.get("Observation/w/_history/1").status, 404) << "it was never p2's";
}

TEST_F(Leaks, APageIsForWhoAskedForTheFirst) {
    become("patient/*.rs", "p1");
    const auto page = hospital_.get("Observation?patient=p1&_count=1").body;
    const auto at = page.find("Observation?_page=");
    ASSERT_NE(at, std::string::npos);
    const auto next = page.substr(at, page.find('"', at) - at);
    EXPECT_EQ(hospital_.get(next).status, 200);
    become("patient/*.rs", "p2");
    EXPECT_EQ(hospital_.get(next).status, 400);
    become("patient/Observation.rs", "p1");
    EXPECT_EQ(hospital_.get(next).status, 400) << "nor with other rights";
    become("system/*.rs");
    EXPECT_EQ(hospital_.get(next).status, 400);
}

TEST_F(Leaks, OutsideTheCompartmentAPatientScopeGivesWhatItNamesAndOnlyToRead) {
    become("patient/*.cruds", "p1");
    EXPECT_EQ(hospital_.get("Practitioner/d1").status, 403);
    become("patient/Practitioner.cruds patient/Binary.rs", "p1");
    EXPECT_EQ(hospital_.get("Practitioner/d1").status, 200);
    EXPECT_EQ(hospital_.put("Practitioner/d1", R"({"resourceType":"Practitioner","id":"d1"})").status, 403);
    EXPECT_EQ(hospital_.get("Binary/b1").status, 404) << "it is in nobody's chart";
}

TEST_F(Leaks, EverythingIsWhatMayBeSeen) {
    become("patient/Patient.rs patient/Observation.rs?category=urn:category|vital-signs", "p1");
    EXPECT_THAT(ids_in(hospital_.get("Patient/p1/$everything")), ElementsAre("p1", "v1"));
}

TEST_F(Leaks, TheHistoryOfATypeIsNotForATokenOfOnePatient) {
    become("patient/*.rs", "p1");
    EXPECT_EQ(hospital_.get("Observation/_history").status, 403);
}

TEST_F(Leaks, TheHistoryOfATypeTellsOnlyWhatMayBeSeen) {
    hospital_.put("Organization/a", R"({"resourceType":"Organization","id":"a","active":true})");
    hospital_.put("Organization/b", R"({"resourceType":"Organization","id":"b","active":false})");
    become("user/Organization.rs?active=true");
    const auto page = hospital_.get("Organization/_history").body;
    EXPECT_THAT(page, HasSubstr("Organization/a"));
    EXPECT_THAT(page, Not(HasSubstr("Organization/b")));
}

TEST(Leak, TheHistoryOfATypeOpensNoCharts) {
    Hospital hospital;
    for (int i = 0; i < 3; ++i)
        hospital.put(fmt::format("Patient/p{}", i),
                     fmt::format(R"({{"resourceType":"Patient","id":"p{}"}})", i));
    hospital.clock().advance(std::chrono::hours{2});
    hospital.close();
    hospital.open();
    const auto before = hospital.keys().status()->owners_left;
    const auto refused = hospital.get("Patient/_history");
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("lies in patients' charts"));
    EXPECT_EQ(hospital.keys().status()->owners_left, before);
    EXPECT_THAT(hospital.get("metadata").body, HasSubstr("history-type"));
}

// When no more keys are given out, only what exists could need one.
TEST(Leak, ASpentBudgetDoesNotTellThatThereIsSomething) {
    Hospital hospital{{.burst = 1, .per_hour = 1}};
    const auto put = [&](std::string_view id, std::string_view patient) {
        return hospital
            .put(fmt::format("Observation/{}", id),
                 fmt::format(
                     R"({{"resourceType":"Observation","id":"{}","status":"final","code":{{"text":"x"}},
                      "subject":{{"reference":"Patient/{}"}}}})",
                     id, patient))
            .status;
    };
    ASSERT_EQ(put("a", "p1"), 201);
    ASSERT_EQ(put("b", "p2"), 201);
    hospital.clock().advance(std::chrono::hours{2});
    hospital.close();
    hospital.open();   // no key is in use
    hospital.set_scope("system/*.rs");
    ASSERT_EQ(hospital.get("Observation/a").status, 200);
    ASSERT_EQ(hospital.get("Observation/b").status, 429);
    hospital.set_scope("patient/*.rs", "p1");
    const auto hidden = hospital.get("Observation/b");
    const auto absent = hospital.get("Observation/none");
    EXPECT_EQ(hidden.status, 404);
    EXPECT_EQ(hidden.body, absent.body);
}

}   // namespace
}   // namespace ward::vault
