// SPDX-License-Identifier: Apache-2.0
#include "vault/search.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

/// Two patients, two encounters, three observations, and those who take care of them.
class SearchOfCharts : public ::testing::Test {
protected:
    SearchOfCharts() {
        put("Organization", "o1", R"("name":"St. Elsewhere")");
        put("Practitioner", "d1", R"("name":[{"family":"House"}])");
        put("PractitionerRole", "r1", R"("practitioner":{"reference":"Practitioner/d1"})");
        put("Patient", "p1",
            R"("name":[{"family":"Haddad"}],"identifier":[{"system":"m","value":"1"}],"gender":"female",)"
            R"("managingOrganization":{"reference":"Organization/o1"})");
        put("Patient", "p2", R"("name":[{"family":"Hadley"}],"gender":"male")");
        put("Encounter", "e1", encounter("p1", "AMB", "V-1"));
        put("Encounter", "e2", encounter("p1", "IMP", "V-2"));
        put("Encounter", "e3", encounter("p2", "AMB", "V-3"));
        put("Observation", "a", observation("p1", "e1", "2026-03-01", "7.5"));
        put("Observation", "b", observation("p1", "e2", "2026-01-01", "10"));
        put("Observation", "c", observation("p2", "e3", "2026-02-01", "9.9"));
    }

    static std::string encounter(std::string_view patient, std::string_view kind, std::string_view visit) {
        return fmt::format(R"("status":"finished","class":{{"code":"{}"}},"identifier":[{{"value":"{}"}}],)"
                           R"("subject":{{"reference":"Patient/{}"}})",
                           kind, visit, patient);
    }
    static std::string observation(std::string_view patient, std::string_view encounter,
                                   std::string_view date, std::string_view value) {
        return fmt::format(R"("status":"final","code":{{"coding":[{{"code":"hb"}}]}},)"
                           R"("subject":{{"reference":"Patient/{}"}},"effectiveDateTime":"{}",)"
                           R"("encounter":{{"reference":"Encounter/{}"}},"valueQuantity":{{"value":{}}},)"
                           R"("performer":[{{"reference":"Practitioner/d1"}}])",
                           patient, date, encounter, value);
    }
    void put(std::string_view type, std::string_view id, std::string_view members) {
        const auto body = fmt::format(R"({{"resourceType":"{}","id":"{}",{}}})", type, id, members);
        ASSERT_EQ(hospital.put(fmt::format("{}/{}", type, id), body).status, 201) << type;
    }
    auto ids(std::string_view path) {
        const auto response = hospital.get(path);
        EXPECT_EQ(response.status, 200) << response.body;
        return ids_in(response);
    }
    int status(std::string_view path) { return hospital.get(path).status; }

    Hospital hospital;
};

TEST_F(SearchOfCharts, FindsNumbersWithinAPatient) {
    EXPECT_THAT(ids("Observation?patient=p1&value-quantity=gt7.5"), ElementsAre("b"));
    EXPECT_THAT(ids("Observation?patient=p1&code-value-quantity=hb$lt8"), ElementsAre("a"));
    EXPECT_THAT(ids("Observation?patient=p1&code-value-quantity=ph$lt8"), IsEmpty());
    EXPECT_THAT(ids("Observation?patient=p1&code:not=hb"), IsEmpty());
    EXPECT_THAT(ids("Observation?patient=p1&performer:missing=false&_id:not=a"), ElementsAre("b"));
}

TEST_F(SearchOfCharts, AChainOverPatientsFindsThemFirst) {
    EXPECT_THAT(ids("Observation?patient.identifier=m|1"), UnorderedElementsAre("a", "b"));
    EXPECT_THAT(ids("Observation?subject:Patient.family=Had"), UnorderedElementsAre("a", "b", "c"));
    EXPECT_THAT(ids("Observation?patient.identifier=m|9"), IsEmpty());
    EXPECT_THAT(ids("Observation?patient=p1&patient.gender=male"), IsEmpty());
    EXPECT_EQ(status("Observation?patient.gender=female"), 403) << "does not find patients";
}

TEST_F(SearchOfCharts, AChainWithinAPatientStaysThere) {
    EXPECT_THAT(ids("Observation?patient=p1&encounter.class=AMB"), ElementsAre("a"));
    EXPECT_THAT(ids("Observation?patient.identifier=m|1&encounter.class=IMP"), ElementsAre("b"));
    EXPECT_THAT(ids("Patient/p1/Observation?encounter.class=AMB"), ElementsAre("a"));
    EXPECT_EQ(status("Observation?encounter.class=AMB"), 403) << "nobody is named";
    EXPECT_THAT(ids("Observation?patient=p1&performer:Practitioner.name=house"),
                UnorderedElementsAre("a", "b"));
}

