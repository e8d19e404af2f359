// SPDX-License-Identifier: Apache-2.0
// Identifiers, and who assigns them.
#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"

namespace ward::fhir::v2 {

namespace {

void write_type(Place place, std::string_view code) {
    if (code.empty() || place.has("type")) return;
    const auto coding = place.at("type.coding[]");
    coding["system"].text(identifier_types);
    coding["code"].text(code);
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
    const auto [resource, is_new] =
        build.resource(ResourceType::organization,
                       build.identity(ResourceType::organization, {"authority", authority.key()}));
    if (!is_new) return *resource;
    const auto root = resource->root();
    if (!authority.name.empty()) root.at("identifier[]")["value"].text(authority.name);
    if (!authority.universal_id.empty()) {
        const auto identifier = root.at("identifier[]");
        if (!authority.universal_id_type.empty()) {
            const auto coding = identifier.at("type.coding[]");
            coding["system"].text("http://terminology.hl7.org/CodeSystem/v2-0301");
            coding["code"].text(authority.universal_id_type);
        }
        if (!universal_uri(authority.universal_id, authority.universal_id_type).empty())
            identifier["system"].text("urn:ietf:rfc:3986");
        identifier["value"].text(authority.universal_id);
    }
    return *resource;
}

void write_identifier(Build& build, const IdentifierParts& parts, Place place) {
    if (parts.value.empty()) return;
    write_type(place, parts.type);
    if (!parts.authority.empty()) {
        if (parts.authority.is_name_space()) {
            place["system"].text(parts.authority.uri());
        } else {
            refer(place["assigner"], organization_of(build, parts.authority));
        }
    } else if (parts.type == "NPI") {
        place["system"].text("http://hl7.org/fhir/sid/us-npi");
    }
    place["value"].text(parts.value);
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

void licence(const Source& source, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    write_type(place, "DL");
    place["system"].text(code_system_uri(text_of(element[2])));
    place["value"].text(value);
    write_period_end(source, element[3], place.at("period.end"));
}

void social_security_number(const Source&, Element element, Place place) {
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    write_type(place, "SS");
    place["system"].text("http://hl7.org/fhir/sid/us-ssn");
    place["value"].text(value);
}

}   // namespace to

}   // namespace ward::fhir::v2
