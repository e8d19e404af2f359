// SPDX-License-Identifier: Apache-2.0
// SPM, or before version 2.5 parts of OBR, as Specimen.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr Fixed shipment{
    "type", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"SHIP"}]})"};

void collected(const Source& source, Element element, Place collection) {
    if (is_blank(element[2])) {
        to::date_time(source, element[1], collection["collectedDateTime"]);
    } else {
        to::period(source, element, collection["collectedPeriod"]);
    }
}

/// SPS (withdrawn in 2.7): what stood in one field before there was SPM.
void source_of(const Source& source, Element element, Place root) {
    write_concept(root["type"], element[1], &codes::specimen_type);
    if (!is_blank(element[2]))
        write_concept(root.at("container[].additiveCodeableConcept"), element[2], nullptr);
    to::text(source, element[3], root.at("note[].text"));
    write_concept(root.at("collection.bodySite"), element[4], nullptr);
}

constexpr std::array rows{
    Row{.field = 1},
    Row{2, to::placer_and_filler, "identifier"},
    Row{.field = 3},   // parents
    Row{4, to::codeable_concept, "type", {}, &codes::specimen_type},
    Row{6, to::codeable_concept, "container[].additiveCodeableConcept"},
    Row{7, to::codeable_concept, "collection.method"},
    Row{8, to::codeable_concept, "collection.bodySite"},
    Row{12, to::composite_quantity, "collection.quantity"},
    Row{14, to::text, "note[].text"},
    Row{17, collected, "collection"},
    Row{18, to::date_time, "receivedTime"},
    Row{20, to::code, "status", {}, &codes::availability},
    Row{24, to::codeable_concept, "condition[]"},
    Row{27, to::codeable_concept, "container[].type"},
    Row{30, to::identifier, "accessionIdentifier"},
    Row{31, to::identifier, "identifier[]"},
    Row{32, to::entity_identifier, "identifier[]", shipment},
};

constexpr std::array order_rows{
    Row{.field = 7, .convert = to::date_time, .path = "collection.collectedDateTime", .unless = 8},
    Row{8, to::date_time, "collection.collectedPeriod.end"},
    Row{9, to::composite_quantity, "collection.quantity"},
    Row{10, to::practitioner, "collection.collector"},
    Row{14, to::date_time, "receivedTime"},
    Row{15, source_of, ""},
    Row{39, to::code_text, "note[].text"},
};

std::string identity_of(const Build& build, const Segment& spm, Element pair) {
    for (const std::size_t part : {2U, 1U}) {
        const auto value = text_of(pair[part][1]);
        if (value.empty()) continue;
        const auto authority = authority_of(pair[part], 2);
        return build.identity(ResourceType::specimen,
                              {part == 1 ? "placer" : "filler", build.name_space(authority), value});
    }
    return build.identity_in_message(ResourceType::specimen, spm);
}

void join(Growing& specimen, Order& order, const Chart& chart) {
    order.specimen = &specimen;
    if (chart.patient != nullptr) refer(specimen.root()["subject"], *chart.patient);
    if (order.report != nullptr) {
        refer_once(order.report->root()["specimen"], specimen);
        for (auto* const observation : order.observations)
            if (!observation->root().has("specimen")) refer(observation->root()["specimen"], specimen);
    } else if (order.request != nullptr) {
        refer_once(order.request->root()["specimen"], specimen);
    }
}

}   // namespace

void map_specimen(Build& build, const Segment& spm, Order& order, const Chart& chart) {
    const auto [specimen, is_new] =
        build.resource(ResourceType::specimen, identity_of(build, spm, first_of(spm[2])));
    join(*specimen, order, chart);
    if (!is_new) return;
    apply(build, spm, rows, *specimen);
    for (const auto element : spm[3].repetitions()) {
        if (is_blank(element)) continue;
        const auto [parent, parent_is_new] =
            build.resource(ResourceType::specimen, identity_of(build, spm, element));
        static constexpr Row parents{.field = 3};
        if (parent_is_new)
            to::placer_and_filler({build, spm, parents}, element, parent->root()["identifier"]);
        refer(specimen->root().at("parent[]"), *parent);
    }
    miss_unknown_fields(build, spm, {rows});
}

void map_specimen_of_order(Build& build, Order& order, const Chart& chart) {
    const auto& obr = order.detail;
    if (order.specimen != nullptr) {   // SPM says it all
        for (const std::size_t field : {9U, 10U, 14U, 15U, 39U})
            if (!is_blank(obr[field])) build.miss(obr, field, UnmappedReason::repetition);
        return;
    }
    // The time alone (OBR-7) does not make a specimen: images have one too.
    bool says_something = false;
    for (const std::size_t field : {9U, 10U, 14U, 15U, 39U})
        says_something = says_something || !is_blank(obr[field]);
    if (!says_something) return;
    const auto* const parent = order.report != nullptr ? order.report : order.request;
    const auto [specimen, is_new] = build.resource(
        ResourceType::specimen, build.identity(ResourceType::specimen, {"of", parent->identity}));
    join(*specimen, order, chart);
    if (!is_new) return;
    if (!is_blank(obr[8]))
        if (const auto start = to_date_time(text_of(obr[7][1]), build.zone()))
            specimen->root().at("collection.collectedPeriod.start").text(*start);
    apply(build, obr, order_rows, *specimen);
}

}   // namespace ward::fhir::v2
