// SPDX-License-Identifier: Apache-2.0
// What one right does not give: scopes of other types, another patient's chart, another caller's page.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr auto base = "https://ward.example/fhir/";
constexpr auto care = R"(ward policy 1
relation in-care is Encounter?participant={me}
role nurse may read, search, create, update, delete everything of patients in-care for TREAT, ETREAT
role physician may break the glass for BTG during 60 minutes with review within 24 hours
)";

class Boundaries : public ::testing::Test {
protected:
    explicit Boundaries(keys::UnwrapLimits limits = {}) : hospital_(limits) {
        for (const auto* id : {"p1", "p2"}) {
            put(fmt::format("Patient/{}", id), fmt::format(R"({{"resourceType":"Patient","id":"{}"}})", id));
            encounter(fmt::format("visit-{}", id), id, "AMB");
        }
        encounter("stay-p1", "p1", "IMP");
        put("Observation/o1",
            observation("o1", "Patient/p1", R"(,"encounter":{"reference":"Encounter/visit-p1"})"));
        put("Observation/v1",
            observation("v1", "Patient/p1", R"(,"encounter":{"reference":"Encounter/stay-p1"})",
                        "vital-signs"));
        put("Observation/o2", observation("o2", "Patient/p2"));
    }

    static std::string observation(std::string_view id, std::string_view subject, std::string_view more = {},
                                   std::string_view category = "laboratory") {
        return fmt::format(
            R"({{"resourceType":"Observation","id":"{}","status":"final","code":{{"text":"x"}},
               "category":[{{"coding":[{{"code":"{}"}}]}}],"subject":{{"reference":"{}"}}{}}})",
            id, category, subject, more);
    }
    void put(std::string_view path, const std::string& body) {
        const auto stored = hospital_.put(path, body);
        ASSERT_LT(stored.status, 300) << stored.body;
    }
    void encounter(std::string_view id, std::string_view patient, std::string_view kind) {
        put(fmt::format("Encounter/{}", id),
            fmt::format(R"({{"resourceType":"Encounter","id":"{}","status":"in-progress",
                "class":{{"code":"{}"}},"subject":{{"reference":"Patient/{}"}},
                "participant":[{{"individual":{{"reference":"Practitioner/of-{}"}}}}]}})",
                        id, kind, patient, patient));
    }
    void become(std::string scope, std::string patient = {}) {
        hospital_.set_scope(std::move(scope), std::move(patient));
    }
    void become_nurse(std::string purpose = "TREAT", std::vector<std::string> roles = {"nurse"}) {
        const auto policy = std::make_shared<const policy::Policy>(policy::Policy::parse(care).value());
        hospital_.set_house(policy, {.user = "n1",
                                     .client = "chart-viewer",
                                     .fhir_user = "Practitioner/of-p1",
                                     .patient = {},
                                     .roles = std::move(roles),
                                     .purpose = std::move(purpose)});
    }
    auto ids(std::string_view path) {
        const auto response = hospital_.get(path);
        EXPECT_EQ(response.status, 200) << path << response.body;
        return ids_in(response);
    }
    int status(std::string_view path) { return hospital_.get(path).status; }
    /// The address of the next page; empty if there is none.
    std::string next(std::string_view path) {
        const auto bundle = json::Document::parse(hospital_.get(path).body);
        for (const auto link : (*bundle)["link"].items())
            if (link["relation"].text() == "next")
                return std::string{link["url"].text().substr(std::string_view{base}.size())};
        return {};
    }

    Hospital hospital_;
};

TEST_F(Boundaries, WhatIsMatchedNeedsSearchAndWhatIsIncludedRead) {
    become("user/Observation.rs user/Patient.s");
    EXPECT_THAT(ids("Observation?_id=o1&_include=Observation:subject"), ElementsAre("o1"));
    become("user/Observation.s user/Patient.r");
    EXPECT_THAT(ids("Observation?_id=o1&_include=Observation:subject"), ElementsAre("o1", "p1"));
    become("user/Observation.r user/Patient.rs");
    EXPECT_EQ(status("Observation?_id=o1&_include=Observation:subject"), 403);
}

