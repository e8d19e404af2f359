// SPDX-License-Identifier: Apache-2.0
// The resource types of FHIR R4, each with a number for storage.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ward::fhir {

/// A type's number never changes and is never used again: it is in the store and in sealed records.
/// All 146 have one (see the table in the source); only those that code names have an enumerator.
enum class ResourceType : std::uint16_t {
    account = 1,
    allergy_intolerance = 4,
    appointment = 5,
    audit_event = 7,
    binary = 9,
    bundle = 12,
    capability_statement = 13,
    care_team = 15,
    condition = 28,
    coverage = 31,
    device = 35,
    diagnostic_report = 40,
    document_reference = 42,
    encounter = 44,
    episode_of_care = 48,
    immunization = 62,
    location = 71,
    medication_request = 79,
    message_header = 92,
    observation = 96,
    operation_outcome = 99,
    organization = 100,
    parameters = 102,
    patient = 103,
    practitioner = 108,
    practitioner_role = 109,
    procedure = 110,
    provenance = 111,
    related_person = 114,
    service_request = 124,
    specimen = 126,
    subscription = 130,
};

constexpr std::uint16_t number_of(ResourceType type) { return static_cast<std::uint16_t>(type); }
std::string_view name_of(ResourceType type);
std::optional<ResourceType> resource_type(std::string_view name);
/// From storage: nothing if no type has this number.
std::optional<ResourceType> resource_type(std::uint16_t number);
std::span<const ResourceType> resource_types();

/// The search parameters that put a resource of this type into a patient's compartment, in the order of
/// CompartmentDefinition/patient; empty if the type is never in one. For Patient: `_id` stands first.
std::span<const std::string_view> compartment_parameters(ResourceType type);
bool in_patient_compartment(ResourceType type);
/// Whether a resource of this type may be of a patient: those of the compartment, and Binary, which lies
/// where its securityContext says (R4, binary.html).
bool may_lie_in_chart(ResourceType type);

/// FHIR R4, datatypes.html#id: [A-Za-z0-9\-\.]{1,64}.
bool is_id(std::string_view text);

}   // namespace ward::fhir
