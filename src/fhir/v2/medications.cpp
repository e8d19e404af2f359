// SPDX-License-Identifier: Apache-2.0
// RXA as Immunization, RXO and RXE as MedicationRequest, with their RXR.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr Fixed administering{
    "function", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0443","code":"AP"}]})"};
constexpr Fixed ordering{
    "function", R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0443","code":"OP"}]})"};

/// RXA-6, where 999 says that it is not known (CDC implementation guide for immunization messaging, 1.5).
void dose(const Source& source, Element element, Place quantity) {
    const auto said = text_of(element[1]);
    const auto number = json_number(said);
    if (!number) return source.miss(UnmappedReason::invalid_value);
    if (said == "999") return;
    quantity["value"].json(*number);
    const auto unit = source.segment[source.row.field + 1];
    const auto code = text_of(unit[1]);
    const auto name = text_of(unit[2]);
    quantity.set("unit", name.empty() ? code : name);
    const auto system = text_of(unit[3]);
    if (code.empty() || system.empty()) return;
    quantity.set("system", code_system_uri(system));
    quantity.set("code", code);
}

constexpr std::array rxa_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::date_time, "occurrenceDateTime"},
    Row{.field = 4},
    Row{5, to::codeable_concept, "vaccineCode"},
    Row{6, dose, "doseQuantity"},
    Row{.field = 7},
    Row{9, to::code_text, "note[].text"},
    Row{10, to::practitioner, "performer[].actor", administering},
    Row{11, to::location, "location"},
    Row{15, to::text, "lotNumber"},
    Row{16, to::date, "expirationDate"},
    Row{17, to::coded_organization, "manufacturer"},
    Row{18, to::codeable_concept, "statusReason"},
    Row{19, to::codeable_concept, "reasonCode[]"},
    Row{.field = 20},   // status
    Row{.field = 21},
    Row{22, to::date_time, "recorded"},
    Row{27, to::location, "location"},
};

constexpr std::array immunization_order_rows{
    Row{.field = 1},
    Row{2, to::entity_identifier, "identifier[]", placer},
    Row{3, to::entity_identifier, "identifier[]", filler},
    Row{9, to::date_time, "recorded"},
    Row{12, to::practitioner, "performer[].actor", ordering},
};

constexpr std::array request_order_rows{
    Row{.field = 1},   // status
    Row{2, to::entity_identifier, "identifier[]", placer},
    Row{3, to::entity_identifier, "identifier[]", filler},
    Row{4, to::group_number, "groupIdentifier"},
    Row{.field = 5},   // status
    Row{9, to::date_time, "authoredOn"},
    Row{12, to::practitioner, "requester"},
};

/// TQ (RXE-1): a dose, an interval, a begin and an end.
void dosage_timing(const Source& source, Element element, Place dosage) {
    write_repeat_pattern(element[2], dosage["timing"]);
    for (const std::size_t part : {1U, 3U, 6U, 7U, 8U, 9U, 10U, 11U, 12U})
        if (!is_blank(element[part])) source.miss(UnmappedReason::unknown_field);
    if (!is_blank(element[4]))
        to::date_time(source, element[4], dosage.at("timing.repeat.boundsPeriod.start"));
    if (!is_blank(element[5])) to::date_time(source, element[5], dosage.at("timing.repeat.boundsPeriod.end"));
}

/// The least and the most of a dose are one where only the least is said.
void least_dose(const Source& source, Element element, Place dose_and_rate) {
    const bool is_range = !is_blank(source.segment[source.row.field + 1]);
    const auto number = json_number(text_of(element[1]));
    if (!number) return source.miss(UnmappedReason::invalid_value);
    const auto unit = source.segment[source.row.field + 2];
    const auto name = text_of(is_blank(unit[2]) ? unit[1] : unit[2]);
    const auto quantity = dose_and_rate.at(is_range ? "doseRange.low" : "doseQuantity");
    quantity["value"].json(*number);
    quantity.set("unit", name);
    if (!is_range) return;
    const auto most = json_number(text_of(source.segment[source.row.field + 1][1]));
    if (!most) return source.miss(UnmappedReason::invalid_value);
    dose_and_rate.at("doseRange.high.value").json(*most);
    dose_and_rate.at("doseRange.high.unit").text(name);
}