TEST_F(Boundaries, WhatIsReverseIncludedNeedsBothOfItsOwnType) {
    constexpr auto question = "Patient?_id=p1&_revinclude=Observation:subject";
    become("user/Patient.rs user/Observation.s");
    EXPECT_THAT(ids(question), ElementsAre("p1"));
    become("user/Patient.rs user/Observation.r");
    EXPECT_THAT(ids(question), ElementsAre("p1"));
    become("user/Patient.rs user/Observation.rs");
    EXPECT_THAT(ids(question), UnorderedElementsAre("p1", "o1", "v1"));
    become("user/Patient.rs user/Observation.s user/Observation.r?category=laboratory");
    EXPECT_THAT(ids(question), UnorderedElementsAre("p1", "o1"));
    become("user/Patient.rs user/Observation.s?category=laboratory user/Observation.r?category=vital-signs");
    EXPECT_THAT(ids(question), ElementsAre("p1"));
}

TEST_F(Boundaries, ARestrictionHoldsOfWhatIsIncluded) {
    become("user/Observation.rs user/Encounter.rs?class=AMB");
    EXPECT_THAT(ids("Observation?patient=p1&_include=Observation:encounter"),
                UnorderedElementsAre("o1", "v1", "visit-p1"));
    EXPECT_THAT(ids("Observation?patient=p1&encounter.class=IMP"), IsEmpty());
    become("user/Encounter.rs user/Observation.rs?category=laboratory");
    EXPECT_THAT(ids("Encounter?patient=p1&_revinclude=Observation:encounter"),
                UnorderedElementsAre("visit-p1", "stay-p1", "o1"));
    EXPECT_THAT(ids("Encounter?patient=p1&_has:Observation:encounter:status=final"), ElementsAre("visit-p1"));
}

TEST_F(Boundaries, AnIdentifierOfAReferenceIsNotThatOfThePatient) {
    put("Patient/p1", R"({"resourceType":"Patient","id":"p1","identifier":[{"system":"m","value":"1"}]})");
    become("user/Observation.rs");
    EXPECT_THAT(ids("Observation?_id=o1,v1&subject:identifier=m|1"), IsEmpty());
    EXPECT_EQ(status("Observation?patient=p1&patient.identifier=m|1"), 403);
    EXPECT_EQ(status("Observation?patient=p1&subject:Patient.identifier=m|2"), 403) << "true or not";
}

TEST_F(Boundaries, APatientsTokenWithoutAPatientGivesNothingAnywhere) {
    become("patient/*.cruds user/Patient.rs");
    for (const auto* path : {"Observation/o1", "Observation/o1/_history", "Observation?_id=o1",
                             "Observation/_history", "Patient/p1/Observation",
                             "Patient?_id=p1&_has:Observation:patient:status=final", "AuditEvent?patient=p1"})
        EXPECT_EQ(status(path), 403) << path;
    EXPECT_THAT(ids("Patient?_id=p1&_revinclude=Observation:subject"), ElementsAre("p1"));
    EXPECT_THAT(ids("Patient/p1/$everything"), ElementsAre("p1"));
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "Patient/p1")).status, 403);
    EXPECT_EQ(hospital_.remove("Observation/o1").status, 403);
}

