// SPDX-License-Identifier: Apache-2.0
// ORC and OBR as ServiceRequest, and with results as DiagnosticReport; TQ1; NTE.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

/// The numbers of the order that this one comes from, which need not be in this message.
void parents(const Source& source, Element element, Place based_on) {
    for (const std::size_t part : {1U, 2U}) {
        const auto value = text_of(element[part][1]);
        if (value.empty()) continue;
        const auto reference = based_on.append();
        write_identifier(source.build, {value, authority_of(element[part], 2), part == 1 ? "PLAC" : "FILL"},
                         reference["identifier"]);
        reference.set("type", "ServiceRequest");
    }
}

constexpr std::array identifier_rows{Row{2, to::entity_identifier, "identifier[]", placer},
                                     Row{3, to::entity_identifier, "identifier[]", filler}};

constexpr std::array request_common_rows{
    Row{.field = 1},   // status
    Row{.field = 2},
    Row{.field = 3},
    Row{4, to::group_number, "requisition"},
    Row{.field = 5},    // status
    Row{.field = 9},    // when a new order was written
    Row{.field = 12},   // requester
    Row{14,
        to::contact_point,
        "extension[].valueContactPoint",
        {"url", R"("http://hl7.org/fhir/StructureDefinition/servicerequest-order-callback-phone-number")"}},
    Row{.field = 21},
    Row{.field = 22},
    Row{.field = 23},
    Row{.field = 24},
    Row{29, to::codeable_concept, "locationCode[]", {}, &codes::order_type},
    Row{33, to::identifier, "identifier[]", placer},
};

constexpr std::array request_detail_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{.field = 3},
    Row{4, to::codeable_concept, "code"},
    Row{5, to::code, "priority", {}, &codes::priority},
    Row{6, to::date_time, "occurrenceDateTime"},
    // The official map has a CodeableReference here, which R4 has not.
    Row{13,
        to::codeable_concept,
        "extension[].valueCodeableConcept",
        {"url", R"("http://hl7.org/fhir/5.0/StructureDefinition/extension-ServiceRequest.supportingInfo")"}},
    Row{27, to::timing_quantity, ""},
    Row{29, parents, "basedOn"},
    Row{31, to::codeable_concept, "reasonCode[]"},
    Row{46, to::codeable_concept, "orderDetail[]"},
    Row{47, to::codeable_concept, "orderDetail[]"},
    Row{53, to::identifier, "identifier[]", placer},
};

constexpr std::array report_common_rows{Row{4, to::group_identifiers, "identifier"}};

constexpr std::array report_rows{
    Row{4, to::codeable_concept, "code"},
    Row{.field = 7, .convert = to::date_time, .path = "effectiveDateTime", .unless = 8},
    Row{.field = 8, .convert = to::date_time, .path = "effectivePeriod.end"},
    Row{22, to::instant, "issued"},
    Row{24, to::codeable_concept, "category[]", {}, &codes::diagnostic_service},
    Row{.field = 25},   // status
    Row{32, to::name_with_date, "resultsInterpreter[]"},
    Row{34, to::name_with_date, "performer[]"},
    Row{35, to::name_with_date, "performer[]"},
};

constexpr std::array period_rows{Row{7, to::date_time, "effectivePeriod.start"}};

/// What OBR says that others read: the specimen's map, the requester.
constexpr std::array read_elsewhere_rows{
    Row{.field = 9},  Row{.field = 10}, Row{.field = 11}, Row{.field = 14},
    Row{.field = 15}, Row{.field = 16}, Row{.field = 39},
};

constexpr std::array timing_rows{
    Row{.field = 1},
    Row{2, to::composite_quantity, "quantityQuantity"},
    Row{3, to::repeat_pattern, "occurrenceTiming"},
    Row{7, to::date_time, "occurrenceTiming.repeat.boundsPeriod.start"},
    Row{8, to::date_time, "occurrenceTiming.repeat.boundsPeriod.end"},
    Row{9, to::code, "priority", {}, &codes::priority},
    Row{11, to::text, "patientInstruction"},
    Row{14, to::positive, "occurrenceTiming.repeat.countMax"},
};

constexpr std::array facility_address_rows{Row{22, to::address, "address[]"}};
constexpr std::array facility_telecom_rows{Row{23, to::contact_point, "telecom[]"}};
constexpr std::array provider_address_rows{Row{24, to::address, "address[]"}};

/// A number that one of ORC and OBR has, or both.
Element number_of(const Order& order, std::size_t field) {
    return is_blank(order.common[field]) ? order.detail[field] : order.common[field];
}

/// ORC and OBR have one each, and not the same.
bool is_overruled(const Order& order, std::size_t field) {
    const auto common = text_of(order.common[field][1]), detail = text_of(order.detail[field][1]);
    return !common.empty() && !detail.empty() && common != detail;
}

/// Numbers alone do not tell apart what was ordered together, so the code is part of it.
std::string identity_of(const Build& build, ResourceType type, const Order& order,
                        std::array<std::size_t, 2> preferred) {
    for (const auto field : preferred) {
        const auto number = number_of(order, field);
        const auto value = text_of(number[1]);
        if (value.empty()) continue;
        const auto authority = authority_of(number, 2);
        auto code = text_of(order.detail[4][1]);
        if (code.empty()) code = text_of(order.detail[4][2]);
        return build.identity(type,
                              {field == 2 ? "placer" : "filler", build.name_space(authority), value, code});
    }
    return build.identity_in_message(type, order.detail.exists() ? order.detail : order.common);
}

void write_identifiers(Build& build, const Order& order, Place root) {
    for (const auto& row : identifier_rows)
        apply(build, is_blank(order.common[row.field]) ? order.detail : order.common, std::span{&row, 1},
              root);
}

std::string_view status_of(Build& build, const Order& order) {
    if (const auto* const entry = translated(build, order.common, 5, codes::order_status); entry != nullptr)
        return entry->code;
    // RE: with observations, which says nothing of the order itself.
    if (text_of(order.common[1][1]) == "RE") return "unknown";
    const auto* const entry = translated(build, order.common, 1, codes::order_control);
    return entry == nullptr ? "unknown" : entry->code;
}

/// Who ordered: a person in the name of an organization, either of which may be missing.
void write_requester(Build& build, const Order& order, Place root) {
    static constexpr Row ordering_provider{.field = 12};
    static constexpr Row ordering_facility{.field = 21};
    static constexpr Row detail_provider{.field = 16};
    const bool in_common = !is_blank(order.common[12]);
    const Source person{build, in_common ? order.common : order.detail,
                        in_common ? ordering_provider : detail_provider};
    auto* const practitioner = practitioner_of(person, first_of(person.segment[person.row.field]));
    if (in_common && !is_blank(order.detail[16]) &&
        text_of(order.detail[16][1]) != text_of(order.common[12][1]))
        build.miss(order.detail, 16, UnmappedReason::repetition);
    const Source place{build, order.common, ordering_facility};
    const auto& common = order.common;
    auto* facility = organization_named(place, first_of(common[21]));
    if (facility == nullptr && (!is_blank(common[22]) || !is_blank(common[23])))
        facility = build
                       .resource(ResourceType::organization,
                                 build.identity_in_message(ResourceType::organization, common, 21))
                       .resource;
    if (facility != nullptr) {
        if (!facility->root().has("address")) apply(build, order.common, facility_address_rows, *facility);
        if (!facility->root().has("telecom")) apply(build, order.common, facility_telecom_rows, *facility);
    }
    if (practitioner != nullptr && in_common && !practitioner->root().has("address"))
        apply(build, order.common, provider_address_rows, *practitioner);
    if (facility == nullptr && practitioner == nullptr) return;
    if (facility == nullptr && is_blank(common[24])) return refer(root["requester"], *practitioner);
    refer(root["requester"], *role_of(build, practitioner, facility).resource);
}

/// OBR-11, of which R4 knows that a test follows from another one.
void write_intent(Build& build, const Order& order, Place root) {
    const bool is_reflex = text_of(order.detail[11][1]) == "G";
    root.set("intent", is_reflex ? "reflex-order" : "order");
    if (!is_reflex && !is_blank(order.detail[11])) build.miss(order.detail, 11, UnmappedReason::unknown_code);
}

void map_request(Build& build, Order& order, const Chart& chart) {
    const auto [request, is_new] = build.resource(
        ResourceType::service_request, identity_of(build, ResourceType::service_request, order, {2, 3}));
    order.request = request;
    if (!is_new) return;
    const auto root = request->root();
    write_identifiers(build, order, root);
    root.set("status", status_of(build, order));
    write_intent(build, order, root);
    apply(build, order.common, request_common_rows, *request);
    apply(build, order.detail, request_detail_rows, *request);
    // ORC-9 is the time of the event; of a new order, that is when it was written.
    if (const auto said = text_of(order.common[9][1]); !said.empty()) {
        const bool is_new_order = text_of(order.common[1][1]) == "NW";
        const auto time = is_new_order ? to_date_time(said, build.zone()) : std::nullopt;
        if (time) root.set("authoredOn", *time);
        const auto reason = is_new_order ? UnmappedReason::invalid_value : UnmappedReason::no_place;
        if (!time) build.miss(order.common, 9, reason);
    }
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
    write_requester(build, order, root);
}

void map_report(Build& build, Order& order, const Chart& chart) {
    const auto [report, is_new] = build.resource(
        ResourceType::diagnostic_report, identity_of(build, ResourceType::diagnostic_report, order, {3, 2}));
    order.report = report;
    if (!is_new) return;
    const auto root = report->root();
    write_identifiers(build, order, root);
    refer(root.at("basedOn[]"), *order.request);
    const auto* const status = translated(build, order.detail, 25, codes::report_status);
    root.set("status", status == nullptr ? "unknown" : status->code);
    if (!is_blank(order.detail[8])) apply(build, order.detail, period_rows, *report);
    apply(build, order.common, report_common_rows, *report);
    apply(build, order.detail, report_rows, *report);
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
}

}   // namespace

void map_order(Build& build, Order& order, const Chart& chart, Purpose purpose) {
    map_request(build, order, chart);
    if (purpose == Purpose::results) map_report(build, order, chart);
    for (const auto& segment : order.waiting) {
        if (segment.name() == "TQ1") {
            map_timing(build, segment, *order.request);
        } else {
            map_note(build, segment, order.request->root()["note"]);
        }
    }
    order.waiting.clear();
    if (order.common.exists()) miss_unknown_fields(build, order.common, {request_common_rows});
    if (!order.detail.exists()) return;
    for (const auto& row : identifier_rows)
        if (is_overruled(order, row.field)) build.miss(order.detail, row.field, UnmappedReason::repetition);
    if (purpose == Purpose::results)
        miss_unknown_fields(build, order.detail, {request_detail_rows, report_rows, read_elsewhere_rows});
    else
        miss_unknown_fields(build, order.detail, {request_detail_rows, read_elsewhere_rows});
}

void map_timing(Build& build, const Segment& tq1, Growing& request) {
    // OBR-6 is what was there before TQ1, and R4 has one of the two.
    for (const std::size_t field : {3U, 7U, 8U, 14U})
        if (!is_blank(tq1[field])) request.root()["occurrenceDateTime"].clear();
    apply(build, tq1, timing_rows, request);
    miss_unknown_fields(build, tq1, {timing_rows});
}

void map_comment(Build& build, const Segment& nte, std::string& lines, Place place) {
    for (const auto element : nte[3].repetitions())
        if (const auto said = text_of(element); !said.empty())
            lines.append(lines.empty() ? "" : "\n").append(said);
    place.text(lines);
    constexpr std::array comment_rows{Row{.field = 1}, Row{.field = 3}};
    miss_unknown_fields(build, nte, {comment_rows});
}

void map_note(Build& build, const Segment& nte, Place notes) {
    constexpr std::array note_rows{
        Row{.field = 1},
        Row{.field = 3, .convert = to::lines, .path = "text", .takes = Takes::field},
        Row{5, to::practitioner, "authorReference"},
        Row{6, to::date_time, "time"},
    };
    const auto note = notes.append();
    apply(build, nte, note_rows, note);
    if (!note.has("text")) note.clear();   // R4 wants one
    miss_unknown_fields(build, nte, {note_rows});
}

}   // namespace ward::fhir::v2
