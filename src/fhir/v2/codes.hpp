// SPDX-License-Identifier: Apache-2.0
// Codes of HL7 v2 tables as FHIR's: the concept maps of the v2-to-FHIR implementation guide.
#pragma once

#include <span>
#include <string_view>

namespace ward::fhir::v2 {

struct CodeEntry {
    std::string_view from;
    std::string_view code;
    std::string_view display;
    std::string_view system;   // empty: that of the table, Codes::target
};

struct Codes {
    /// `http://terminology.hl7.org/CodeSystem/v2-nnnn`: what a code is in where the sender does not say;
    /// empty where sites have their own.
    std::string_view source;
    std::string_view target;
    std::span<const CodeEntry> entries;
    const CodeEntry* find(std::string_view code) const;
};

namespace codes {
extern const Codes address_type;         // 0190
extern const Codes address_use;          // 0190
extern const Codes administrative_sex;   // 0001
extern const Codes admission_type;       // 0007
extern const Codes encounter_class;      // 0004
extern const Codes encounter_status;     // 0004
extern const Codes marital_status;       // 0002
extern const Codes name_use;             // 0200
extern const Codes telecom_equipment;    // 0202
extern const Codes telecom_use;          // 0201
}   // namespace codes

}   // namespace ward::fhir::v2