constexpr std::array rxo_rows{
    Row{1, to::codeable_concept, "medicationCodeableConcept"},
    Row{.field = 2},
    Row{.field = 3},
    Row{.field = 4},
    Row{9, to::codeable_concept, "substitution.allowedCodeableConcept", {}, &codes::allow_substitution},
    Row{11, to::decimal, "dispenseRequest.quantity.value"},
    Row{12, to::code_text, "dispenseRequest.quantity.unit"},
    Row{13, to::count, "dispenseRequest.numberOfRepeatsAllowed"},
    Row{14, to::practitioner, "requester"},
};

constexpr std::array rxe_rows{
    Row{.field = 1},
    Row{2, to::codeable_concept, "medicationCodeableConcept"},
    Row{.field = 3},
    Row{.field = 4},
    Row{.field = 5},
    Row{9, to::codeable_concept, "substitution.allowedCodeableConcept", {}, &codes::allow_substitution},
    Row{10, to::decimal, "dispenseRequest.quantity.value"},
    Row{11, to::code_text, "dispenseRequest.quantity.unit"},
    Row{12, to::count, "dispenseRequest.numberOfRepeatsAllowed"},
    Row{13, to::practitioner, "requester"},
    Row{15, to::entity_identifier, "identifier[]"},
    Row{27, to::codeable_concept, "reasonCode[]"},
};

constexpr std::array rxo_dosage_rows{Row{2, least_dose, "doseAndRate[]"},
                                     Row{6, to::codeable_concept, "additionalInstruction[]"},
                                     Row{7, to::codeable_concept, "additionalInstruction[]"}};
constexpr std::array rxe_dosage_rows{Row{1, dosage_timing, ""}, Row{3, least_dose, "doseAndRate[]"},
                                     Row{7, to::codeable_concept, "additionalInstruction[]"}};

/// RXC-3 and 4.
void amount(const Source& source, Element element, Place quantity) {
    to::decimal(source, element, quantity["value"]);
    const auto unit = source.segment[source.row.field + 1];
    if (quantity.has("value")) quantity.set("unit", text_of(is_blank(unit[2]) ? unit[1] : unit[2]));
}

constexpr std::array component_rows{
    Row{2, to::codeable_concept, "itemCodeableConcept"},
    Row{3, amount, "strength.numerator"},
    Row{.field = 4},
};

constexpr std::array immunization_route_rows{
    Row{1, to::codeable_concept, "route", {}, &codes::route},
    Row{2, to::codeable_concept, "site", {}, &codes::administration_site},
};
constexpr std::array request_route_rows{
    Row{1, to::codeable_concept, "route", {}, &codes::route},
    Row{2, to::codeable_concept, "site", {}, &codes::administration_site},
    Row{4, to::codeable_concept, "method"},
};

std::string identity_of(const Build& build, ResourceType type, const Segment& segment, const Order& order,
                        Element code) {
    for (const std::size_t field : {3U, 2U}) {
        const auto value = text_of(order.common[field][1]);
        if (value.empty()) continue;
        const auto authority = authority_of(order.common[field], 2);
        return build.identity(
            type, {field == 2 ? "placer" : "filler", build.name_space(authority), value, text_of(code[1])});
    }
    return build.identity_in_message(type, segment);
}

std::string_view immunization_status(Build& build, const Segment& rxa) {
    if (text_of(rxa[21][1]) == "D") return "entered-in-error";
    const auto* const entry = translated(build, rxa, 20, codes::completion_status);
    return entry == nullptr ? "completed" : entry->code;
}

std::string_view request_status(Build& build, const Order& order) {
    const auto control = text_of(order.common[1][1]);
    if (control == "DC" || control == "OD" || control == "DR") return "stopped";
    if (control == "CA" || control == "OC" || control == "CR") return "cancelled";
    if (control == "HD" || control == "OH" || control == "HR") return "on-hold";
    if (control != "RE") translated(build, order.common, 1, codes::order_control);
    const auto* const entry = translated(build, order.common, 5, codes::order_status);
    if (entry == nullptr) return "active";
    return entry->code == "revoked" ? "stopped" : entry->code;
}

}   // namespace

