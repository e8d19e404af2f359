// SPDX-License-Identifier: Apache-2.0
// MSH and SFT as MessageHeader, EVN as parts of a Provenance.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr std::array rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{.field = 3},
    Row{.field = 4},
    Row{.field = 5},
    Row{.field = 6},
    Row{.field = 7},
    Row{.field = 9},
    Row{.field = 10},
    Row{.field = 11},
    Row{.field = 12},
    Row{.field = 13},
    Row{.field = 15},
    Row{.field = 16},
    Row{.field = 17},
    Row{.field = 18},
    Row{.field = 19},
    Row{.field = 21},
    Row{22, to::organization, "responsible"},
    Row{.field = 23},
    Row{.field = 24},
    Row{.field = 25},
};

/// HD to an endpoint: what is unique as a URN, DNS and URI as they are.
std::string endpoint_of(const Authority& authority) {
    const auto& type = authority.universal_id_type;
    if (authority.universal_id.empty()) return {};
    if (equal_ignoring_case(type, "DNS")) return "urn:dns:" + authority.universal_id;
    const auto universal = universal_uri(authority.universal_id, type);
    return universal.empty() ? "urn:id:" + authority.universal_id : universal;
}

void write_event(const Segment& msh, Place root) {
    const auto type = text_of(msh[9][1]);
    const auto event = text_of(msh[9][2]);
    const auto structure = text_of(msh[9][3]);
    const auto coding = root["eventCoding"];
    if (!event.empty()) {
        coding.set("system", "http://terminology.hl7.org/CodeSystem/v2-0003");
        coding.set("code", event);
    }
    auto display = type + "^" + event;
    if (!structure.empty()) display.append("^").append(structure);
    coding.set("display", display);
}

void write_place(Place place, const Authority& named, const Authority& reached) {
    place.set("name", named.name.empty() ? named.universal_id : named.name);
    // R4 wants an endpoint.
    const auto endpoint = endpoint_of(reached);
    place.set("endpoint", endpoint.empty() ? "urn:id:" + without_space(reached.key()) : endpoint);
}

/// MSH-24, the network address, goes before the application; MSH-17 is the facility's country.
void write_sender(Build& build, const Segment& msh, Place root) {
    const auto application = authority_of(msh[3]);
    const auto network = authority_of(msh[24]);
    if (!application.empty() || !network.empty())
        write_place(root["source"], application.empty() ? network : application,
                    network.empty() ? application : network);
    const auto facility = authority_of(msh[4]);
    const auto country = text_of(msh[17][1]);
    if (facility.empty() && country.empty()) return;
    auto& sender = facility.empty()
                       ? *build
                              .resource(ResourceType::organization,
                                        build.identity_in_message(ResourceType::organization, msh, 17))
                              .resource
                       : organization_of(build, facility);
    // Only where nothing else is known of him: his address comes with orders and results.
    if (facility.empty()) sender.root().at("address[].country").text(country);
    refer(root["sender"], sender);
}

/// MSH-23 and MSH-25 say more exactly what MSH-6 and MSH-5 say.
void write_destination(Build& build, const Segment& msh, Place root) {
    static constexpr Row responsible{.field = 23};
    const auto application = authority_of(msh[5]);
    const auto network = authority_of(msh[25]);
    const auto facility = authority_of(msh[6]);
    auto* const organization = organization_named({build, msh, responsible}, first_of(msh[23]));
    if (application.empty() && network.empty() && facility.empty() && organization == nullptr) return;
    const auto destination = root.at("destination[]");
    if (!application.empty() || !network.empty())
        write_place(destination, network.empty() ? application : network,
                    network.empty() ? application : network);
    if (organization != nullptr) {
        refer(destination["receiver"], *organization);
    } else if (!facility.empty()) {
        refer(destination["receiver"], organization_of(build, facility));
    }
}

/// Table 0062, where U is unknown.
void event_reason(const Source& source, Element element, Place place) {
    if (text_of(element[1]) != "U") to::codeable_concept(source, element, place);
}

}   // namespace

Growing& map_header(Build& build, const Segment& msh) {
    const auto [header, is_new] = build.resource(
        ResourceType::message_header,
        build.identity(ResourceType::message_header, {build.sending_facility(), build.control_id()}));
    static_cast<void>(is_new);   // a message has one MSH
    const auto root = header->root();
    write_event(msh, root);
    write_sender(build, msh, root);
    write_destination(build, msh, root);
    apply(build, msh, rows, *header);
    miss_unknown_fields(build, msh, {rows});
    return *header;
}

void map_event(Build& build, const Segment& evn) {
    constexpr Fixed enterer{
        "type", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/provenance-participant-type",)"
                R"("code":"enterer"}]})"};
    constexpr std::array event_rows{
        Row{.field = 1},   // as MSH-9
        Row{2, to::instant, "recorded"},
        Row{4, event_reason, "reason[]", {}, &codes::event_reason},
        Row{5, to::practitioner, "agent[].who", enterer},
        Row{6, to::date_time, "occurredDateTime"},
    };
    apply(build, evn, event_rows, build.event());
    miss_unknown_fields(build, evn, {event_rows});
}

void map_software(Build& build, const Segment& sft, Growing& header) {
    constexpr std::array software_rows{
        Row{2, to::text, "source.version"},
        Row{3, to::text, "source.software"},
    };
    // The first one is that of the sender; others are those of what forwarded it.
    if (!header.root()["source"].has("software")) apply(build, sft, software_rows, header);
    miss_unknown_fields(build, sft, {software_rows});
}

}   // namespace ward::fhir::v2
