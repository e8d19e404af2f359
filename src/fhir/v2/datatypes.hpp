// SPDX-License-Identifier: Apache-2.0
// The data types of HL7 v2 as those of FHIR: what tables of segments are made of.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/v2/table.hpp"

namespace ward::fhir::v2 {

/// Identifier.system of code that an identifier's type has: HL7 table 0203.
inline constexpr std::string_view identifier_types = "http://terminology.hl7.org/CodeSystem/v2-0203";

/// The type of an order's number at who placed it, and at who fills it.
inline constexpr Fixed placer{
    "type", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"PLAC"}]})"};
inline constexpr Fixed filler{
    "type", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"FILL"}]})"};

namespace to {

void text(const Source& source, Element element, Place place);
void boolean(const Source& source, Element element, Place place);    // ID of table 0136
void decimal(const Source& source, Element element, Place place);    // NM
void positive(const Source& source, Element element, Place place);   // NM that FHIR wants above zero
void count(const Source& source, Element element, Place place);      // NM that is whole, zero included
void lines(const Source& source, Element field, Place place);    // the repetitions of a field, a line each
void time(const Source& source, Element element, Place place);   // TM
void date(const Source& source, Element element, Place place);   // DT, DTM or TS
void date_time(const Source& source, Element element, Place place);
void instant(const Source& source, Element element, Place place);
void period(const Source& source, Element element, Place place);   // DR

void code(const Source& source, Element element, Place place);               // translated by the row's codes
void code_if_known(const Source& source, Element element, Place place);      // where others are not missed
void coding(const Source& source, Element element, Place place);             // CWE, CE, CNE, IS or ID
void codeable_concept(const Source& source, Element element, Place place);   // the same as a CodeableConcept
void concept_text(const Source& source, Element element, Place place);       // ST, FT as CodeableConcept.text
void code_text(const Source& source, Element element, Place place);          // what a CWE says, in words

void identifier(const Source& source, Element element, Place place);                // CX
void entity_identifier(const Source& source, Element element, Place place);         // EI
void placer_and_filler(const Source& source, Element element, Place identifiers);   // EIP, to the array
void group_number(const Source& source, Element element, Place place);              // ORC-4, an EI or an EIP
void group_identifiers(const Source& source, Element element, Place identifiers);   // the same as two
void coded_identifier(const Source& source, Element element, Place place);          // CWE as identifier
void licence(const Source& source, Element element, Place place);                   // DLN
void social_security_number(const Source& source, Element element, Place place);    // ST

void human_name(const Source& source, Element element, Place place);      // XPN
void name_text(const Source& source, Element element, Place place);       // XPN in one string
void address(const Source& source, Element element, Place place);         // XAD
void contact_point(const Source& source, Element element, Place place);   // XTN

void composite_quantity(const Source& source, Element element, Place place);   // CQ
void timing_quantity(const Source& source, Element element, Place request);    // TQ
void repeat_pattern(const Source& source, Element element, Place timing);      // RPT
void attachment(const Source& source, Element element, Place place);           // ED or RP

// References, with the resource that they are to.
void practitioner(const Source& source, Element element, Place place);         // XCN
void organization(const Source& source, Element element, Place place);         // XON
void location(const Source& source, Element element, Place place);             // PL
void coded_organization(const Source& source, Element element, Place place);   // CWE
void name_with_date(const Source& source, Element element, Place place);       // NDL
void device(const Source& source, Element element, Place place);               // EI

}   // namespace to

/// How often, as TQ and RPT begin: a code of table 0335.
void write_repeat_pattern(Element code, Place timing);

/// A CWE or its like from the component `first` on: code, display, system, and where it has one a version.
void write_coding(Place place, Element element, std::size_t first, std::string_view source_system);
void write_concept(Place place, Element element, const Codes* codes);

/// Which components of a wider type are a name; given names, suffix and prefix follow the family name.
struct NameParts {
    std::size_t family;
    std::size_t type;
    std::size_t range;   // a DR
    std::size_t start;   // and what follows it, the end
    std::size_t professional_suffix;
};
void write_human_name(const Source& source, Element element, const NameParts& parts, Place place);

struct IdentifierParts {
    std::string value;
    Authority authority;
    std::string type;   // of table 0203
};
/// Nothing is written without a value. A type that is there already stays.
void write_identifier(Build& build, const IdentifierParts& parts, Place place);
/// An organization that is known by its HD only.
Growing& organization_of(Build& build, const Authority& authority);

// The same resources for who needs more than the reference; none where the element says nothing.
Growing* practitioner_of(const Source& source, Element element);
Growing* organization_named(const Source& source, Element element);
Growing* location_of(const Source& source, Element element);
Growing* device_of(const Source& source, Element element);
/// What somebody is: a code, by which the role is found again, and the JSON of PractitionerRole.code.
struct RoleCode {
    std::string_view code = {};
    std::string_view json = {};
};
/// A person, an organization or both, in a role.
Found role_of(Build& build, const Growing* person, const Growing* organization, RoleCode code = {});

/// A number as JSON wants it, or nothing: HL7 allows a sign, leading zeros and an open point.
std::optional<std::string> json_number(std::string_view text);

}   // namespace ward::fhir::v2
