// SPDX-License-Identifier: Apache-2.0
// ROL and PRT: a person in a role, as PractitionerRole, who is the patient's general practitioner, of the
// care team, or takes part in the Encounter.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr std::array rol_rows{
    Row{1, to::entity_identifier, "identifier[]"},
    Row{.field = 2},   // see is_withdrawn()
    Row{3, to::codeable_concept, "code[]", {}, &codes::provider_role},
    Row{4, to::practitioner, "practitioner"},
    Row{5, to::date_time, "period.start"},
    Row{6, to::date_time, "period.end"},
    Row{9, to::codeable_concept, "specialty[]"},
    Row{12, to::contact_point, "telecom[]"},
    Row{13, to::location, "location[]"},
    Row{14, to::organization, "organization"},
};
constexpr std::array rol_person_rows{Row{11, to::address, "address[]"}};

constexpr std::array prt_rows{
    Row{1, to::entity_identifier, "identifier[]"},
    Row{.field = 2},
    Row{4, to::codeable_concept, "code[]", {}, &codes::provider_role},
    Row{5, to::practitioner, "practitioner"},
    Row{6, to::codeable_concept, "specialty[]"},
    Row{8, to::organization, "organization"},
    Row{9, to::location, "location[]"},
    Row{11, to::date_time, "period.start"},
    Row{12, to::date_time, "period.end"},
    Row{15, to::contact_point, "telecom[]"},
};
constexpr std::array prt_person_rows{Row{14, to::address, "address[]"}};

void first_part(const Source&, Element element, Place place) { place.text(text_of(element[1])); }

// What PRT says of a device.
constexpr std::array device_rows{
    Row{16, first_part, "udiCarrier[].deviceIdentifier"},
    Row{17, to::date_time, "manufactureDate"},
    Row{18, to::date_time, "expirationDate"},
    Row{19, to::text, "lotNumber"},
    Row{20, to::text, "serialNumber"},
    Row{22, to::codeable_concept, "type"},
};
constexpr std::array observation_rows{
    Row{.field = 2},
    Row{9,
        to::location,
        "extension[].valueReference",
        {"url", R"("http://hl7.org/fhir/StructureDefinition/event-location")"}},
    Row{10, to::device, "device"},
};
constexpr std::array request_rows{
    Row{.field = 2},
    Row{9, to::location, "locationReference[]"},
};

/// Where the two segments have the same.
struct Layout {
    std::size_t role, person, organization, begin, end;
    std::span<const Row> rows, person_rows;
};
constexpr Layout rol{3, 4, 14, 5, 6, rol_rows, rol_person_rows};
constexpr Layout prt{4, 5, 8, 11, 12, prt_rows, prt_person_rows};

/// Table 0287: who is deleted, or unlinked, is not named among those who are.
bool is_withdrawn(const Segment& segment) {
    const auto action = text_of(segment[2][1]);
    return action == "DE" || action == "UN" || action == "D";
}

/// The person in the role, as a resource; null if nobody is named.
Growing* role_in(Build& build, const Segment& segment, const Layout& layout) {
    const Row person_row{.field = layout.person};
    const Row organization_row{.field = layout.organization};
    auto* const person = practitioner_of({build, segment, person_row}, first_of(segment[layout.person]));
    const auto* const organization =
        organization_named({build, segment, organization_row}, first_of(segment[layout.organization]));
    if (person == nullptr && organization == nullptr) return nullptr;
    if (person != nullptr && !person->root().has("address"))
        apply(build, segment, layout.person_rows, *person);
    const auto code = text_of(segment[layout.role][1]);
    const auto [role, is_new] = role_of(build, person, organization, {code, {}});
    if (is_new) apply(build, segment, layout.rows, *role);
    return role;
}

void join_care_team(Build& build, const Segment& segment, const Layout& layout, const Growing& patient,
                    const Growing& role) {
    const auto [team, is_new] =
        build.resource(ResourceType::care_team, build.identity(ResourceType::care_team, {patient.identity}));
    if (is_new) {
        team->root().set("status", "active");
        refer(team->root()["subject"], patient);
    }
    const std::array rows{
        Row{layout.role, to::codeable_concept, "role[]", {}, &codes::provider_role},
        Row{layout.begin, to::date_time, "period.start"},
        Row{layout.end, to::date_time, "period.end"},
    };
    const auto participant = team->root()["participant"].append();
    apply(build, segment, rows, participant);
    refer(participant["member"], role);
}

void join_visit(Build& build, const Segment& segment, const Layout& layout, const Growing& role,
                Growing& encounter) {
    const std::array rows{
        Row{layout.role, to::codeable_concept, "type[]", {}, &codes::provider_role},
        Row{layout.begin, to::date_time, "period.start"},
        Row{layout.end, to::date_time, "period.end"},
    };
    const auto participant = encounter.root()["participant"].append();
    apply(build, segment, rows, participant);
    refer(participant["individual"], role);
}

}   // namespace

bool map_participation(Build& build, const Segment& segment, Growing& resource) {
    const bool is_observed = resource.type == ResourceType::observation;
    if (is_withdrawn(segment) || (is_blank(segment[9]) && (!is_observed || is_blank(segment[10]))))
        return false;
    if (!is_observed) {
        apply(build, segment, request_rows, resource);
        miss_unknown_fields(build, segment, {request_rows});
        return true;
    }
    apply(build, segment, observation_rows, resource);
    constexpr Row device_row{.field = 10};
    auto* const device = device_of({build, segment, device_row}, first_of(segment[10]));
    if (device == nullptr) {
        miss_unknown_fields(build, segment, {observation_rows});
        return true;
    }
    apply(build, segment, device_rows, *device);
    miss_unknown_fields(build, segment, {observation_rows, device_rows});
    return true;
}

bool map_role(Build& build, const Segment& segment, const Chart& chart, RoleIn where) {
    const auto& layout = segment.name() == "PRT" ? prt : rol;
    if (is_withdrawn(segment)) return false;
    const auto* const role = role_in(build, segment, layout);
    if (role == nullptr) return false;
    if (where == RoleIn::visit)
        join_visit(build, segment, layout, *role, *chart.encounter);
    else if (text_of(segment[layout.role][1]) == "PP")   // the primary care provider
        refer_once(chart.patient->root()["generalPractitioner"], *role);
    else
        join_care_team(build, segment, layout, *chart.patient, *role);
    miss_unknown_fields(build, segment, {layout.rows, layout.person_rows});
    return true;
}

}   // namespace ward::fhir::v2
