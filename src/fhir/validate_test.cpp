// SPDX-License-Identifier: Apache-2.0
#include "fhir/validate.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <iterator>
#include <map>

namespace ward::fhir {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// "code expression" of each issue.
std::vector<std::string> issues_of(const std::string& text, const ValidateLimits& limits = {}) {
    const auto document = json::Document::parse(text);
    EXPECT_TRUE(document) << document.error().what;
    std::vector<std::string> found;
    for (const auto& issue : validate(document->root(), limits))
        found.push_back(std::string{code_of(issue.type)} + " " + issue.expression);
    return found;
}

TEST(Validate, AResourceThatIsAsDefinedHasNoIssue) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Observation","id":"o1","status":"final",
        "meta":{"profile":["http://example.org/p"],"lastUpdated":"2026-11-22T09:00:00.000+01:00"},
        "code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
        "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-11","valueQuantity":{"value":7.50},
        "component":[{"code":{"text":"x"},"valueString":"y"}],
        "contained":[{"resourceType":"Device","id":"d1"}],"device":{"reference":"#d1"},
        "_status":{"extension":[{"url":"http://example.org/e","valueBoolean":true}]}})"),
                IsEmpty());
}

TEST(Validate, FindsWhatIsNoElement) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","nickname":"x","name":[{"familiy":"y"}],
        "contact":[{"name":{"family":"z"},"phone":1}],"valueString":"q","Gender":"male"})"),
                ElementsAre("structure Patient.nickname", "structure Patient.name[0].familiy",
                            "structure Patient.contact[0].phone", "structure Patient.valueString",
                            "structure Patient.Gender"));
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","_name":[{"id":"x"}],"resourcetype":"Patient"})"),
                ElementsAre("structure Patient._name", "structure Patient.resourcetype"))
        << "only primitives have extensions beside them";
    EXPECT_THAT(issues_of(R"({"resourceType":"Chart"})"), ElementsAre("invalid resourceType"));
    EXPECT_THAT(issues_of("[]"), ElementsAre("structure "));
}

TEST(Validate, FindsWrongCardinalities) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Observation","code":[{"text":"x"}],"category":{"text":"y"},
        "performer":[],"component":[{"valueString":"y"}],"note":[{}]})"),
                ElementsAre("structure Observation.code", "structure Observation.category",
                            "structure Observation.performer", "required Observation.component[0].code",
                            "structure Observation.note[0]", "required Observation.status"));
    EXPECT_THAT(issues_of(R"({"resourceType":"MedicationRequest","status":"active","intent":"order",
        "subject":{"reference":"Patient/p1"}})"),
                ElementsAre("required MedicationRequest.medication"));
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","deceasedBoolean":true,"deceasedDateTime":"2026"})"),
                ElementsAre("structure Patient.deceased"));
}

TEST(Validate, FindsWrongTypes) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Observation","status":"final","code":"x",
        "valueQuantity":{"value":"7.5"},"effectivePeriod":{"start":"2026-11-31"},"issued":"2026-11-22"})"),
                ElementsAre("structure Observation.code", "value Observation.value.ofType(Quantity).value",
                            "value Observation.effective.ofType(Period).start", "value Observation.issued"));
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","active":"true","birthDate":"1984-13-01","id":"a b",
        "multipleBirthInteger":1.5,"photo":[{"data":"!!","size":-1}],"name":["Haddad"],
        "communication":[{"language":{"text":"x"},"preferred":null}]})"),
                ElementsAre("value Patient.active", "value Patient.birthDate", "value Patient.id",
                            "value Patient.multipleBirth.ofType(integer)", "value Patient.photo[0].data",
                            "value Patient.photo[0].size", "structure Patient.name[0]",
                            "structure Patient.communication[0].preferred"));
}

TEST(Validate, FindsReferencesToTheWrongType) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Observation","status":"final","code":{"text":"x"},
        "subject":{"reference":"Practitioner/x"},
        "encounter":{"reference":"https://other.example/fhir/Patient/p1/_history/2"},
        "device":{"reference":"#p"},"specimen":{"type":"Device","identifier":{"value":"1"}},
        "contained":[{"resourceType":"Patient","id":"p"}],"focus":[{"reference":"Basic/1"}],
        "basedOn":[{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]})"),
                ElementsAre("value Observation.subject", "value Observation.encounter",
                            "value Observation.device", "value Observation.specimen"));
}