TEST_F(SearchOfCharts, AReverseChainLooksInTheChartsOfThoseFound) {
    EXPECT_THAT(ids("Patient?family=had&_has:Observation:patient:value-quantity=gt9.8"),
                UnorderedElementsAre("p1", "p2"));
    EXPECT_THAT(ids("Patient?family=had&_has:Observation:patient:value-quantity=gt9.95"), ElementsAre("p1"));
    EXPECT_THAT(ids("Encounter?patient=p1&_has:Observation:encounter:date=2026-03"), ElementsAre("e1"));
    EXPECT_THAT(ids("Practitioner?_id=d1&_has:PractitionerRole:practitioner:_id=r1"), ElementsAre("d1"));
    EXPECT_EQ(status("Patient?_has:Observation:patient:code=hb"), 403) << "who has it, of all patients";
    EXPECT_EQ(status("Practitioner?name=house&_has:Observation:performer:code=hb"), 403);
}

TEST_F(SearchOfCharts, WhatTheCallerMayNotSearchIsNoWayToMatch) {
    hospital.set_scope("system/Observation.rs");
    EXPECT_EQ(status("Observation?patient.identifier=m|1"), 403);
    EXPECT_THAT(ids("Observation?patient=p1"), UnorderedElementsAre("a", "b"));
    hospital.set_scope("system/Patient.rs");
    EXPECT_EQ(status("Patient?family=had&_has:Observation:patient:code=hb"), 403);
    hospital.set_scope("system/Patient.rs system/Observation.rs?date=2026-03");
    EXPECT_THAT(ids("Patient?family=had&_has:Observation:patient:code=hb"), ElementsAre("p1"));
    hospital.set_scope("patient/*.rs", "p2");
    EXPECT_THAT(ids("Observation?patient.identifier=m|1"), IsEmpty()) << "another patient's identifier";
    EXPECT_THAT(ids("Observation?encounter.class=AMB"), ElementsAre("c")) << "named by the token";
}

TEST_F(SearchOfCharts, IncludesWhatTheMatchesName) {
    EXPECT_THAT(ids("Observation?_id=a&_include=Observation:subject"), ElementsAre("a", "p1"));
    EXPECT_THAT(
        ids("Observation?_id=a&_include=Observation:subject:Patient&_include:iterate=Patient:organization"),
        ElementsAre("a", "p1", "o1"));
    EXPECT_THAT(ids("Observation?_id=a&_include=*"), UnorderedElementsAre("a", "p1", "e1", "d1"));
    EXPECT_THAT(ids("Observation?patient=p1&_include=Observation:performer"), ElementsAre("a", "b", "d1"));
    const auto page = hospital.get("Observation?patient=p1&_include=Observation:subject&_count=1");
    EXPECT_THAT(ids_in(page), ElementsAre("a", "p1")) << "of the matches of this page";
    EXPECT_THAT(page.body, HasSubstr(R"("search":{"mode":"include"})"));
}

TEST_F(SearchOfCharts, IncludesWhatNamesTheMatches) {
    EXPECT_THAT(ids("Patient?_id=p1&_revinclude=Observation:subject&_revinclude=Encounter:subject"),
                UnorderedElementsAre("p1", "a", "b", "e1", "e2"));
    EXPECT_THAT(ids("Practitioner?_id=d1&_revinclude=PractitionerRole:practitioner"),
                ElementsAre("d1", "r1"));
    EXPECT_EQ(status("Practitioner?_id=d1&_revinclude=Observation:performer"), 403) << "in all charts";
}

TEST_F(SearchOfCharts, LeavesOutOfIncludesWhatTheCallerMayNotRead) {
    hospital.set_scope("system/Observation.rs");
    EXPECT_THAT(ids("Observation?_id=a&_include=Observation:subject"), ElementsAre("a"));
    hospital.set_scope("system/Patient.rs");
    EXPECT_THAT(ids("Patient?_id=p1&_revinclude=Observation:subject"), ElementsAre("p1"));
    hospital.set_scope("patient/*.rs", "p1");
    EXPECT_THAT(ids("Observation?_id=a&_include=*"), Not(::testing::Contains("p2")));
}

TEST_F(SearchOfCharts, SortsAcrossPages) {
    EXPECT_THAT(ids("Observation?patient=p1,p2&_sort=date"), ElementsAre("b", "c", "a"));
    EXPECT_THAT(ids("Observation?patient=p1,p2&_sort=-value-quantity"), ElementsAre("b", "c", "a"));
    std::vector<std::string> all;
    std::string path = "Observation?patient=p1,p2&_sort=-date&_count=1";
    while (!path.empty()) {
        const auto page = hospital.get(path);
        const auto bundle = json::Document::parse(page.body);
        EXPECT_EQ((*bundle)["total"].raw(), "3");
        for (const auto& id : ids_in(page)) all.push_back(id);
        path.clear();
        for (const auto link : (*bundle)["link"].items())
            if (link["relation"].text() == "next")
                path = link["url"].text().substr(std::string_view{"https://ward.example/fhir/"}.size());
    }
    EXPECT_THAT(all, ElementsAre("a", "c", "b"));
}

