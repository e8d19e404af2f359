// SPDX-License-Identifier: Apache-2.0
#include "fhir/match.hpp"

#include <gtest/gtest.h>

namespace ward::fhir {
namespace {

const Time now{std::chrono::milliseconds{1'767'225'600'000}};   // 2026-01-01

// Does the search, written as in an address, find the resource?
bool finds(std::string_view search, std::string resource) {
    const auto document = json::Document::parse(std::move(resource));
    const auto pairs = parse_form(search);
    EXPECT_TRUE(document && pairs);
    const auto type = resource_type((*document)["resourceType"].text());
    const auto query = parse_query(*type, *pairs);
    EXPECT_TRUE(query) << query.error().diagnostics;
    return query && matches(*query, document->root(), now);
}

bool patient_found(std::string_view search) {
    return finds(search, R"({"resourceType":"Patient","id":"p1","active":true,"gender":"female",
        "birthDate":"1970-05-20","name":[{"family":"Sö́derström","given":["Eve","Mary Ann"]},{"text":"Nick"}],
        "identifier":[{"system":"http://ward.example/mrn","value":"12-7"},{"value":"bare"}],
        "managingOrganization":{"reference":"Organization/o1"},
        "meta":{"lastUpdated":"2026-01-01T10:00:00.000Z"}})");
}

bool observation_found(std::string_view search) {
    return finds(search, R"({"resourceType":"Observation","status":"final",
        "code":{"coding":[{"system":"http://loinc.org","code":"8480-6"},{"code":"bp"}]},
        "subject":{"reference":"Patient/p1/_history/2"},"effectiveDateTime":"2013-01-14T10:00:00Z",
        "performer":[{"reference":"http://other.example/Practitioner/d1"}],"valueString":"Walks Slowly"})");
}

TEST(Matches, EverythingWithoutAFilterAndNothingOfAnotherType) {
    EXPECT_TRUE(patient_found(""));
    const auto document = json::Document::parse(R"({"resourceType":"Group"})");
    EXPECT_FALSE(matches(*parse_query(ResourceType::patient, {}), document->root(), now));
}

// R4, search.html#string: "a field matches a string query if the value of the field equals or starts with the
// supplied parameter value, after both have been normalized by case and accent".
TEST(Matches, StringsByTheirBeginningWithoutCaseAndAccent) {
    EXPECT_TRUE(patient_found("family=sod"));
    EXPECT_TRUE(patient_found("family=S%C3%96DERSTROM"));
    EXPECT_FALSE(patient_found("family=derstrom"));
    EXPECT_TRUE(patient_found("given=eve"));
    EXPECT_FALSE(patient_found("given=ann"));
    EXPECT_TRUE(patient_found("name=nick"));
}

// "Patient?given:contains=eve ... the search string anywhere"; ":exact ... the entire string, including
// casing".
TEST(Matches, StringsExactlyOrAnywhere) {
    EXPECT_TRUE(patient_found("given:contains=ANN"));
    EXPECT_TRUE(patient_found("given:exact=Eve"));
    EXPECT_FALSE(patient_found("given:exact=eve"));
    EXPECT_FALSE(patient_found("given:exact=Ev"));
    EXPECT_TRUE(observation_found("value-string=walks+s"));
}

// R4, search.html#token.
TEST(Matches, TokensInTheirFourForms) {
    EXPECT_TRUE(observation_found("code=8480-6"));
    EXPECT_TRUE(observation_found("code=http://loinc.org|8480-6"));
    EXPECT_FALSE(observation_found("code=http://snomed.info/sct|8480-6"));
    EXPECT_FALSE(observation_found("code=|8480-6"));   // "has no system property"
    EXPECT_TRUE(observation_found("code=|bp"));
    EXPECT_FALSE(observation_found("code=http://loinc.org|bp"));
    EXPECT_TRUE(observation_found("code=http://loinc.org|"));   // "any ... where the system matches"
    EXPECT_FALSE(observation_found("code=http://snomed.info/sct|"));
    EXPECT_FALSE(observation_found("code=8480"));
    EXPECT_FALSE(observation_found("code=BP"));
    EXPECT_TRUE(patient_found("identifier=http://ward.example/mrn|12-7"));
    EXPECT_FALSE(patient_found("identifier=http://ward.example/mrn|bare"));
    EXPECT_TRUE(patient_found("identifier=|bare"));
}

