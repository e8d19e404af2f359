// SPDX-License-Identifier: Apache-2.0
// Identifiers, and who assigns them.
#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"

namespace ward::fhir::v2 {

namespace {

void write_type(Place place, std::string_view code) {
    if (code.empty() || place.has("type")) return;
    const auto coding = place.at("type.coding[]");
    coding.set("system", identifier_types);
    coding.set("code", code);
}

void write_period_end(const Source& source, Element element, Place place) {
    const auto said = text_of(element);
    if (said.empty()) return;
    const auto date = to_date_time(said, source.build.zone());
    if (!date) return source.miss(UnmappedReason::invalid_value);
    place.text(*date);
}

}   // namespace

Growing& organization_of(Build& build, const Authority& authority) {
    // A laboratory's CLIA number and the like are of a system of their own, and others name it by that too.
    const auto system = code_system_uri(authority.universal_id_type);
    const bool is_numbered = system != authority.universal_id_type && !authority.universal_id.empty();
    const auto [resource, is_new] = build.resource(
        ResourceType::organization,
        is_numbered ? build.identity(ResourceType::organization, {system, authority.universal_id})
                    : build.identity(ResourceType::organization, {"authority", authority.key()}));
    if (!is_new) return *resource;
    const auto root = resource->root();
    if (!authority.name.empty()) root.at("identifier[]").set("value", authority.name);
    if (!authority.universal_id.empty()) {
        const auto identifier = root.at("identifier[]");
        if (!authority.universal_id_type.empty()) {
            const auto coding = identifier.at("type.coding[]");
            coding.set("system", "http://terminology.hl7.org/CodeSystem/v2-0301");
            coding.set("code", authority.universal_id_type);
        }
        if (!universal_uri(authority.universal_id, authority.universal_id_type).empty())
            identifier.set("system", "urn:ietf:rfc:3986");
        identifier.set("value", authority.universal_id);
    }
    return *resource;
}

void write_identifier(Build& build, const IdentifierParts& parts, Place place) {
    if (parts.value.empty()) return;
    write_type(place, parts.type);
    if (!parts.authority.empty()) {
        if (parts.authority.is_name_space()) {
            place.set("system", parts.authority.uri());
        } else {
            refer(place["assigner"], organization_of(build, parts.authority));
        }
    } else if (parts.type == "NPI") {
        place.set("system", "http://hl7.org/fhir/sid/us-npi");
    }
    place.set("value", parts.value);
}

namespace to {

void identifier(const Source& source, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    write_identifier(source.build, {value, authority_of(element[4]), text_of(element[5])}, place);
    write_period_end(source, element[7], place.at("period.start"));
    write_period_end(source, element[8], place.at("period.end"));
}

void entity_identifier(const Source& source, Element element, Place place) {
    write_identifier(source.build, {text_of(element[1]), authority_of(element, 2), {}}, place);
}

void placer_and_filler(const Source& source, Element element, Place identifiers) {
    for (const auto& [part, type] : {std::pair{1U, "PGN"}, std::pair{2U, "FGN"}}) {
        const auto value = text_of(element[part][1]);
        if (value.empty()) continue;
        write_identifier(source.build, {value, authority_of(element[part], 2), type}, identifiers.append());
    }
}

void group_number(const Source& source, Element element, Place place) {
    // An EI has its authority in the second component, an EIP another EI.
    const auto part = element[1];
    const auto authority =
        is_blank(part[2]) && is_blank(part[3]) ? authority_of(element, 2) : authority_of(part, 2);
    write_identifier(source.build, {text_of(part[1]), authority, "PGN"}, place);
}

void group_identifiers(const Source& source, Element element, Place identifiers) {
    if (!is_blank(element[1])) group_number(source, element, identifiers.append());
    // Only an EIP has subcomponents: then the second is the filler's number for the group.
    const auto filler = element[2];
    if (is_blank(filler[2]) && is_blank(filler[3])) return;
    write_identifier(source.build, {text_of(filler[1]), authority_of(filler, 2), "FGN"},
                     identifiers.append());
}

void coded_identifier(const Source&, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    place.set("system", code_system_uri(text_of(element[3])));
    place.set("value", value);
}

void licence(const Source& source, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    write_type(place, "DL");
    place.set("system", code_system_uri(text_of(element[2])));
    place.set("value", value);
    write_period_end(source, element[3], place.at("period.end"));
}

void social_security_number(const Source&, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    write_type(place, "SS");
    place.set("system", "http://hl7.org/fhir/sid/us-ssn");
    place.set("value", value);
}

}   // namespace to

}   // namespace ward::fhir::v2
