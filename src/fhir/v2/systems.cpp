// SPDX-License-Identifier: Apache-2.0
#include "fhir/v2/systems.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "fhir/v2/elements.hpp"

namespace ward::fhir::v2 {

namespace {

struct System {
    std::string_view name;
    std::string_view uri;
};

// HL7 table 0396 and what senders write for it; the URIs are those of terminology.hl7.org. By name, for a
// binary search.
constexpr std::array<System, 31> systems{{
    {"C4", "http://www.ama-assn.org/go/cpt"},
    {"CDCREC", "urn:oid:2.16.840.1.113883.6.238"},
    {"CLIA", "urn:oid:2.16.840.1.113883.4.7"},
    {"CPT", "http://www.ama-assn.org/go/cpt"},
    {"CPT4", "http://www.ama-assn.org/go/cpt"},
    {"CVX", "http://hl7.org/fhir/sid/cvx"},
    {"FDDC", "http://hl7.org/fhir/sid/ndc"},
    {"HCPCS", "http://terminology.hl7.org/CodeSystem/HCPCS"},
    {"HSLOC", "https://www.cdc.gov/nhsn/cdaportal/terminology/codesystem/hsloc.html"},
    {"I10", "http://hl7.org/fhir/sid/icd-10"},
    {"I10C", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"I10P", "http://www.cms.gov/Medicare/Coding/ICD10"},
    {"I9", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"I9C", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"I9CDX", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"ICD-10", "http://hl7.org/fhir/sid/icd-10"},
    {"ICD-10-CM", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"ICD10", "http://hl7.org/fhir/sid/icd-10"},
    {"ICD9", "http://hl7.org/fhir/sid/icd-9-cm"},
    {"ISO3166_1", "urn:iso:std:iso:3166"},
    {"ISO639", "urn:ietf:bcp:47"},
    {"LN", "http://loinc.org"},
    {"LOINC", "http://loinc.org"},
    {"MVX", "http://hl7.org/fhir/sid/mvx"},
    {"NDC", "http://hl7.org/fhir/sid/ndc"},
    {"NPI", "http://hl7.org/fhir/sid/us-npi"},
    {"NULLFL", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"},
    {"RXNORM", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"SCT", "http://snomed.info/sct"},
    {"SNM", "http://snomed.info/sct"},
    {"UCUM", "http://unitsofmeasure.org"},
}};
static_assert(std::ranges::is_sorted(systems, {}, &System::name));

}   // namespace

std::string without_space(std::string_view name) {
    std::string out;
    for (const char c : name) out += c == ' ' || c == '\t' || c == '\n' || c == '\r' ? "%20" : std::string{c};
    return out;
}

std::string code_system_uri(std::string_view name) {
    std::string upper{name};
    for (auto& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - ('a' - 'A'));
    const auto found = std::ranges::lower_bound(systems, std::string_view{upper}, {}, &System::name);
    if (found != systems.end() && found->name == upper) return std::string{found->uri};
    // HL7 table 0396: HL7nnnn names the table nnnn of HL7 itself.
    if (upper.size() == 7 && upper.starts_with("HL7") && number(upper.substr(3)))
        return "http://terminology.hl7.org/CodeSystem/v2-" + upper.substr(3);
    return without_space(name);
}

std::string universal_uri(std::string_view id, std::string_view type) {
    if (id.empty()) return {};
    if (equal_ignoring_case(type, "ISO")) return "urn:oid:" + without_space(id);
    if (equal_ignoring_case(type, "UUID") || equal_ignoring_case(type, "GUID"))
        return "urn:uuid:" + without_space(lowered(id));
    if (equal_ignoring_case(type, "URI")) return without_space(id);
    return {};
}

bool Authority::is_name_space() const {
    return !equal_ignoring_case(universal_id_type, "CLIA") && !equal_ignoring_case(universal_id_type, "CLIP");
}

std::string Authority::uri() const {
    const auto known = code_system_uri(name);
    if (known.starts_with("http:")) return known;
    const auto universal = universal_uri(universal_id, universal_id_type);
    if (!name.empty() && (known == name || universal.empty())) return known;
    return universal.empty() ? without_space(universal_id) : universal;
}

std::string Authority::key() const {
    const auto universal = universal_uri(universal_id, universal_id_type);
    if (!universal.empty()) return universal;
    return universal_id.empty() ? name : universal_id;
}

Authority authority_of(Element element) { return authority_of(element, 1); }

Authority authority_of(Element parent, std::size_t first) {
    return {text_of(parent[first]), text_of(parent[first + 1]), text_of(parent[first + 2])};
}

}   // namespace ward::fhir::v2
