// SPDX-License-Identifier: Apache-2.0
// Codes of HL7 v2 tables as FHIR's: the concept maps of the v2-to-FHIR implementation guide.
#pragma once

#include <span>
#include <string_view>

namespace ward::fhir::v2 {

struct CodeEntry {
    std::string_view from;
    std::string_view code;
    std::string_view display = {};
    std::string_view system = {};   // empty: that of the table, Codes::target
};

struct Codes {
    /// `http://terminology.hl7.org/CodeSystem/v2-nnnn`: what a code is in where the sender does not say;
    /// empty where sites have their own.
    std::string_view source;
    std::string_view target;
    std::span<const CodeEntry> entries;
    const CodeEntry* find(std::string_view code) const;
};

// Each with the number of its HL7 table.
namespace codes {
extern const Codes absent_reason;              // 0085
extern const Codes address_type;               // 0190
extern const Codes address_use;                // 0190
extern const Codes administration_site;        // 0163
extern const Codes administrative_sex;         // 0001
extern const Codes admission_type;             // 0007
extern const Codes allergy_category;           // 0127
extern const Codes allergy_criticality;        // 0128
extern const Codes allergy_type;               // 0127
extern const Codes allow_substitution;         // 0161
extern const Codes appointment_reason;         // 0276
extern const Codes appointment_status;         // 0278, in small letters
extern const Codes appointment_type;           // 0277
extern const Codes availability;               // 0136
extern const Codes completion_status;          // 0322
extern const Codes contact_role;               // 0131
extern const Codes diagnosis_type;             // 0052
extern const Codes diagnostic_service;         // 0074
extern const Codes document_completion;        // 0271
extern const Codes document_confidentiality;   // 0272
extern const Codes encounter_class;            // 0004
extern const Codes encounter_status;           // 0004
extern const Codes event_reason;               // 0062
extern const Codes event_timing;               // 0528
extern const Codes interpretation;             // 0078
extern const Codes living_will;                // 0315
extern const Codes marital_status;             // 0002
extern const Codes name_use;                   // 0200
extern const Codes observation_status;         // 0085
extern const Codes order_control;              // 0119
extern const Codes order_status;               // 0038
extern const Codes order_type;                 // 0482
extern const Codes participation_status;       // 0278, in small letters
extern const Codes priority;                   // 0485
extern const Codes provider_role;              // 0443
extern const Codes relationship;               // 0063
extern const Codes repeat_pattern;             // 0335
extern const Codes report_status;              // 0123
extern const Codes route;                      // 0162
extern const Codes specimen_type;              // 0487
extern const Codes subscriber_relationship;    // 0063
extern const Codes telecom_equipment;          // 0202
extern const Codes telecom_use;                // 0201
}   // namespace codes

}   // namespace ward::fhir::v2
