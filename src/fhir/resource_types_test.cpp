// SPDX-License-Identifier: Apache-2.0
#include "fhir/resource_types.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace ward::fhir {
namespace {

TEST(ResourceTypes, AreAllOfR4EachOnce) {
    std::set<std::string_view> names;
    for (const auto type : resource_types()) names.insert(name_of(type));
    EXPECT_EQ(names.size(), 146u);
    EXPECT_EQ(*names.begin(), "Account");
    EXPECT_EQ(*names.rbegin(), "VisionPrescription");
}

TEST(ResourceTypes, FindEachOtherByNameAndNumber) {
    for (const auto type : resource_types()) {
        EXPECT_EQ(resource_type(name_of(type)), type);
        EXPECT_EQ(resource_type(number_of(type)), type);
    }
    EXPECT_FALSE(resource_type("patient"));
    EXPECT_FALSE(resource_type("Resource"));
    EXPECT_FALSE(resource_type(std::uint16_t{0}));
    EXPECT_FALSE(resource_type(std::uint16_t{147}));
}

// The store and sealed records hold these numbers: a change here makes records unreadable.
TEST(ResourceTypes, KeepTheirNumbers) {
    EXPECT_EQ(name_of(ResourceType::audit_event), "AuditEvent");
    EXPECT_EQ(name_of(ResourceType::binary), "Binary");
    EXPECT_EQ(name_of(ResourceType::bundle), "Bundle");
    EXPECT_EQ(name_of(ResourceType::capability_statement), "CapabilityStatement");
    EXPECT_EQ(name_of(ResourceType::condition), "Condition");
    EXPECT_EQ(name_of(ResourceType::observation), "Observation");
    EXPECT_EQ(name_of(ResourceType::operation_outcome), "OperationOutcome");
    EXPECT_EQ(name_of(ResourceType::parameters), "Parameters");
    EXPECT_EQ(name_of(ResourceType::patient), "Patient");
    EXPECT_EQ(name_of(ResourceType::practitioner), "Practitioner");
    EXPECT_EQ(name_of(ResourceType::subscription), "Subscription");
    EXPECT_EQ(number_of(*resource_type("Account")), 1);
    EXPECT_EQ(number_of(*resource_type("Goal")), 56);
    EXPECT_EQ(number_of(*resource_type("VisionPrescription")), 146);
}

TEST(Compartment, HoldsWhatTheDefinitionSays) {
    EXPECT_TRUE(in_patient_compartment(ResourceType::observation));
    EXPECT_FALSE(in_patient_compartment(ResourceType::practitioner));
    EXPECT_FALSE(in_patient_compartment(*resource_type("Location")));
    const auto observation = compartment_parameters(ResourceType::observation);
    ASSERT_EQ(observation.size(), 2u);
    EXPECT_EQ(observation[0], "subject");
    EXPECT_EQ(observation[1], "performer");
    EXPECT_EQ(compartment_parameters(ResourceType::patient).front(), "_id");
}

TEST(Id, IsOfFewCharactersAndShort) {
    EXPECT_TRUE(is_id("a-B.9"));
    EXPECT_TRUE(is_id(std::string(64, 'x')));
    EXPECT_FALSE(is_id(""));
    EXPECT_FALSE(is_id(std::string(65, 'x')));
    EXPECT_FALSE(is_id("a/b"));
    EXPECT_FALSE(is_id("a_b"));
    EXPECT_FALSE(is_id("ä"));
}

}   // namespace
}   // namespace ward::fhir