TEST_F(Boundaries, AnAbsoluteReferenceIsNoWayIntoAnotherChart) {
    put("Observation/a2", observation("a2", std::string{base} + "Patient/p2"));
    put("Observation/b2", observation("b2", "Patient/p2/_history/1"));
    put("Observation/c1", observation("c1", "Patient/p1",
                                      R"(,"focus":[{"reference":"https://ward.example/fhir/Patient/p2"}],
        "derivedFrom":[{"reference":"https://ward.example/fhir/Observation/o2"}])"));
    become("patient/*.cruds", "p1");
    EXPECT_EQ(status("Observation/a2"), 404);
    EXPECT_EQ(status("Observation/b2"), 404);
    EXPECT_THAT(ids("Observation?_id=c1&_include=*"), UnorderedElementsAre("c1", "p1"));
    for (const auto* value : {"https://ward.example/fhir/Patient/p2",
                              "https://ward.example/fhir/Patient/p2/_history/1", "Patient/p2", "p2"})
        EXPECT_THAT(ids(fmt::format("Observation?subject={}", value)), IsEmpty()) << value;
    EXPECT_EQ(hospital_.post("Observation", observation("n", std::string{base} + "Patient/p2")).status, 403);
    become("patient/*.rs", "p2");
    EXPECT_THAT(ids("Observation"), UnorderedElementsAre("o2", "a2", "b2")) << "they are p2's";
}

// Whoever may write into one chart could write into any by naming both.
TEST_F(Boundaries, WhatLiesInTwoChartsIsWrittenByWhoMayWriteIntoBoth) {
    constexpr auto by_p1 = R"(,"performer":[{"reference":"Patient/p1"}])";
    put("Observation/both", observation("both", "Patient/p2", by_p1));
    const auto is_refused = [&] {
        EXPECT_EQ(hospital_.post("Observation", observation("n", "Patient/p2", by_p1)).status, 403);
        EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "Patient/p2", by_p1)).status, 403);
        EXPECT_EQ(hospital_.put("Observation/both", observation("both", "Patient/p1")).status, 404);
        EXPECT_EQ(hospital_.patch("Observation/both", R"([{"op":"remove","path":"/performer"}])").status,
                  404);
        EXPECT_EQ(hospital_.remove("Observation/both").status, 204) << "as of what is not there";
        EXPECT_EQ(status("Observation/both"), 200) << "it is seen from both, and still there";
    };
    become("patient/*.cruds", "p1");
    is_refused();
    become("user/*.cruds");
    become_nurse();
    is_refused();
}

TEST_F(Boundaries, TheTrailOfOneChartDoesNotNameThoseOfOtherPatients) {
    hospital_.get("Observation?patient=p1,p2");
    hospital_.get("Observation/o1");
    const auto trail_of_p1 = [&] { return hospital_.get("AuditEvent?patient=p1&_count=1000").body; };
    EXPECT_THAT(trail_of_p1(), HasSubstr("Observation/o2")) << "to who may see both";
    become("patient/*.rs", "p1");
    EXPECT_THAT(trail_of_p1(), HasSubstr("Observation/o1"));
    EXPECT_THAT(trail_of_p1(), Not(HasSubstr("Observation/o2")));
    become("user/*.rs");
    become_nurse();
    EXPECT_THAT(trail_of_p1(), HasSubstr("Observation/o1"));
    EXPECT_THAT(trail_of_p1(), Not(HasSubstr("Observation/o2")));
}

TEST_F(Boundaries, APageIsForTheSameCallerWithTheSameRights) {
    put("Observation/o1", observation("o1", "Patient/p1"));
    become("user/*.rs");
    const auto page = next("Observation?patient=p1,p2&_count=1");
    const auto past = next("Observation/o1/_history?_count=1");
    ASSERT_THAT(page, Not(IsEmpty()));
    ASSERT_THAT(past, Not(IsEmpty()));
    const auto is_refused = [&] {
        EXPECT_EQ(status(page), 400);
        EXPECT_EQ(status(past), 400);
    };
    EXPECT_EQ(status(page), 200);
    EXPECT_EQ(status(past), 200);
    become("user/Observation.rs?category=laboratory");
    is_refused();
    become("user/*.rs", "p1");
    is_refused();
    become("user/*.rs");
    hospital_.set_user("dr.no");
    is_refused();
}

TEST_F(Boundaries, APageIsForOneRoleAndOnePurpose) {
    become("user/*.rs");
    become_nurse();
    const auto page = next("Observation?patient=p1&_count=1");
    EXPECT_EQ(status(page), 200);
    become_nurse("ETREAT");
    EXPECT_EQ(status(page), 400);
    become_nurse("TREAT", {"nurse", "student"});
    EXPECT_EQ(status(page), 400);
}

TEST_F(Boundaries, APageOfOneChartIsNoPageOfAnother) {
    become("user/*.rs");
    auto page = next("Patient/p1/Observation?_count=1");
    ASSERT_TRUE(page.starts_with("Patient/p1/"));
    page.replace(0, 10, "Patient/p2");
    EXPECT_EQ(status(page), 400);
}

TEST_F(Boundaries, AHistoryGoesOnBehindAVersionThatWasInAnotherChart) {
    put("Observation/moved", observation("moved", "Patient/p1"));
    put("Observation/moved", observation("moved", "Patient/p2"));
    put("Observation/moved", observation("moved", "Patient/p1"));
    become("patient/*.rs", "p1");
    const auto page = next("Observation/moved/_history?_count=1");
    const auto second = hospital_.get(page).body;
    EXPECT_THAT(second, HasSubstr(R"("versionId":"1")"));
    EXPECT_THAT(second, Not(HasSubstr(R"("versionId":"2")")));
    EXPECT_THAT(second, Not(HasSubstr("next")));
}

