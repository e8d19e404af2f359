// SPDX-License-Identifier: Apache-2.0
#include "vault/facility_index.hpp"

#include <gmock/gmock.h>

namespace ward::vault {
namespace {

bool has(const FacilityIndex& index, std::string_view type, std::string_view code) {
    const auto number = *fhir::resource_type(type);
    return index.has(number, *fhir::search_parameter(number, code));
}

TEST(FacilityIndex, FindsByIdentifierAndRelatedPersonsByName) {
    const auto index = FacilityIndex::with({}).value();
    EXPECT_TRUE(has(index, "Encounter", "identifier"));
    EXPECT_TRUE(has(index, "RelatedPerson", "name"));
    EXPECT_FALSE(has(index, "Encounter", "class"));
    EXPECT_FALSE(has(index, "Patient", "identifier")) << "has an index of its own";
    EXPECT_FALSE(has(index, "Organization", "name")) << "lies in nobody's chart";
    EXPECT_THAT(index.names(), ::testing::Contains("Specimen.identifier"));
}

TEST(FacilityIndex, HasWhatIsSwitchedOn) {
    const auto index = FacilityIndex::with({"CareTeam.role", "CareTeam.role"}).value();
    EXPECT_TRUE(has(index, "CareTeam", "role"));
    EXPECT_FALSE(has(index, "CareTeam", "status"));
    EXPECT_THAT(index.names(), ::testing::Contains("CareTeam.role").Times(1));
}

TEST(FacilityIndex, RefusesWhatItCannotHave) {
    for (const auto* name : {"", "CareTeam", "CareTeam.", "CareTeam.colour", "Nothing.role", "Patient.name",
                             "Organization.name", "AuditEvent.agent", "Observation.value-quantity"})
        EXPECT_FALSE(FacilityIndex::with({name})) << name;
}

}   // namespace
}   // namespace ward::vault