Growing& map_immunization(Build& build, const Segment& rxa, const Order& order, const Chart& chart) {
    const auto [immunization, is_new] = build.resource(
        ResourceType::immunization, identity_of(build, ResourceType::immunization, rxa, order, rxa[5]));
    if (!is_new) return *immunization;
    const auto root = immunization->root();
    root.set("status", immunization_status(build, rxa));
    apply(build, order.common, immunization_order_rows, *immunization);
    apply(build, rxa, rxa_rows, *immunization);
    // NIP001 00 is "new immunization record": given here, and reported by who knows.
    root["primarySource"].json(text_of(rxa[9][1]) == "00" ? "true" : "false");
    if (chart.patient != nullptr) refer(root["patient"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
    if (!is_blank(rxa[4]) && text_of(rxa[4][1]) != text_of(rxa[3][1]))
        build.miss(rxa, 4, UnmappedReason::unknown_field);   // R4 has no end of a vaccination
    if (order.common.exists()) miss_unknown_fields(build, order.common, {immunization_order_rows});
    miss_unknown_fields(build, rxa, {rxa_rows});
    return *immunization;
}

Growing* map_medication_request(Build& build, const Segment& segment, Order& order, const Chart& chart) {
    const bool is_encoded = segment.name() == "RXE";
    // RXO and RXE of one order are about the same request: what was wanted, and what was made of it.
    const auto [request, is_new] =
        build.resource(ResourceType::medication_request,
                       identity_of(build, ResourceType::medication_request, segment, order, {}));
    const auto root = request->root();
    if (!is_new) {
        const bool takes_over =
            is_encoded && order.prescription == request && order.medication.name() == "RXO";
        build.miss(takes_over ? order.medication : segment, 0, UnmappedReason::repetition);
        if (!takes_over) return nullptr;
        // Parts of the two do not go together: a dose of the one would be given as often as the other says.
        for (const auto* const name :
             {"medicationCodeableConcept", "substitution", "dispenseRequest", "dosageInstruction"})
            root[name].clear();
        for (const auto* const name : {"contained", "medicationReference"}) root[name].clear();
    }
    order.medication = segment;
    order.prescription = request;
    order.timings = 0;
    const std::span<const Row> rows = is_encoded ? std::span<const Row>{rxe_rows} : rxo_rows;
    const std::span<const Row> dosage = is_encoded ? std::span<const Row>{rxe_dosage_rows} : rxo_dosage_rows;
    root.set("status", request_status(build, order));
    // Only one way to say the medication: as a mixture that it was before it is no more.
    for (const auto* const name : {"contained", "medicationReference"}) request->cleared.push_back(name);
    root.set("intent", is_encoded ? "order" : "original-order");
    if (is_new) apply(build, order.common, request_order_rows, *request);
    if (order.common.exists()) miss_unknown_fields(build, order.common, {request_order_rows});
    apply(build, segment, rows, *request);
    apply(build, segment, dosage, root.at("dosageInstruction[]"));
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
    miss_unknown_fields(build, segment, {rows, dosage});
    return request;
}

void map_component(Build& build, const Segment& rxc, Order& order) {
    auto& request = *order.prescription;
    const auto root = request.root();
    const auto medication = root["contained"].first();
    if (!root.has("contained")) {
        // R4 has the medication as a code or as a resource, which alone can say what it is made of.
        const std::array code_rows{
            Row{order.medication.name() == "RXE" ? 2U : 1U, to::codeable_concept, "code"}};
        medication.set("resourceType", "Medication");
        medication.set("id", "mixture");
        apply(build, order.medication, code_rows, medication);
        root["medicationCodeableConcept"].clear();
        request.cleared.push_back("medicationCodeableConcept");
        root.at("medicationReference.reference").text("#mixture");
    }
    const auto ingredient = medication.at("ingredient[]");
    apply(build, rxc, component_rows, ingredient);
    // R4, rat-1: a ratio has both parts.
    if (ingredient["strength"].holds_value()) ingredient.at("strength.denominator.value").json("1");
    miss_unknown_fields(build, rxc, {component_rows});
}

void map_route(Build& build, const Segment& rxr, Growing& given) {
    if (given.type == ResourceType::immunization) {
        apply(build, rxr, immunization_route_rows, given);
        return miss_unknown_fields(build, rxr, {immunization_route_rows});
    }
    const auto dosage = given.root()["dosageInstruction"].first();
    if (dosage.has("route")) return build.miss(rxr, 0, UnmappedReason::repetition);
    apply(build, rxr, request_route_rows, dosage);
    miss_unknown_fields(build, rxr, {request_route_rows});
}

}   // namespace ward::fhir::v2
