// SPDX-License-Identifier: Apache-2.0
// OBX as Observation.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr std::array rows{
    Row{.field = 1},
    Row{.field = 2},   // says what OBX-5 is
    Row{3, to::codeable_concept, "code"},
    Row{.field = 4},   // part of the identity
    Row{.field = 5},
    Row{.field = 6},
    Row{7, to::text, "referenceRange[].text"},
    Row{8, to::codeable_concept, "interpretation[]", {}, &codes::interpretation},
    Row{.field = 11},   // status
    Row{14, to::date_time, "effectiveDateTime"},
    Row{15, to::coded_organization, "performer[]"},
    Row{.field = 16},   // performers with a role
    Row{17, to::codeable_concept, "method"},
    Row{18, to::device, "device"},
    Row{20, to::codeable_concept, "bodySite"},
    Row{21, to::entity_identifier, "identifier[]", filler},
    Row{.field = 23},
    Row{.field = 24},
    Row{.field = 25},
    Row{.field = 29},   // whether it is a result or an answer at order entry
};

void write_quantity(Place place, const std::string& number, Element unit) {
    if (number.empty()) return;
    place["value"].json(number);
    const auto code = text_of(unit[1]);
    const auto name = text_of(unit[2]);
    const auto system = text_of(unit[3]);
    place.set("unit", name.empty() ? code : name);
    if (code.empty() || system.empty()) return;
    place.set("system", code_system_uri(system));
    place.set("code", code);
}

void write_structured_as_text(const Segment& obx, Place root) {
    std::string out;
    for (std::size_t part = 1; part <= 4; ++part)
        if (const auto said = text_of(obx[5][part]); !said.empty())
            out.append(out.empty() ? "" : " ").append(said);
    auto unit = text_of(obx[6][2]);
    if (unit.empty()) unit = text_of(obx[6][1]);
    if (!unit.empty()) out.append(" ").append(unit);
    root.set("valueString", out);
}

/// SN: a comparator, a number, and perhaps a separator and another number (HL7 2.9, 2.A.65).
void write_structured(const Segment& obx, Place root) {
    const auto value = obx[5];
    const auto comparator = text_of(value[1]);
    const auto separator = text_of(value[3]);
    const auto first = json_number(text_of(value[2]));
    const auto second = json_number(text_of(value[4]));
    const bool compares = comparator == "<" || comparator == ">" || comparator == "<=" || comparator == ">=";
    if (!first || comparator == "<>" || separator == "+") return write_structured_as_text(obx, root);
    if (separator == "-" && second) {
        write_quantity(root.at("valueRange.low"), *first, obx[6]);
        write_quantity(root.at("valueRange.high"), *second, obx[6]);
    } else if ((separator == ":" || separator == "/") && second) {
        if (compares) root.at("valueRatio.numerator.comparator").text(comparator);
        write_quantity(root.at("valueRatio.numerator"), *first, obx[6]);
        write_quantity(root.at("valueRatio.denominator"), *second, obx[6]);
    } else if (separator.empty()) {
        if (compares) root.at("valueQuantity.comparator").text(comparator);
        write_quantity(root["valueQuantity"], *first, obx[6]);
    } else {
        write_structured_as_text(obx, root);
    }
}

void write_number(const Segment& obx, Place root) {
    const auto said = text_of(first_of(obx[5]));
    if (const auto number = json_number(said)) return write_quantity(root["valueQuantity"], *number, obx[6]);
    // Laboratories write `<0.5` and the like where a number is due: as a text it is kept.
    const auto digits = said.find_first_not_of("<>= ");
    const auto comparator = trimmed(std::string_view{said}.substr(0, digits));
    const auto rest = digits == std::string::npos
                          ? std::optional<std::string>{}
                          : json_number(trimmed(std::string_view{said}.substr(digits)));
    if (rest && (comparator == "<" || comparator == ">" || comparator == "<=" || comparator == ">=")) {
        root.at("valueQuantity.comparator").text(comparator);
        return write_quantity(root["valueQuantity"], *rest, obx[6]);
    }
    root.set("valueString", said);
}

void write_range(Build& build, const Segment& obx, Place root) {
    for (const auto& [part, name] : {std::pair{1U, "low"}, std::pair{2U, "high"}}) {
        const auto said = text_of(obx[5][part]);
        if (said.empty()) continue;
        const auto number = json_number(said);
        if (!number) return build.miss(obx, 5, UnmappedReason::invalid_value);
        write_quantity(root["valueRange"][name], *number, obx[6]);
    }
}

constexpr std::array concept_row{Row{5, to::codeable_concept, "valueCodeableConcept"}};
constexpr std::array text_row{
    Row{.field = 5, .convert = to::lines, .path = "valueString", .takes = Takes::field}};
