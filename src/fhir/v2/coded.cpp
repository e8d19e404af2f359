// SPDX-License-Identifier: Apache-2.0
// Codes, alone and as concepts.
#include "fhir/v2/datatypes.hpp"

namespace ward::fhir::v2 {

namespace {

/// The places of one of the three codings in a CWE (HL7 2.9, 2.A.13). A CE ends before the third.
struct CodingPlaces {
    std::size_t first;
    std::size_t version;
};
constexpr CodingPlaces original{1, 7};
constexpr CodingPlaces alternate{4, 8};
constexpr CodingPlaces second_alternate{10, 13};

void write_coding(Place place, Element element, CodingPlaces at, std::string_view source_system) {
    const auto code = text_of(element[at.first]);
    const auto display = text_of(element[at.first + 1]);
    if (code.empty() && display.empty()) return;
    const auto system = text_of(element[at.first + 2]);
    if (!system.empty()) {
        place.set("system", code_system_uri(system));
    } else if (!code.empty()) {
        place.set("system", source_system);
    }
    place.set("version", text_of(element[at.version]));
    place.set("code", code);
    place.set("display", display);
}

void write_entry(Place place, const Codes& codes, const CodeEntry& entry) {
    place.set("system", entry.system.empty() ? codes.target : entry.system);
    place.set("code", entry.code);
    place.set("display", entry.display);
}

}   // namespace

void write_coding(Place place, Element element, std::size_t first, std::string_view source_system) {
    write_coding(place, element,
                 first == 1   ? original
                 : first == 4 ? alternate
                              : second_alternate,
                 source_system);
}

void write_concept(Place place, Element element, const Codes* codes) {
    const auto code = text_of(element[1]);
    const auto* const entry = codes == nullptr ? nullptr : codes->find(code);
    auto source_system = codes == nullptr ? std::string_view{} : codes->source;
    if (entry != nullptr && entry->code == code && is_blank(element[3])) {
        source_system = entry->system.empty() ? codes->target : entry->system;
    } else if (entry != nullptr) {
        // What FHIR calls it stands first, what the sender said is kept beside it.
        write_entry(place.at("coding[]"), *codes, *entry);
    }
    write_coding(place.at("coding[]"), element, original, source_system);
    write_coding(place.at("coding[]"), element, alternate, {});
    write_coding(place.at("coding[]"), element, second_alternate, {});
    place.set("text", text_of(element[9]));
}

namespace to {

void code(const Source& source, Element element, Place place) {
    const auto* const entry = source.row.codes->find(text_of(element[1]));
    if (entry != nullptr) return place.text(entry->code);
    source.miss(UnmappedReason::unknown_code);
}

void code_if_known(const Source& source, Element element, Place place) {
    const auto* const entry = source.row.codes->find(text_of(element[1]));
    if (entry != nullptr) place.text(entry->code);
}

void coding(const Source& source, Element element, Place place) {
    const auto* const codes = source.row.codes;
    const auto* const entry = codes == nullptr ? nullptr : codes->find(text_of(element[1]));
    if (entry != nullptr) return write_entry(place, *codes, *entry);
    write_coding(place, element, original, codes == nullptr ? std::string_view{} : codes->source);
}

void codeable_concept(const Source& source, Element element, Place place) {
    write_concept(place, element, source.row.codes);
}

void concept_text(const Source&, Element element, Place place) { place.set("text", text_of(element)); }

void code_text(const Source&, Element element, Place place) {
    // In this order the map of CWE to string has it; a code is better than nothing.
    for (const std::size_t component : {9U, 2U, 1U}) {
        const auto said = text_of(element[component]);
        if (!said.empty()) return place.text(said);
    }
}

}   // namespace to

}   // namespace ward::fhir::v2
