// SPDX-License-Identifier: Apache-2.0
#include "fhir/compartment.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace ward::fhir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> patients(std::string resource) {
    const auto document = json::Document::parse(std::move(resource));
    EXPECT_TRUE(document);
    return patients_of(*resource_type((*document)["resourceType"].text()), document->root());
}

std::vector<std::string> named(std::string_view type, std::string_view search) {
    const auto query = parse_query(*resource_type(type), *parse_form(search));
    EXPECT_TRUE(query) << query.error().diagnostics;
    return patients_in_query(*query);
}

TEST(PatientsOf, AreTheLocalOnesThatTheCompartmentNames) {
    EXPECT_THAT(patients(R"({"resourceType":"Observation","subject":{"reference":"Patient/a"}})"),
                ElementsAre("a"));
    EXPECT_THAT(patients(R"({"resourceType":"Observation","subject":{"reference":"Group/a"}})"), IsEmpty());
    EXPECT_THAT(patients(R"({"resourceType":"Observation","subject":{"reference":"http://x/Patient/a"}})"),
                IsEmpty());
    EXPECT_THAT(patients(R"({"resourceType":"Observation","focus":[{"reference":"Patient/a"}]})"), IsEmpty());
    EXPECT_THAT(patients(R"({"resourceType":"Practitioner","id":"d"})"), IsEmpty());
}

TEST(PatientsOf, StandInTheOrderOfTheDefinitionAndOnce) {
    EXPECT_THAT(patients(R"({"resourceType":"Observation","performer":[{"reference":"Patient/b"},
        {"reference":"Patient/a"},{"reference":"Patient/b"}],
        "subject":{"reference":"Patient/c/_history/1"}})"),
                ElementsAre("c", "b", "a"));
}

TEST(PatientsOf, APatientStartWithItself) {
    EXPECT_THAT(patients(R"({"resourceType":"Patient","id":"p"})"), ElementsAre("p"));
    EXPECT_THAT(
        patients(R"({"resourceType":"Patient","id":"p","link":[{"other":{"reference":"Patient/q"}}]})"),
        ElementsAre("p", "q"));
}

TEST(PatientsInQuery, AreThoseOfTheNarrowestFilter) {
    EXPECT_THAT(named("Observation", "code=x"), IsEmpty());
    EXPECT_THAT(named("Observation", "patient=a"), ElementsAre("a"));
    EXPECT_THAT(named("Observation", "subject=Patient/a&code=x"), ElementsAre("a"));
    EXPECT_THAT(named("Observation", "subject=a,Patient/b"), ElementsAre("a", "b"));
    EXPECT_THAT(named("Observation", "subject=a,Patient/b&patient=b"), ElementsAre("b"));
    EXPECT_THAT(named("Condition", "subject=Patient/a"), ElementsAre("a"));
    EXPECT_THAT(named("Patient", "_id=a"), ElementsAre("a"));
}

TEST(PatientsInQuery, AreNoneWhenOneAlternativeIsNoPatient) {
    EXPECT_THAT(named("Observation", "subject=Patient/a,Group/g"), IsEmpty());
    EXPECT_THAT(named("Observation", "subject=http://x/Patient/a"), IsEmpty());
    EXPECT_THAT(named("Observation", "focus=Patient/a"), IsEmpty());
    EXPECT_THAT(named("Observation", "performer=Practitioner/d"), IsEmpty());
    EXPECT_THAT(named("Practitioner", "_id=a"), IsEmpty());
}

std::vector<std::string> paths(std::string_view expression) {
    constexpr std::string_view filter = ".where(resolve() is Patient)";
    std::vector<std::string> all;
    while (!expression.empty()) {
        const auto bar = expression.find(" | ");
        std::string path{expression.substr(0, bar)};
        if (path.ends_with(filter)) path.resize(path.size() - filter.size());
        all.push_back(path);
        expression.remove_prefix(bar == std::string_view::npos ? expression.size() : bar + 3);
    }
    return all;
}

// patients_in_query() trusts that `patient` and `subject` lead nowhere but into the compartment.
TEST(PatientsInQuery, MayTrustPatientAndSubject) {
    for (const auto type : resource_types()) {
        if (!in_patient_compartment(type) || type == ResourceType::patient) continue;
        std::vector<std::string> inside;
        for (const auto code : compartment_parameters(type))
            for (const auto& path : paths(search_parameter(type, code)->expression)) inside.push_back(path);
        for (const auto* code : {"patient", "subject"}) {
            const auto* parameter = search_parameter(type, code);
            if (parameter == nullptr || !may_target(*parameter, "Patient")) continue;
            for (const auto& path : paths(parameter->expression))
                EXPECT_THAT(inside, testing::Contains(path)) << name_of(type) << " " << code;
        }
    }
}

}   // namespace
}   // namespace ward::fhir