TEST_F(SearchOfCharts, CountsWhatTheCallerMaySeeAndNoMore) {
    const auto total = [&](std::string_view path) {
        const auto response = hospital.get(path);
        return std::string{(*json::Document::parse(response.body))["total"].raw()};
    };
    EXPECT_EQ(total("Observation?patient=p1,p2&_count=1&_total=accurate"), "3");
    EXPECT_EQ(total("Observation?patient=p1,p2&_count=1"), "") << "not known without looking at all";
    EXPECT_EQ(total("Observation?patient=p1,p2&_total=none"), "");
    EXPECT_EQ(total("Observation?patient=p1,p2&_summary=count"), "3");
    EXPECT_EQ(total("Observation?patient=p1,p2&_count=0"), "3");
    hospital.set_scope("system/Observation.rs?date=ge2026-02");
    EXPECT_EQ(total("Observation?patient=p1,p2&_summary=count"), "2");
    EXPECT_EQ(total("Observation?patient=p1,p2&_count=1&_total=accurate"), "2");
}

TEST_F(SearchOfCharts, ShowsPartsThatAreMarked) {
    const auto response = hospital.get("Observation?_id=a&_elements=effective");
    EXPECT_THAT(response.body, HasSubstr("effectiveDateTime"));
    EXPECT_THAT(response.body, HasSubstr("SUBSETTED"));
    EXPECT_THAT(response.body, Not(HasSubstr("valueQuantity")));
    EXPECT_THAT(hospital.get("Observation?_id=a&_summary=count").body, Not(HasSubstr("entry")));
}

TEST_F(SearchOfCharts, IdentifiersOfWhatLiesInChartsAreFoundAcrossThem) {
    EXPECT_THAT(ids("Encounter?identifier=V-3"), ElementsAre("e3"));
    EXPECT_THAT(ids("Encounter?identifier=V-3&class=IMP"), IsEmpty());
    EXPECT_EQ(status("Encounter?class=AMB"), 403);
    hospital.set_scope("patient/*.rs", "p1");
    EXPECT_THAT(ids("Encounter?identifier=V-3"), IsEmpty());
}

TEST_F(SearchOfCharts, TheHospitalMaySwitchOnAnIndexAcrossCharts) {
    hospital.close();
    hospital.set_facility_index({"Encounter.class"});
    hospital.open();
    const auto refused = hospital.get("Encounter?class=AMB");
    EXPECT_EQ(refused.status, 403) << "those from before are not in the index";
    EXPECT_THAT(refused.body, HasSubstr("stored before"));
    for (const auto* id : {"e1", "e2", "e3"}) {
        const auto encounter = hospital.get(fmt::format("Encounter/{}", id));
        EXPECT_EQ(hospital.put(fmt::format("Encounter/{}", id), encounter.body).status, 200);
    }
    EXPECT_THAT(ids("Encounter?class=AMB"), UnorderedElementsAre("e1", "e3"));
}

TEST_F(SearchOfCharts, AnAbsoluteReferenceToThisServerIsARelativeOne) {
    put("Observation", "d",
        R"("status":"final","code":{"text":"x"},)"
        R"("subject":{"reference":"https:\/\/ward.example/fhir/Patient/p1"})");
    EXPECT_THAT(ids("Observation?patient=p1&encounter:missing=true"), ElementsAre("d"));
    EXPECT_THAT(ids("Observation?patient=https://ward.example/fhir/Patient/p1"), SizeIs(3));
    EXPECT_THAT(hospital.get("Observation/d").body, HasSubstr(R"("reference":"Patient/p1")"));
}

TEST_F(SearchOfCharts, OpensNoMoreBytesThanOneAnswerIsWorth) {
    const std::string scan(60 << 20, 'A');
    for (int i = 0; i < 6; ++i)
        put("DocumentReference", fmt::format("scan-{}", i),
            fmt::format(R"("status":"current","subject":{{"reference":"Patient/p1"}},
                "content":[{{"attachment":{{"data":"{}"}}}}])",
                        scan));
    EXPECT_EQ(status("DocumentReference?patient=p1&_sort=date"), 403);
    EXPECT_EQ(status("DocumentReference?patient=p1&_summary=count"), 403);
    EXPECT_EQ(status("Patient?_id=p1&_has:DocumentReference:patient:description=x"), 403);
    EXPECT_EQ(status("DocumentReference?patient=p1"), 200) << "a page ends early";
    EXPECT_EQ(status("DocumentReference?patient=p1&_sort=date&_id=scan-1"), 200);
}

TEST_F(SearchOfCharts, AConditionLooksAtOneResourceOnly) {
    const std::string body = R"({"resourceType":"Observation","status":"final","code":{"text":"x"}})";
    const auto refused =
        hospital.ask(http::Method::post, "Observation", body, {{"If-None-Exist", "patient.identifier=m|1"}});
    EXPECT_EQ(refused.status, 400);
}

}   // namespace
}   // namespace ward::vault
