// SPDX-License-Identifier: Apache-2.0
#include "vault/validating.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const std::string amal = R"({"resourceType":"Patient","id":"p1","gender":"female"})";

std::string with_parameters(std::string_view mode, std::string_view profile, std::string_view resource) {
    return fmt::format(R"({{"resourceType":"Parameters","parameter":[{{"name":"mode","valueCode":"{}"}},
        {{"name":"profile","valueUri":"{}"}},{{"name":"resource","resource":{}}}]}})",
                       mode, profile, resource);
}

TEST(ValidateOperation, TellsWhatIsWrongAndStoresNothing) {
    Hospital hospital;
    const auto right = hospital.post("Patient/$validate", amal);
    EXPECT_EQ(right.status, 200);
    EXPECT_THAT(right.body, HasSubstr(R"("severity":"information")"));
    const auto wrong = hospital.post("Patient/$validate", R"({"resourceType":"Patient","gender":"f","x":1})");
    EXPECT_EQ(wrong.status, 200);
    EXPECT_THAT(wrong.body, HasSubstr(R"("expression":["Patient.gender"])"));
    EXPECT_THAT(wrong.body, HasSubstr(R"("expression":["Patient.x"])"));
    EXPECT_EQ(hospital.get("Patient/p1").status, 404);
}

TEST(ValidateOperation, KnowsTheTypeAndTheIdOfItsAddress) {
    Hospital hospital;
    EXPECT_THAT(hospital.post("Observation/$validate", amal).body,
                HasSubstr("resourceType is not Observation"));
    EXPECT_THAT(hospital.post("Patient/p2/$validate", amal).body, HasSubstr("Patient.id"));
    EXPECT_THAT(hospital.post("Patient/p1/$validate", amal).body, HasSubstr("information"));
}

TEST(ValidateOperation, TakesParametersWithAMode) {
    Hospital hospital;
    const std::string profile = "http://hl7.org/fhir/StructureDefinition/Patient";
    EXPECT_THAT(hospital.post("Patient/$validate", with_parameters("create", profile, amal)).body,
                HasSubstr("information"));
    EXPECT_EQ(hospital.post("Patient/$validate", with_parameters("update", profile, amal)).status, 400)
        << "update is of one resource";
    EXPECT_EQ(hospital.post("Patient/$validate", with_parameters("destroy", profile, amal)).status, 400);
    const auto other =
        hospital.post("Patient/$validate", with_parameters("create", "http://example.org/profile", amal));
    EXPECT_EQ(other.status, 400);
    EXPECT_THAT(other.body, HasSubstr(profile));
    EXPECT_EQ(hospital.post("Patient/$validate?profile=http://example.org/profile", amal).status, 400);
    EXPECT_EQ(hospital.post("Patient/$validate", "").status, 400) << "there is nothing to validate";
}

TEST(ValidateOperation, SaysWhetherAResourceCouldBeDeleted) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    EXPECT_THAT(hospital.post("Patient/p1/$validate?mode=delete", "").body, HasSubstr("information"));
    EXPECT_THAT(hospital.post("Patient/p2/$validate?mode=delete", "").body, HasSubstr("not-found"));
    hospital.get("Patient/p1");
    const auto trail = ids_in(hospital.get("AuditEvent?patient=p1"));
    ASSERT_FALSE(trail.empty());
    EXPECT_THAT(hospital.post("AuditEvent/" + trail.front() + "/$validate?mode=delete", "").body,
                HasSubstr("business-rule"));
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
}

TEST(ValidateOperation, NeedsSomeRightToTheType) {
    Hospital hospital;
    hospital.set_scope("system/Observation.rs");
    EXPECT_EQ(hospital.post("Patient/$validate", amal).status, 403);
    hospital.set_scope("system/Patient.c");
    EXPECT_EQ(hospital.post("Patient/$validate", amal).status, 200);
    EXPECT_THAT(hospital.post("Patient/p1/$validate?mode=delete", "").body, Not(HasSubstr("information")));
}

}   // namespace
}   // namespace ward::vault
