// SPDX-License-Identifier: Apache-2.0
// Tables of care: visits, diagnoses, documents, appointments, medication.
#include <array>

#include "fhir/v2/codes.hpp"

namespace ward::fhir::v2::codes {

namespace {

constexpr std::array encounter_status_entries{
    CodeEntry{"E", "in-progress"}, CodeEntry{"I", "in-progress"}, CodeEntry{"O", "in-progress"},
    CodeEntry{"R", "in-progress"}, CodeEntry{"B", "in-progress"}, CodeEntry{"C", "in-progress"},
    CodeEntry{"N", "in-progress"}, CodeEntry{"P", "planned"},     CodeEntry{"U", "unknown"},
};

constexpr std::array encounter_class_entries{
    CodeEntry{"E", "EMER", "emergency"},
    CodeEntry{"I", "IMP", "inpatient encounter"},
    CodeEntry{"O", "AMB", "ambulatory"},
    CodeEntry{"P", "PRENC", "pre-admission"},
};

constexpr std::array admission_type_entries{
    CodeEntry{"A", "A", "Accident"},
    CodeEntry{"E", "E", "Emergency"},
    CodeEntry{"L", "L", "Labor and Delivery"},
    CodeEntry{"R", "R", "Routine"},
    CodeEntry{"N", "N", "Newborn (Birth in healthcare facility)"},
    CodeEntry{"U", "U", "Urgent"},
    CodeEntry{"C", "C", "Elective"},
};

constexpr std::array allergy_type_entries{
    CodeEntry{"DA", "allergy"}, CodeEntry{"FA", "allergy"}, CodeEntry{"MA", "allergy"},
    CodeEntry{"EA", "allergy"}, CodeEntry{"AA", "allergy"}, CodeEntry{"PA", "allergy"},
    CodeEntry{"LA", "allergy"},
};

constexpr std::array allergy_category_entries{
    CodeEntry{"DA", "medication"}, CodeEntry{"FA", "food"},        CodeEntry{"EA", "environment"},
    CodeEntry{"AA", "biologic"},   CodeEntry{"PA", "environment"}, CodeEntry{"LA", "environment"},
};

constexpr std::array allergy_criticality_entries{
    CodeEntry{"SV", "high"},
    CodeEntry{"MI", "low"},
};

constexpr std::array diagnosis_type_entries{
    CodeEntry{"A", "AD", "Admission diagnosis"},
};

constexpr std::array document_completion_entries{
    CodeEntry{"DI", "preliminary"}, CodeEntry{"DO", "preliminary"}, CodeEntry{"IN", "preliminary"},
    CodeEntry{"IP", "preliminary"}, CodeEntry{"PA", "preliminary"}, CodeEntry{"AU", "final"},
    CodeEntry{"LA", "final"},
};

constexpr std::array appointment_status_entries{
    CodeEntry{"pending", "pending"},
    CodeEntry{"waitlist", "waitlist"},
    CodeEntry{"booked", "booked"},
    CodeEntry{"started", "checked-in"},
    CodeEntry{"complete", "fulfilled"},
    CodeEntry{"cancelled", "cancelled"},
    CodeEntry{"deleted", "entered-in-error"},
    CodeEntry{"noshow", "noshow"},
};

constexpr std::array participation_status_entries{
    CodeEntry{"pending", "needs-action"}, CodeEntry{"waitlist", "needs-action"},
    CodeEntry{"booked", "accepted"},      CodeEntry{"confirmed", "accepted"},
    CodeEntry{"cancelled", "declined"},   CodeEntry{"deleted", "declined"},
};

constexpr std::array appointment_reason_entries{
    CodeEntry{"ROUTINE", "3780001", "Routine patient disposition, no follow-up planned"},
    CodeEntry{"CHECKUP", "866149003", "Annual visit (procedure)"},
    CodeEntry{"FOLLOWUP", "185389009", "Follow-up visit (procedure)"},
    CodeEntry{"EMERGENCY", "373110003", "Emergency procedure (procedure)"},
};

constexpr std::array completion_status_entries{
    CodeEntry{"CP", "completed"},
    CodeEntry{"RE", "not-done"},
    CodeEntry{"NA", "not-done"},
    CodeEntry{"PA", "completed"},
};

constexpr std::array repeat_pattern_entries{
    CodeEntry{"BID", "BID"},
    CodeEntry{"TID", "TID"},
    CodeEntry{"QID", "QID"},
    CodeEntry{"QOD", "QOD"},
};

constexpr std::array event_timing_entries{
    CodeEntry{"HS", "HS"},   CodeEntry{"AC", "AC"},   CodeEntry{"PC", "PC"},   CodeEntry{"IC", "C"},
    CodeEntry{"ACM", "ACM"}, CodeEntry{"ACD", "ACD"}, CodeEntry{"ACV", "ACV"}, CodeEntry{"PCM", "PCM"},
    CodeEntry{"PCD", "PCD"}, CodeEntry{"PCV", "PCV"}, CodeEntry{"ICM", "CM"},  CodeEntry{"ICD", "CD"},
    CodeEntry{"ICV", "CV"},
};

constexpr std::array route_entries{
    CodeEntry{"ID", "IDINJ", "Injection, intradermal"}, CodeEntry{"IM", "IM", "Injection, intramuscular"},
    CodeEntry{"IV", "IVINJ", "Injection, intravenous"}, CodeEntry{"PO", "PO", "Swallow, oral"},
    CodeEntry{"SC", "SQ", "Injection, subcutaneous"},   CodeEntry{"TD", "TRNSDERM", "Transdermal"},
};

}   // namespace

const Codes encounter_status{{}, {}, encounter_status_entries};
const Codes encounter_class{{}, "http://terminology.hl7.org/CodeSystem/v3-ActCode", encounter_class_entries};
const Codes admission_type{{}, "http://terminology.hl7.org/CodeSystem/v2-0007", admission_type_entries};
const Codes allergy_type{{}, {}, allergy_type_entries};
const Codes allergy_category{{}, {}, allergy_category_entries};
const Codes allergy_criticality{{}, {}, allergy_criticality_entries};
const Codes diagnosis_type{
    {}, "http://terminology.hl7.org/CodeSystem/diagnosis-role", diagnosis_type_entries};
const Codes document_completion{{}, {}, document_completion_entries};
const Codes document_confidentiality{"http://terminology.hl7.org/CodeSystem/v2-0272", {}, {}};
const Codes appointment_status{{}, {}, appointment_status_entries};
const Codes participation_status{{}, {}, participation_status_entries};
const Codes appointment_reason{{}, "http://snomed.info/sct", appointment_reason_entries};
const Codes appointment_type{"http://terminology.hl7.org/CodeSystem/v2-0277", {}, {}};
const Codes completion_status{{}, {}, completion_status_entries};
const Codes allow_substitution{"http://terminology.hl7.org/CodeSystem/v2-0161", {}, {}};
const Codes repeat_pattern{
    {}, "http://terminology.hl7.org/CodeSystem/v3-GTSAbbreviation", repeat_pattern_entries};
const Codes event_timing{{}, {}, event_timing_entries};
const Codes route{"http://terminology.hl7.org/CodeSystem/v2-0162",
                  "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration", route_entries};
const Codes administration_site{"http://terminology.hl7.org/CodeSystem/v2-0163", {}, {}};

}   // namespace ward::fhir::v2::codes