// "Code: the system is defined in the value set, though it isn't in the instance".
TEST(Matches, CodesAndBooleansWhateverTheSystem) {
    EXPECT_TRUE(patient_found("gender=female"));
    EXPECT_FALSE(patient_found("gender=male"));
    EXPECT_TRUE(patient_found("gender=http://hl7.org/fhir/administrative-gender|female"));
    EXPECT_FALSE(patient_found("gender=http://hl7.org/fhir/administrative-gender|"));
    EXPECT_TRUE(patient_found("active=true"));
    EXPECT_TRUE(patient_found("deceased=false"));
    EXPECT_FALSE(patient_found("deceased=true"));
    EXPECT_TRUE(observation_found("status=final"));
}

TEST(Matches, DatesByTheirInterval) {
    EXPECT_TRUE(patient_found("birthdate=1970"));
    EXPECT_TRUE(patient_found("birthdate=1970-05-20"));
    EXPECT_FALSE(patient_found("birthdate=1970-05-21"));
    EXPECT_TRUE(patient_found("birthdate=ge1970&birthdate=lt1971"));
    EXPECT_FALSE(patient_found("birthdate=gt1970"));
    EXPECT_TRUE(observation_found("date=2013-01-14"));
    EXPECT_TRUE(observation_found("date=sa2013-01-13"));
    EXPECT_TRUE(patient_found("_lastUpdated=gt2026-01-01T09:59:59Z"));
}

TEST(Matches, ReferencesByIdTypeAndAddress) {
    EXPECT_TRUE(observation_found("subject=Patient/p1"));
    EXPECT_TRUE(observation_found("subject=p1"));
    EXPECT_TRUE(observation_found("subject:Patient=p1"));
    EXPECT_TRUE(observation_found("patient=p1"));
    EXPECT_FALSE(observation_found("subject=Group/p1"));
    EXPECT_FALSE(observation_found("subject:Group=p1"));
    EXPECT_TRUE(observation_found("subject=Patient/p1/_history/2"));
    EXPECT_FALSE(observation_found("subject=Patient/p1/_history/3"));
    EXPECT_TRUE(observation_found("performer=http://other.example/Practitioner/d1"));
    EXPECT_FALSE(observation_found("performer=Practitioner/d1"));   // an id is one of this server
    EXPECT_FALSE(observation_found("encounter=e1"));
}

TEST(Matches, EveryParameterByAnyOfItsValues) {
    EXPECT_TRUE(patient_found("gender=male,female&active=true"));
    EXPECT_FALSE(patient_found("gender=male,female&active=false"));
    EXPECT_TRUE(patient_found("given=eve&given=mary"));
    EXPECT_FALSE(patient_found("given=eve&given=adam"));
    EXPECT_TRUE(patient_found("_id=p0,p1"));
}

// A resource without the element cannot be unequal to anything.
TEST(Matches, NothingThatHasNoValue) {
    EXPECT_FALSE(finds("birthdate=ne2026", R"({"resourceType":"Patient"})"));
    EXPECT_TRUE(patient_found("birthdate=ne2026"));
}

