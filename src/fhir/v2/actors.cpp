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
    return build.identity(ResourceType::practitioner, {build.name_space(authority), number});
}

std::string identity_of_organization(const Source& source, Element element) {
    const auto& build = source.build;
    auto number = text_of(element[10]);
    if (number.empty()) number = text_of(element[3]);
    const auto authority = authority_of(element[6]);
    if (number.empty())
        return build.identity(ResourceType::organization,
                              {"name", build.sending_facility(), text_of(element[1])});
    return build.identity(ResourceType::organization, {build.name_space(authority), number});
}

/// The places of a PL, from the widest to the narrowest, with the codes of location-physical-type.
struct Level {
    std::size_t component;
    std::string_view physical_type;   // empty: FHIR has none for a point of care
};
using Levels = std::array<Level, 6>;
constexpr Levels levels_of_pl{{{4, "si"}, {7, "bu"}, {8, "lvl"}, {1, ""}, {2, "ro"}, {3, "bd"}}};
constexpr Levels levels_of_ndl{{{7, "si"}, {10, "bu"}, {11, "lvl"}, {4, ""}, {5, "ro"}, {6, "bd"}}};

void write_location(Element element, const Level& level, Growing& location) {
    const auto root = location.root();
    const auto authority = authority_of(element[level.component]);
    root.at("identifier[]").set("value", authority.name);
    if (!authority.universal_id.empty()) {
        const auto identifier = root.at("identifier[]");
        identifier.at("type.coding[]").set("code", authority.universal_id_type);
        identifier.set("value", authority.universal_id);
    }
    root.set("status", "active");
    root.set("mode", "instance");
    if (!level.physical_type.empty()) {
        const auto coding = root.at("physicalType.coding[]");
        coding.set("system", "http://terminology.hl7.org/CodeSystem/location-physical-type");
        coding.set("code", level.physical_type);
    }
}

/// Each level within the wider one; gives the narrowest, null if there is none.
Found write_levels(const Source& source, Element element, const Levels& levels) {
    Found within{};
    std::string path;
    for (const auto& level : levels) {
        const auto authority = authority_of(element[level.component]);
        if (authority.empty()) continue;
        path.append(path.empty() ? "" : "/").append(authority.key());
        const auto found = source.build.resource(
            ResourceType::location,
            source.build.identity(ResourceType::location, {source.build.sending_facility(), path}));
        if (found.is_new) {
            write_location(element, level, *found.resource);
            if (within.resource != nullptr) refer(found.resource->root()["partOf"], *within.resource);
        }
        within = found;
    }
    return within;
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
    const auto root = resource->root();
    if (!root.has("name")) root.set("name", text_of(element[1]));
    if (!is_new) return resource;
    auto number = text_of(element[10]);
    if (number.empty()) number = text_of(element[3]);
    write_identifier(source.build, {number, authority_of(element[6]), text_of(element[7])},
                     root.at("identifier[]"));
    return resource;
}

Growing* location_of(const Source& source, Element element) {
    const auto [narrowest, is_new] = write_levels(source, element, levels_of_pl);
    if (narrowest == nullptr || !is_new) return narrowest;
    const auto root = narrowest->root();
    root.set("description", text_of(element[9]));
    // PL.10 and PL.11: the location's own number, and who gave it.
    if (is_blank(element[10][1])) return narrowest;
    const auto identifier = root.at("identifier[]");
    identifier.set("value", text_of(element[10][1]));
    if (const auto assigner = authority_of(element[11]); !assigner.empty())
        refer(identifier["assigner"], organization_of(source.build, assigner));
    return narrowest;
}

Found role_of(Build& build, const Growing* person, const Growing* organization, RoleCode code) {
    const auto part = [](const Growing* of) { return of == nullptr ? std::string_view{} : of->identity; };
    const auto found = build.resource(
        ResourceType::practitioner_role,
        build.identity(ResourceType::practitioner_role, {part(person), part(organization), code.code}));
    if (!found.is_new) return found;
    const auto root = found.resource->root();
    if (person != nullptr) refer(root["practitioner"], *person);
    if (organization != nullptr) refer(root["organization"], *organization);
    root["code"].json(code.json);
    return found;
}

Growing* device_of(const Source& source, Element element) {
    const auto value = text_of(element[1]);
    if (value.empty()) return nullptr;
    auto& build = source.build;
    const auto authority = authority_of(element, 2);
    const auto [resource, is_new] = build.resource(
        ResourceType::device, build.identity(ResourceType::device, {build.name_space(authority), value}));
    if (is_new) write_identifier(build, {value, authority, {}}, resource->root().at("identifier[]"));
    return resource;
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

void coded_organization(const Source& source, Element element, Place place) {
    const auto value = text_of(element[1]);
    const auto name = text_of(element[2]);
    if (value.empty() && name.empty()) return;
    auto& build = source.build;
    const auto system = code_system_uri(text_of(element[3]));
    auto identity = value.empty()
                        ? build.identity(ResourceType::organization, {"name", build.sending_facility(), name})
                        : build.identity(ResourceType::organization,
                                         {system.empty() ? build.sending_facility() : system, value});
    const auto [resource, is_new] = build.resource(ResourceType::organization, std::move(identity));
    refer(place, *resource);
    const auto root = resource->root();
    if (!root.has("name")) root.set("name", name);
    if (!is_new || value.empty()) return;
    const auto identifier = root.at("identifier[]");
    identifier.set("system", system);
    identifier.set("value", value);
}

void name_with_date(const Source& source, Element element, Place place) {
    // The first component is a CNN, whose parts are subcomponents.
    const auto name = element[1];
    if (is_blank(name)) return;
    auto& build = source.build;
    const auto number = text_of(name[1]);
    const auto authority = authority_of(name, 9);
    auto identity =
        number.empty() ? build.identity(ResourceType::practitioner,
                                        {"message", build.sending_facility(), build.control_id(), name.raw()})
                       : build.identity(ResourceType::practitioner, {build.name_space(authority), number});
    const auto [person, is_new] = build.resource(ResourceType::practitioner, std::move(identity));
    if (is_new) {
        write_identifier(build, {number, authority, {}}, person->root().at("identifier[]"));
        constexpr std::size_t none = 99;
        write_human_name(
            source, name,
            {.family = 2, .type = none, .range = none, .start = none, .professional_suffix = none},
            person->root().at("name[]"));
    }
    auto& role = *role_of(build, person, nullptr).resource;
    const auto root = role.root();
    if (!root.has("period")) {
        if (!is_blank(element[2])) date_time(source, element[2], root.at("period.start"));
        if (!is_blank(element[3])) date_time(source, element[3], root.at("period.end"));
    }
    if (const auto where = write_levels(source, element, levels_of_ndl).resource;
        where != nullptr && !root.has("location"))
        refer(root.at("location[]"), *where);
    refer(place, role);
}

void device(const Source& source, Element element, Place place) {
    if (const auto* const found = device_of(source, element); found != nullptr) refer(place, *found);
}

}   // namespace to

}   // namespace ward::fhir::v2
