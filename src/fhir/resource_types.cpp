// SPDX-License-Identifier: Apache-2.0
#include "fhir/resource_types.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "core/assert.hpp"
#include "fhir/compartment_table.hpp"

namespace ward::fhir {

namespace {

// A type's number is its place here, counted from 1. Append only: the numbers are in the store.
constexpr std::array<std::string_view, 146> names{
    "Account",
    "ActivityDefinition",
    "AdverseEvent",
    "AllergyIntolerance",
    "Appointment",
    "AppointmentResponse",
    "AuditEvent",
    "Basic",
    "Binary",
    "BiologicallyDerivedProduct",
    "BodyStructure",
    "Bundle",
    "CapabilityStatement",
    "CarePlan",
    "CareTeam",
    "CatalogEntry",
    "ChargeItem",
    "ChargeItemDefinition",
    "Claim",
    "ClaimResponse",
    "ClinicalImpression",
    "CodeSystem",
    "Communication",
    "CommunicationRequest",
    "CompartmentDefinition",
    "Composition",
    "ConceptMap",
    "Condition",
    "Consent",
    "Contract",
    "Coverage",
    "CoverageEligibilityRequest",
    "CoverageEligibilityResponse",
    "DetectedIssue",
    "Device",
    "DeviceDefinition",
    "DeviceMetric",
    "DeviceRequest",
    "DeviceUseStatement",
    "DiagnosticReport",
    "DocumentManifest",
    "DocumentReference",
    "EffectEvidenceSynthesis",
    "Encounter",
    "Endpoint",
    "EnrollmentRequest",
    "EnrollmentResponse",
    "EpisodeOfCare",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "GraphDefinition",
    "Group",
    "GuidanceResponse",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "ImmunizationEvaluation",
    "ImmunizationRecommendation",
    "ImplementationGuide",
    "InsurancePlan",
    "Invoice",
    "Library",
    "Linkage",
    "List",
    "Location",
    "Measure",
    "MeasureReport",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationDispense",
    "MedicationKnowledge",
    "MedicationRequest",
    "MedicationStatement",
    "MedicinalProduct",
    "MedicinalProductAuthorization",
    "MedicinalProductContraindication",
    "MedicinalProductIndication",
    "MedicinalProductIngredient",
    "MedicinalProductInteraction",
    "MedicinalProductManufactured",
    "MedicinalProductPackaged",
    "MedicinalProductPharmaceutical",
    "MedicinalProductUndesirableEffect",
    "MessageDefinition",
    "MessageHeader",
    "MolecularSequence",
    "NamingSystem",
    "NutritionOrder",
    "Observation",
    "ObservationDefinition",
    "OperationDefinition",
    "OperationOutcome",
    "Organization",
    "OrganizationAffiliation",
    "Parameters",
    "Patient",
    "PaymentNotice",
    "PaymentReconciliation",
    "Person",
    "PlanDefinition",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "Questionnaire",
    "QuestionnaireResponse",
    "RelatedPerson",
    "RequestGroup",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "ResearchStudy",
    "ResearchSubject",
    "RiskAssessment",
    "RiskEvidenceSynthesis",
    "Schedule",
    "SearchParameter",
    "ServiceRequest",
    "Slot",
    "Specimen",
    "SpecimenDefinition",
    "StructureDefinition",
    "StructureMap",
    "Subscription",
    "Substance",
    "SubstanceNucleicAcid",
    "SubstancePolymer",
    "SubstanceProtein",
    "SubstanceReferenceInformation",
    "SubstanceSourceMaterial",
    "SubstanceSpecification",
    "SupplyDelivery",
    "SupplyRequest",
    "Task",
    "TerminologyCapabilities",
    "TestReport",
    "TestScript",
    "ValueSet",
    "VerificationResult",
    "VisionPrescription",
};

constexpr auto all_types = [] {
    std::array<ResourceType, names.size()> types{};
    for (std::size_t i = 0; i < types.size(); ++i) types[i] = static_cast<ResourceType>(i + 1);
    return types;
}();

const std::unordered_map<std::string_view, ResourceType>& types_by_name() {
    static const auto types = [] {
        std::unordered_map<std::string_view, ResourceType> map;
        for (const auto type : all_types) map.emplace(name_of(type), type);
        return map;
    }();
    return types;
}

// For each type, by its number, the codes of its rows in the compartment's table.
const std::vector<std::vector<std::string_view>>& compartment_codes() {
    static const auto codes = [] {
        std::vector<std::vector<std::string_view>> by_number(names.size() + 1);
        by_number[number_of(ResourceType::patient)].push_back("_id");
        for (const auto& row : compartment_rows()) {
            const auto type = resource_type(row.type);
            WARD_ASSERT(type);
            by_number[number_of(*type)].push_back(row.parameter);
        }
        return by_number;
    }();
    return codes;
}

}   // namespace

std::string_view name_of(ResourceType type) {
    const auto number = number_of(type);
    WARD_ASSERT(number >= 1 && number <= names.size());
    return names[number - 1U];
}

std::optional<ResourceType> resource_type(std::string_view name) {
    const auto found = types_by_name().find(name);
    if (found == types_by_name().end()) return std::nullopt;
    return found->second;
}

std::optional<ResourceType> resource_type(std::uint16_t number) {
    if (number < 1 || number > names.size()) return std::nullopt;
    return static_cast<ResourceType>(number);
}

std::span<const ResourceType> resource_types() { return all_types; }

std::span<const std::string_view> compartment_parameters(ResourceType type) {
    return compartment_codes()[number_of(type)];
}

bool in_patient_compartment(ResourceType type) { return !compartment_parameters(type).empty(); }

bool may_lie_in_chart(ResourceType type) {
    return type == ResourceType::binary || in_patient_compartment(type);
}

bool is_id(std::string_view text) {
    const auto allowed = [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '.';
    };
    return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

}   // namespace ward::fhir
