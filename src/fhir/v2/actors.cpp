// SPDX-License-Identifier: Apache-2.0
// Practitioners, organizations and locations: resources of their own that others refer to.
#include <array>

#include "fhir/v2/datatypes.hpp"

namespace ward::fhir::v2 {

namespace {

// HL7 2.9, 2.A.86: XCN.
constexpr NameParts name_of_xcn{.family = 2, .type = 10, .range = 17, .start = 19, .professional_suffix = 21};

std::string identity_of_practitioner(const Source& source, Element element) {
    const auto& build = source.build;
    const auto number = text_of(element[1]);
    // Names are not unique: without a number nobody is found again by another message.
    if (number.empty())
        return build.identity(ResourceType::practitioner,
                              {"message", build.sending_facility(), build.control_id(), element.raw()});
    const auto authority = authority_of(element[9]);
    const auto type = text_of(element[13]);
    if (type == "NPI" || authority.name == "NPI")
        return build.identity(ResourceType::practitioner, {"http://hl7.org/fhir/sid/us-npi", number});
    return build.identity(ResourceType::practitioner,
                          {authority.empty() ? build.sending_facility() : authority.key(), number});
}

std::string identity_of_organization(const Source& source, Element element) {
    const auto& build = source.build;
    auto number = text_of(element[10]);
    if (number.empty()) number = text_of(element[3]);
    const auto authority = authority_of(element[6]);
    if (number.empty())
        return build.identity(ResourceType::organization,
                              {"name", build.sending_facility(), text_of(element[1])});
    return build.identity(ResourceType::organization,
                          {authority.empty() ? build.sending_facility() : authority.key(), number});
}

/// The places of a PL, from the widest to the narrowest, with the codes of location-physical-type.
struct Level {
    std::size_t component;
    std::string_view physical_type;   // empty: FHIR has none for a point of care
};
constexpr std::array<Level, 6> levels{{{4, "si"}, {7, "bu"}, {8, "lvl"}, {1, ""}, {2, "ro"}, {3, "bd"}}};

void write_location(Element element, const Level& level, Growing& location) {
    const auto root = location.root();
    const auto authority = authority_of(element[level.component]);
    root.at("identifier[]")["value"].text(authority.name);
    if (!authority.universal_id.empty()) {
        const auto identifier = root.at("identifier[]");
        identifier.at("type.coding[]")["code"].text(authority.universal_id_type);
        identifier["value"].text(authority.universal_id);
    }
    root["status"].text("active");
    root["mode"].text("instance");
    if (!level.physical_type.empty()) {
        const auto coding = root.at("physicalType.coding[]");
        coding["system"].text("http://terminology.hl7.org/CodeSystem/location-physical-type");
        coding["code"].text(level.physical_type);
    }
}

}   // namespace

Growing* practitioner_of(const Source& source, Element element) {
    if (is_blank(element)) return nullptr;
    const auto [resource, is_new] =
        source.build.resource(ResourceType::practitioner, identity_of_practitioner(source, element));
    if (!is_new) return resource;
    const auto root = resource->root();
    write_identifier(source.build, {text_of(element[1]), authority_of(element[9]), text_of(element[13])},
                     root.at("identifier[]"));
    write_human_name(source, element, name_of_xcn, root.at("name[]"));
    return resource;
}

Growing* organization_named(const Source& source, Element element) {
    if (is_blank(element)) return nullptr;
    const auto [resource, is_new] =
        source.build.resource(ResourceType::organization, identity_of_organization(source, element));
    if (!is_new) return resource;
    const auto root = resource->root();
    auto number = text_of(element[10]);
    if (number.empty()) number = text_of(element[3]);
    write_identifier(source.build, {number, authority_of(element[6]), text_of(element[7])},
                     root.at("identifier[]"));
    root["name"].text(text_of(element[1]));
    return resource;
}

Growing* location_of(const Source& source, Element element) {
    Growing* within = nullptr;
    std::string path;
    for (const auto& level : levels) {
        const auto authority = authority_of(element[level.component]);
        if (authority.empty()) continue;
        path.append(path.empty() ? "" : "/").append(authority.key());
        const auto [resource, is_new] = source.build.resource(
            ResourceType::location,
            source.build.identity(ResourceType::location, {source.build.sending_facility(), path}));
        if (is_new) {
            write_location(element, level, *resource);
            if (within != nullptr) refer(resource->root()["partOf"], *within);
        }
        within = resource;
    }
    if (within == nullptr) return nullptr;
    const auto root = within->root();
    if (!root.has("description")) root["description"].text(text_of(element[9]));
    return within;
}

namespace to {

void practitioner(const Source& source, Element element, Place place) {
    if (const auto* const found = practitioner_of(source, element); found != nullptr) refer(place, *found);
}

void organization(const Source& source, Element element, Place place) {
    if (const auto* const found = organization_named(source, element); found != nullptr) refer(place, *found);
}

void location(const Source& source, Element element, Place place) {
    if (const auto* const found = location_of(source, element); found != nullptr) refer(place, *found);
}

}   // namespace to

}   // namespace ward::fhir::v2