constexpr std::array period_row{Row{5, to::period, "valuePeriod"}};
constexpr std::array time_row{Row{5, to::date_time, "valueDateTime"}};
constexpr std::array time_of_day_row{Row{5, to::time, "valueTime"}};
constexpr std::array quantity_row{Row{5, to::composite_quantity, "valueQuantity"}};
constexpr std::array attachment_row{
    Row{5,
        to::attachment,
        "extension[].valueAttachment",
        {"url", R"("http://hl7.org/fhir/5.0/StructureDefinition/extension-Observation.value")"}}};

/// OBX-2 says which data type OBX-5 has (HL7 table 0125).
void write_value(Build& build, const Segment& obx, Place root) {
    if (is_blank(obx[5])) return;
    const auto type = text_of(obx[2]);
    const auto is = [&type](auto... names) { return ((type == names) || ...); };
    if (is("CE", "CWE", "CNE", "CF", "IS", "ID")) return apply(build, obx, concept_row, root);
    if (is("NM")) return write_number(obx, root);
    if (is("SN")) return write_structured(obx, root);
    if (is("NR")) return write_range(build, obx, root);
    if (is("CQ")) return apply(build, obx, quantity_row, root);
    if (is("DT", "DTM", "TS")) return apply(build, obx, time_row, root);
    if (is("DR")) return apply(build, obx, period_row, root);
    if (is("TM")) return apply(build, obx, time_of_day_row, root);
    if (is("ED", "RP")) return apply(build, obx, attachment_row, root);
    // ST, TX, FT, and whatever else (XCN, XAD, EI…) as the text that people see.
    apply(build, obx, text_row, root);
}

void write_status(Build& build, const Segment& obx, Place root) {
    const auto said = text_of(obx[11][1]);
    const auto* const status = translated(build, obx, 11, codes::observation_status);
    root.set("status", status == nullptr ? "unknown" : status->code);
    const auto* const absent = codes::absent_reason.find(said);
    bool has_value = false;
    for (const auto* const value : {"valueCodeableConcept", "valueString", "valueQuantity", "valueDateTime",
                                    "valueTime", "valuePeriod", "valueRange", "valueRatio", "extension"})
        has_value = has_value || root.has(value);
    if (has_value) return;
    const auto coding = root.at("dataAbsentReason.coding[]");
    coding.set("system", "http://terminology.hl7.org/CodeSystem/data-absent-reason");
    coding.set("code", absent == nullptr ? "unknown" : absent->code);
}

constexpr RoleCode responsible_observer{
    "responsibleObserver",
    R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/practitioner-role",)"
    R"("code":"responsibleObserver"}]}])"};
constexpr RoleCode medical_director{
    "MDIR", R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0912","code":"MDIR"}]}])"};

void write_performers(Build& build, const Segment& obx, Place root) {
    static constexpr Row observer{.field = 16};
    static constexpr Row organization{.field = 23};
    static constexpr Row director{.field = 25};
    for (const auto element : obx[16].repetitions()) {
        if (auto* const person = practitioner_of({build, obx, observer}, element); person != nullptr)
            refer_once(root["performer"], *role_of(build, person, nullptr, responsible_observer).resource);
    }
    auto* const laboratory = organization_named({build, obx, organization}, first_of(obx[23]));
    if (laboratory == nullptr && !is_blank(obx[24])) build.miss(obx, 24, UnmappedReason::no_place);
    if (laboratory != nullptr && !laboratory->root().has("address") && !is_blank(obx[24]))
        to::address({build, obx, organization}, first_of(obx[24]), laboratory->root().at("address[]"));
    auto* const person = practitioner_of({build, obx, director}, first_of(obx[25]));
    if (person != nullptr) {
        refer_once(root["performer"], *role_of(build, person, laboratory, medical_director).resource);
    } else if (laboratory != nullptr) {
        refer_once(root["performer"], *laboratory);
    }
}

/// An observation is found again by its own number, or by the order's, its code and its sub-id.
std::string identity_of(Build& build, const Segment& obx, const Order& order) {
    if (const auto value = text_of(obx[21][1]); !value.empty()) {
        const auto authority = authority_of(obx[21], 2);
        return build.nth(build.identity(ResourceType::observation,
                                        {build.name_space(authority), value, text_of(obx[3][1])}));
    }
    const auto* const parent = order.report != nullptr    ? order.report
                               : order.request != nullptr ? order.request
                                                          : order.given;
    if (parent == nullptr) return build.identity_in_message(ResourceType::observation, obx);
    auto code = text_of(obx[3][1]);
    if (code.empty()) code = text_of(obx[3][4]);
    if (code.empty()) code = text_of(obx[3][2]);
    // The same code again without a sub-id is another observation: the nth stays the nth.
    return build.nth(build.identity(ResourceType::observation,
                                    {parent->identity, text_of(obx[3][3]), code, text_of(obx[4])}));
}

}   // namespace

void map_observation(Build& build, const Segment& obx, Order& order, const Chart& chart) {
    const auto [observation, is_new] =
        build.resource(ResourceType::observation, identity_of(build, obx, order));
    if (!is_new) return;
    order.observations.push_back(observation);
    const auto root = observation->root();
    apply(build, obx, rows, *observation);
    write_value(build, obx, root);
    write_status(build, obx, root);
    // A unit is of a number.
    const bool has_number = root.has("valueQuantity") || root.has("valueRange") || root.has("valueRatio");
    if (!is_blank(obx[6]) && !has_number && text_of(obx[2]) != "SN")
        build.miss(obx, 6, UnmappedReason::no_place);
    write_performers(build, obx, root);
    // HL7 2.9, 7.4.2.14: without a time of its own it has that of OBR-7.
    if (!root.has("effectiveDateTime"))
        if (const auto time = to_date_time(text_of(order.detail[7][1]), build.zone()))
            root.set("effectiveDateTime", *time);
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
    // OBX-29 QST: an answer that was asked for with the order, not a result.
    const bool is_answer = text_of(obx[29]) == "QST" || order.report == nullptr;
    if (is_answer && order.request != nullptr) {
        refer(order.request->root().at("supportingInfo[]"), *observation);
    } else if (order.report != nullptr) {
        refer(order.report->root().at("result[]"), *observation);
    }
    if (order.given != nullptr && order.given->type == ResourceType::immunization) {
        refer(root.at("partOf[]"), *order.given);
    } else if (order.given != nullptr) {
        refer(order.given->root().at("supportingInformation[]"), *observation);
    }
    miss_unknown_fields(build, obx, {rows});
}

}   // namespace ward::fhir::v2
