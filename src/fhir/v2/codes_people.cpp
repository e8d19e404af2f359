// SPDX-License-Identifier: Apache-2.0
// Tables of people: who they are and how they are reached.
#include <array>

#include "fhir/v2/codes.hpp"

namespace ward::fhir::v2::codes {

namespace {

constexpr std::string_view null_flavor = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";
constexpr std::string_view contact_roles = "http://terminology.hl7.org/CodeSystem/v2-0131";

constexpr std::array address_type_entries{
    CodeEntry{"M", "postal"},
    CodeEntry{"SH", "postal"},
};

constexpr std::array address_use_entries{
    CodeEntry{"BA", "old"}, CodeEntry{"BI", "billing"}, CodeEntry{"C", "temp"},
    CodeEntry{"B", "work"}, CodeEntry{"H", "home"},     CodeEntry{"O", "work"},
};

constexpr std::array administrative_sex_entries{
    CodeEntry{"F", "female"},  CodeEntry{"M", "male"},  CodeEntry{"O", "other"},
    CodeEntry{"U", "unknown"}, CodeEntry{"A", "other"}, CodeEntry{"N", "other"},
};

constexpr std::array marital_status_entries{
    CodeEntry{"A", "L", "Legally Separated"},
    CodeEntry{"D", "D", "Divorced"},
    CodeEntry{"M", "M", "Married"},
    CodeEntry{"S", "S", "Never Married"},
    CodeEntry{"W", "W", "Widowed"},
    CodeEntry{"C", "C", "Common Law"},
    CodeEntry{"G", "T", "Domestic partner"},
    CodeEntry{"P", "T", "Domestic partner"},
    CodeEntry{"R", "T", "Domestic partner"},
    CodeEntry{"E", "L", "Legally Separated"},
    CodeEntry{"N", "A", "Annulled"},
    CodeEntry{"I", "I", "Interlocutory"},
    CodeEntry{"B", "U", "unmarried"},
    CodeEntry{"U", "UNK", "unknown", null_flavor},
    CodeEntry{"O", "OTH", "other", null_flavor},
    CodeEntry{"T", "NAVU", "Not available", null_flavor},
};

constexpr std::array name_use_entries{
    CodeEntry{"BAD", "old"},  CodeEntry{"D", "usual"},       CodeEntry{"L", "official"},
    CodeEntry{"M", "maiden"}, CodeEntry{"MSK", "anonymous"}, CodeEntry{"N", "nickname"},
    CodeEntry{"NAV", "temp"}, CodeEntry{"R", "official"},    CodeEntry{"TEMP", "temp"},
};

constexpr std::array telecom_equipment_entries{
    CodeEntry{"PH", "phone"},       CodeEntry{"FX", "fax"},      CodeEntry{"MD", "other"},
    CodeEntry{"CP", "phone"},       CodeEntry{"SAT", "other"},   CodeEntry{"BP", "pager"},
    CodeEntry{"Internet", "email"}, CodeEntry{"X.400", "email"}, CodeEntry{"TDD", "other"},
    CodeEntry{"TTY", "other"},
};

constexpr std::array telecom_use_entries{
    CodeEntry{"PRN", "home"},
    CodeEntry{"WPN", "work"},
    CodeEntry{"PRS", "mobile"},
};

constexpr std::array relationship_entries{
    CodeEntry{"SEL", "ONESELF", "self"},
    CodeEntry{"SPO", "SPS", "spouse"},
    CodeEntry{"DOM", "SIGOTHR", "significant other"},
    CodeEntry{"CHD", "CHILD", "child"},
    CodeEntry{"GCH", "GRNDCHILD", "grandchild"},
    CodeEntry{"NCH", "NCHILD", "natural child"},
    CodeEntry{"SCH", "STPCHLD", "step child"},
    CodeEntry{"FCH", "CHLDFOST", "foster child"},
    CodeEntry{"PAR", "PRN", "parent"},
    CodeEntry{"MTH", "MTH", "mother"},
    CodeEntry{"FTH", "FTH", "father"},
    CodeEntry{"GRP", "GRPRN", "grandparent"},
    CodeEntry{"EXF", "EXT", "extended family member"},
    CodeEntry{"SIB", "SIB", "sibling"},
    CodeEntry{"BRO", "BRO", "brother"},
    CodeEntry{"SIS", "SIS", "sister"},
    CodeEntry{"FND", "FRND", "unrelated friend"},
    CodeEntry{"EMR", "E", "Employer", contact_roles},
    CodeEntry{"EMC", "C", "Emergency Contact", contact_roles},
    CodeEntry{"UNK", "U", "Unknown", contact_roles},
    CodeEntry{"OTH", "O", "Other", contact_roles},
};

constexpr std::string_view snomed = "http://snomed.info/sct";

constexpr std::array provider_role_entries{
    CodeEntry{"AD", "ADM", "admitter"},   CodeEntry{"AT", "ATND", "attender"},
    CodeEntry{"CP", "CON", "consultant"}, CodeEntry{"PP", "446050000", "Primary care provider", snomed},
    CodeEntry{"RP", "REF", "referrer"},   CodeEntry{"PI", "40570005", "Interpreter", snomed},
};

constexpr std::array subscriber_relationship_entries{
    CodeEntry{"SEL", "self", "Self"},   CodeEntry{"SPO", "spouse", "Spouse"},
    CodeEntry{"CHD", "child", "Child"}, CodeEntry{"PAR", "parent", "Parent"},
    CodeEntry{"OTH", "other", "Other"},
};

constexpr std::array event_reason_entries{
    CodeEntry{"01", "PATRQT", "patient requested"},
    CodeEntry{"02", "TREAT", "treatment"},
    CodeEntry{"03", "HOPERAT", "healthcare operations"},
};

}   // namespace

const Codes event_reason{"http://terminology.hl7.org/CodeSystem/v2-0062",
                         "http://terminology.hl7.org/CodeSystem/v3-ActReason", event_reason_entries};
const Codes living_will{"http://terminology.hl7.org/CodeSystem/v2-0315", {}, {}};
const Codes address_type{{}, {}, address_type_entries};
const Codes address_use{{}, {}, address_use_entries};
const Codes administrative_sex{{}, {}, administrative_sex_entries};
const Codes marital_status{
    {}, "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", marital_status_entries};
const Codes name_use{{}, {}, name_use_entries};
const Codes telecom_equipment{{}, {}, telecom_equipment_entries};
const Codes telecom_use{{}, {}, telecom_use_entries};
const Codes provider_role{"http://terminology.hl7.org/CodeSystem/v2-0443",
                          "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
                          provider_role_entries};
const Codes relationship{"http://terminology.hl7.org/CodeSystem/v2-0063",
                         "http://terminology.hl7.org/CodeSystem/v3-RoleCode", relationship_entries};
const Codes contact_role{"http://terminology.hl7.org/CodeSystem/v2-0131", {}, {}};
const Codes subscriber_relationship{
    {}, "http://terminology.hl7.org/CodeSystem/subscriber-relationship", subscriber_relationship_entries};

}   // namespace ward::fhir::v2::codes
