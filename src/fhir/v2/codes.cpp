// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/codes.hpp"

#include <algorithm>
#include <array>

namespace ward::fhir::v2 {

const CodeEntry* Codes::find(std::string_view code) const {
    if (code.empty()) return nullptr;
    const auto found = std::ranges::find(entries, code, &CodeEntry::from);
    return found == entries.end() ? nullptr : &*found;
}

namespace codes {

namespace {

constexpr std::string_view null_flavor = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor";

constexpr std::array<CodeEntry, 2> address_type_entries{{{"M", "postal", {}, {}}, {"SH", "postal", {}, {}}}};

constexpr std::array<CodeEntry, 6> address_use_entries{{{"BA", "old", {}, {}},
                                                        {"BI", "billing", {}, {}},
                                                        {"C", "temp", {}, {}},
                                                        {"B", "work", {}, {}},
                                                        {"H", "home", {}, {}},
                                                        {"O", "work", {}, {}}}};

constexpr std::array<CodeEntry, 6> sex_entries{{{"F", "female", {}, {}},
                                                {"M", "male", {}, {}},
                                                {"O", "other", {}, {}},
                                                {"U", "unknown", {}, {}},
                                                {"A", "other", {}, {}},
                                                {"N", "other", {}, {}}}};

constexpr std::array<CodeEntry, 4> class_entries{{{"E", "EMER", "emergency", {}},
                                                  {"I", "IMP", "inpatient encounter", {}},
                                                  {"O", "AMB", "ambulatory", {}},
                                                  {"P", "PRENC", "pre-admission", {}}}};

constexpr std::array<CodeEntry, 9> status_entries{{{"E", "in-progress", {}, {}},
                                                   {"I", "in-progress", {}, {}},
                                                   {"O", "in-progress", {}, {}},
                                                   {"P", "planned", {}, {}},
                                                   {"R", "in-progress", {}, {}},
                                                   {"B", "in-progress", {}, {}},
                                                   {"C", "in-progress", {}, {}},
                                                   {"N", "in-progress", {}, {}},
                                                   {"U", "unknown", {}, {}}}};

constexpr std::array<CodeEntry, 16> marital_entries{{{"A", "L", "Legally Separated", {}},
                                                     {"D", "D", "Divorced", {}},
                                                     {"M", "M", "Married", {}},
                                                     {"S", "S", "Never Married", {}},
                                                     {"W", "W", "Widowed", {}},
                                                     {"C", "C", "Common Law", {}},
                                                     {"G", "T", "Domestic partner", {}},
                                                     {"P", "T", "Domestic partner", {}},
                                                     {"R", "T", "Domestic partner", {}},
                                                     {"E", "L", "Legally Separated", {}},
                                                     {"N", "A", "Annulled", {}},
                                                     {"I", "I", "Interlocutory", {}},
                                                     {"B", "U", "unmarried", {}},
                                                     {"U", "UNK", "unknown", null_flavor},
                                                     {"O", "OTH", "other", null_flavor},
                                                     {"T", "NAV", "temporarily unavailable", null_flavor}}};

constexpr std::array<CodeEntry, 9> name_entries{{{"BAD", "old", {}, {}},
                                                 {"D", "usual", {}, {}},
                                                 {"L", "official", {}, {}},
                                                 {"M", "maiden", {}, {}},
                                                 {"MSK", "anonymous", {}, {}},
                                                 {"N", "nickname", {}, {}},
                                                 {"NAV", "temp", {}, {}},
                                                 {"R", "official", {}, {}},
                                                 {"TEMP", "temp", {}, {}}}};

constexpr std::array<CodeEntry, 10> equipment_entries{{{"PH", "phone", {}, {}},
                                                       {"FX", "fax", {}, {}},
                                                       {"MD", "other", {}, {}},
                                                       {"CP", "phone", {}, {}},
                                                       {"SAT", "other", {}, {}},
                                                       {"BP", "pager", {}, {}},
                                                       {"Internet", "email", {}, {}},
                                                       {"X.400", "email", {}, {}},
                                                       {"TDD", "other", {}, {}},
                                                       {"TTY", "other", {}, {}}}};

constexpr std::array<CodeEntry, 3> telecom_use_entries{
    {{"PRN", "home", {}, {}}, {"WPN", "work", {}, {}}, {"PRS", "mobile", {}, {}}}};

constexpr std::array<CodeEntry, 7> admission_entries{
    {{"A", "A", "Accident", {}},
     {"E", "E", "Emergency", {}},
     {"L", "L", "Labor and Delivery", {}},
     {"R", "R", "Routine", {}},
     {"N", "N", "Newborn (Birth in healthcare facility)", {}},
     {"U", "U", "Urgent", {}},
     {"C", "C", "Elective", {}}}};

}   // namespace

const Codes address_type{{}, {}, address_type_entries};
const Codes address_use{{}, {}, address_use_entries};
const Codes administrative_sex{{}, {}, sex_entries};
const Codes admission_type{{}, "http://terminology.hl7.org/CodeSystem/v2-0007", admission_entries};
const Codes encounter_class{{}, "http://terminology.hl7.org/CodeSystem/v3-ActCode", class_entries};
const Codes encounter_status{{}, {}, status_entries};
const Codes marital_status{{}, "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", marital_entries};
const Codes name_use{{}, {}, name_entries};
const Codes telecom_equipment{{}, {}, equipment_entries};
const Codes telecom_use{{}, {}, telecom_use_entries};

}   // namespace codes

}   // namespace ward::fhir::v2