TEST_F(Boundaries, WhoMayReadWhatWasRemovedIsToldThatItWas) {
    hospital_.remove("Observation/o1");
    become("user/Observation.rs?category=laboratory");
    EXPECT_EQ(status("Observation/o1"), 410);
    EXPECT_EQ(status("Observation/o1/_history/1"), 200);
    become("user/Observation.rs?category=vital-signs");
    EXPECT_EQ(status("Observation/o1"), 404);
    EXPECT_EQ(status("Observation/o1/_history/1"), 404);
}

TEST_F(Boundaries, WhetherAPatchFitsIsNotToldToWhoMayNotRead) {
    put("Consent/c1", R"({"resourceType":"Consent","id":"c1","status":"active",
        "scope":{"coding":[{"code":"patient-privacy"}]},"category":[{"text":"privacy"}],
        "patient":{"reference":"Patient/p1"},"provision":{"type":"deny"}})");
    hospital_.set_house(nullptr, {.user = "u",
                                  .client = "app",
                                  .fhir_user = "Practitioner/d1",
                                  .patient = {},
                                  .roles = {},
                                  .purpose = "TREAT"});
    const std::string operations = R"([{"op":"test","path":"/status","value":"final"}])";
    for (const auto* version : {"", "W/\"1\"", "W/\"7\""}) {
        const auto ask = [&](std::string_view id) {
            std::vector<http::Header> headers;
            if (*version != 0) headers.push_back({"If-Match", version});
            return hospital_.patch(fmt::format("Observation/{}", id), operations, headers);
        };
        const auto hidden = ask("o1");
        const auto absent = ask("none");
        EXPECT_EQ(hidden.status, absent.status) << version;
        EXPECT_EQ(hidden.body, absent.body) << version;
    }
}

TEST_F(Boundaries, TheGlassOfAPatientWhoIsNotThereBreaksAsWell) {
    become("user/*.rs");
    become_nurse("BTG", {"physician"});
    const auto ask = [&](std::string_view patient) {
        return hospital_.post(
            fmt::format("Patient/{}/$break-glass", patient),
            R"({"resourceType":"Parameters","parameter":[{"name":"purpose","valueCode":"BTG"},
            {"name":"reason","valueString":"unconscious, allergies unknown"}]})");
    };
    EXPECT_EQ(ask("p2").status, 201);
    EXPECT_EQ(ask("nobody").status, 201);
}

/// No key is in use, and no more are given out: then only what exists could need one.
class SpentBudget : public Boundaries {
protected:
    SpentBudget() : Boundaries({.burst = 1, .per_hour = 1}) {
        hospital_.clock().advance(2h);
        hospital_.close();
        hospital_.open();
        become("patient/*.cruds", "p1");
        EXPECT_EQ(status("Observation/o1"), 200);
        become("system/*.rs");
        EXPECT_EQ(status("Observation/o2"), 429);
        become("patient/*.cruds", "p1");
    }
};

TEST_F(SpentBudget, IsNotNoticedWhereAnotherChartIsNamed) {
    EXPECT_EQ(status("Patient/p2/$everything"), 404);
    EXPECT_THAT(ids("Patient/p2/Observation"), IsEmpty());
    EXPECT_THAT(ids("Observation?patient=p2"), IsEmpty());
    const std::vector<http::Header> condition{{"If-None-Exist", "patient=p2&identifier=x"}};
    EXPECT_EQ(
        hospital_.ask(http::Method::post, "Observation", observation("n", "Patient/p1"), condition).status,
        201);
    EXPECT_EQ(hospital_.put("Observation/o2", observation("o2", "Patient/p1")).status, 404);
    EXPECT_EQ(hospital_.remove("Observation/o2").status, 204);
}

TEST_F(SpentBudget, IsToldToWhoMayChangeTheRecord) {
    become("user/Observation.cruds?category=laboratory");
    EXPECT_EQ(hospital_.put("Observation/o2", observation("o2", "Patient/p2")).status, 429)
        << "not that it is not there";
}

}   // namespace
}   // namespace ward::vault