TEST(Validate, FindsCodesThatAreNotInRequiredValueSets) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","gender":"f",
        "name":[{"use":"official","family":"x"},{"use":"Official","family":"y"}],
        "link":[{"other":{"reference":"Patient/p2"},"type":"same"}]})"),
                ElementsAre("code-invalid Patient.gender", "code-invalid Patient.name[1].use",
                            "code-invalid Patient.link[0].type"));
    EXPECT_THAT(issues_of(R"({"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p1"},
        "clinicalStatus":{"coding":[{"system":"http://example.org","code":"active"}]},
        "verificationStatus":{"coding":[{"code":"x"},{"code":"confirmed",
            "system":"http://terminology.hl7.org/CodeSystem/allergyintolerance-verification"}]}})"),
                ElementsAre("code-invalid AllergyIntolerance.clinicalStatus"));
}

TEST(Validate, LooksIntoResourcesInResources) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","gender":"male"}},
        {"resource":{"resourceType":"Patient","gender":"m"}}]})"),
                ElementsAre("code-invalid Bundle.entry[1].resource.gender"));
    EXPECT_THAT(issues_of(R"({"resourceType":"Parameters","parameter":[{"name":"x","valueString":"y",
        "part":[{"name":"z","resource":{"resourceType":"Patient","x":1}}]}]})"),
                ElementsAre("structure Parameters.parameter[0].part[0].resource.x"));
}

TEST(Validate, ReadsExtensionsOfPrimitivesInArrays) {
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","name":[{"given":["A",null],
        "_given":[null,{"extension":[{"url":"http://example.org/e","valueCode":"x"}]}]}]})"),
                IsEmpty());
    EXPECT_THAT(issues_of(R"({"resourceType":"Patient","name":[{"given":["A",null],"_given":[null]}]})"),
                ElementsAre("structure Patient.name[0].given[1]", "structure Patient.name[0].given"));
}

TEST(Validate, StopsWhereTooMuchIsWrong) {
    std::string many = R"({"resourceType":"Patient","name":[)";
    for (int i = 0; i < 50; ++i) many += R"({"x":1},)";
    many.back() = ']';
    EXPECT_THAT(issues_of(many + "}", {.issues_max = 10}), SizeIs(11));
}

std::filesystem::path folder_of(std::string_view name) {
    const char* elsewhere = std::getenv("WARD_SHARED_DATA");
    return std::filesystem::path{elsewhere ? elsewhere : WARD_SOURCE_DIR "/../shared/data"} / name;
}

/// By file: what was found in each.
std::map<std::string, std::vector<std::string>> issues_in(const std::filesystem::path& folder,
                                                          std::size_t& files) {
    std::map<std::string, std::vector<std::string>> found;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        if (entry.path().extension() != ".json") continue;
        std::ifstream stream{entry.path(), std::ios::binary};
        auto issues = issues_of({std::istreambuf_iterator<char>{stream}, {}});
        ++files;
        if (!issues.empty()) found[entry.path().filename()] = std::move(issues);
    }
    return found;
}

TEST(Validate, TheExamplesOfTheSpecificationAreValidButForThree) {
    const auto folder = folder_of("fhir/examples");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    std::size_t files = 0;
    auto found = issues_in(folder, files);
    EXPECT_GT(files, 300U);
    // linkId is 1..1; the items of a group in this one have none.
    EXPECT_THAT(found["Questionnaire-qs1.json"], Each(HasSubstr(".linkId")));
    EXPECT_THAT(found["Questionnaire-qs1.json"], SizeIs(32));
    // Only an Organization dispenses, and only a Device is the parent of a DeviceMetric.
    EXPECT_THAT(found["MedicationRequest-medrx0301.json"],
                ElementsAre("value MedicationRequest.dispenseRequest.performer"));
    EXPECT_THAT(found["DeviceMetric-example.json"], ElementsAre("value DeviceMetric.parent"));
    EXPECT_THAT(found, SizeIs(3));
}

TEST(Validate, SyntheasPatientsAreValid) {
    const auto folder = folder_of("fhir/synthea");
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << folder << " is not here";
    std::size_t files = 0;
    EXPECT_THAT(issues_in(folder, files), IsEmpty());
    EXPECT_GT(files, 30U);
}

}   // namespace
}   // namespace ward::fhir