bool pressure_found(std::string_view search) {
    return finds(search, R"({"resourceType":"Observation","status":"final",
        "meta":{"profile":["http://ward.example/StructureDefinition/bp"],
                "tag":[{"system":"t","code":"seen"}]},
        "code":{"coding":[{"system":"http://loinc.org","code":"85354-9","display":"Blood pressure"}],
                "text":"BP"},
        "subject":{"identifier":{"system":"http://ward.example/mrn","value":"4711"},"display":"Amal H."},
        "component":[
          {"code":{"coding":[{"code":"8480-6"}]},"valueQuantity":{"value":142.0,"unit":"mmHg",
           "system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
          {"code":{"coding":[{"code":"8462-4"}]},
           "valueQuantity":{"value":90,"comparator":"<","unit":"mmHg"}}]})");
}

// R4, search.html#quantity.
TEST(Matches, QuantitiesWithUnitsOrWithout) {
    for (const auto* value : {"142", "142.0", "gt141.9", "142|http://unitsofmeasure.org|mm[Hg]",
                              "142||mm[Hg]", "142||mmHg", "ap150", "lt90"})
        EXPECT_TRUE(pressure_found("component-value-quantity=" + std::string{value})) << value;
    for (const auto* value :
         {"141", "142.04", "142|http://unitsofmeasure.org|mmHg", "142||kPa", "gt142", "eb10"})
        EXPECT_FALSE(pressure_found("component-value-quantity=" + std::string{value})) << value;
}

// R4, search.html#combining: both parts in the same component.
TEST(Matches, CompositesInOnePlace) {
    EXPECT_TRUE(pressure_found("component-code-value-quantity=8480-6$gt140"));
    EXPECT_FALSE(pressure_found("component-code-value-quantity=8462-4$gt140"));
    EXPECT_TRUE(pressure_found("combo-code-value-quantity=8480-6$142"));
    EXPECT_FALSE(pressure_found("code-value-quantity=8480-6$142")) << "Observation's own code and value";
}

TEST(Matches, WhatIsMissingOrIsAnother) {
    EXPECT_TRUE(pressure_found("value-quantity:missing=true"));
    EXPECT_FALSE(pressure_found("value-quantity:missing=false"));
    EXPECT_TRUE(pressure_found("code:missing=false"));
    EXPECT_TRUE(pressure_found("code:not=1234-5"));
    EXPECT_FALSE(pressure_found("code:not=1234-5,85354-9"));
    EXPECT_TRUE(pressure_found("encounter:missing=true"));
}

TEST(Matches, TextBesideCodesAndReferences) {
    EXPECT_TRUE(pressure_found("code:text=blood"));
    EXPECT_TRUE(pressure_found("code:text=bp"));
    EXPECT_FALSE(pressure_found("code:text=pressure"));
    EXPECT_TRUE(pressure_found("subject:text=amal"));
}

TEST(Matches, LogicalReferencesByTheirIdentifier) {
    EXPECT_TRUE(pressure_found("subject:identifier=http://ward.example/mrn|4711"));
    EXPECT_TRUE(pressure_found("subject:identifier=4711"));
    EXPECT_FALSE(pressure_found("subject:identifier=http://ward.example/other|4711"));
}

TEST(Matches, UrisTagsAndProfiles) {
    EXPECT_TRUE(pressure_found("_profile=http://ward.example/StructureDefinition/bp"));
    EXPECT_FALSE(pressure_found("_profile=http://ward.example/StructureDefinition"));
    EXPECT_TRUE(pressure_found("_profile:below=http://ward.example/StructureDefinition"));
    EXPECT_FALSE(pressure_found("_profile:below=http://ward.example/Structure"));
    EXPECT_TRUE(pressure_found("_profile:above=http://ward.example/StructureDefinition/bp/more"));
    EXPECT_TRUE(pressure_found("_tag=t|seen"));
    EXPECT_TRUE(pressure_found("_security:missing=true"));
}

TEST(Matches, IdentifiersOfOneType) {
    const auto found = [](std::string_view search) {
        return finds(search, R"({"resourceType":"Patient","identifier":[
            {"type":{"coding":[{"system":"v2","code":"MR"}]},"value":"12"},
            {"type":{"coding":[{"system":"v2","code":"SS"}]},"value":"34"}]})");
    };
    EXPECT_TRUE(found("identifier:of-type=v2|MR|12"));
    EXPECT_FALSE(found("identifier:of-type=v2|MR|34"));
    EXPECT_FALSE(found("identifier:of-type=v3|MR|12"));
}

}   // namespace
}   // namespace ward::fhir
