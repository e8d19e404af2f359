// SPDX-License-Identifier: Apache-2.0
// TQ1 as the dosage instruction of a MedicationRequest: how much, when and how often.
#include <algorithm>
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

// R4 binds these to units of time of UCUM, in small letters.
constexpr std::array<std::string_view, 7> units_of_time{"s", "min", "h", "d", "wk", "mo", "a"};

/// A CWE that is a unit of time; empty if it is none of those.
std::string_view unit_of_time(std::string_view said) {
    const auto* const found = std::ranges::find(units_of_time, said);
    return found == units_of_time.end() ? std::string_view{} : *found;
}

void write_duration(const Source& source, Element number, Element unit, std::string_view name,
                    std::string_view unit_name, Place repeat) {
    if (is_blank(number)) return;
    const auto count = json_number(text_of(number[1]));
    const auto known = unit_of_time(text_of(unit[1]));
    if (!count || known.empty()) return source.miss(UnmappedReason::unknown_code);
    repeat[name].json(*count);
    repeat[unit_name].text(known);
}

/// TQ1-6 says anew what a start and an end say.
void whole_duration(const Source& source, Element element, Place bounds) {
    const bool has_start = !is_blank(source.segment[7]), has_end = !is_blank(source.segment[8]);
    if (has_start && has_end) return;
    if (has_start || has_end) return source.miss(UnmappedReason::unknown_field);
    to::composite_quantity(source, element, bounds);
}

void occurrence_duration(const Source& source, Element element, Place repeat) {
    write_duration(source, element[1], element[2], "duration", "durationUnit", repeat);
}

constexpr std::array rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::repeat_pattern, "timing"},
    Row{4, to::time, "timing.repeat.timeOfDay[]"},
    Row{6, whole_duration, "timing.repeat.boundsDuration"},
    Row{7, to::date_time, "timing.repeat.boundsPeriod.start"},
    Row{8, to::date_time, "timing.repeat.boundsPeriod.end"},
    Row{.field = 9},
    Row{10, to::concept_text, "additionalInstruction[]"},
    Row{11, to::text, "text"},
    Row{.field = 12},   // whether the next one follows
    Row{13, occurrence_duration, "timing.repeat"},
    Row{14, to::positive, "timing.repeat.count"},
};

constexpr std::array dose_rows{Row{2, to::composite_quantity, "doseAndRate[].doseQuantity"}};
constexpr std::array request_rows{Row{9, to::code, "priority", {}, &codes::priority}};

}   // namespace

void write_repeat_pattern(Element code, Place timing) {
    const auto said = text_of(code[1]);
    if (said.empty()) return;
    const auto* const pattern = codes::repeat_pattern.find(said);
    if (pattern == nullptr) return timing.at("code.text").text(said);
    const auto coding = timing.at("code.coding").first();
    coding.set("system", codes::repeat_pattern.target);
    coding.set("code", pattern->code);
}

namespace to {

/// RPT (HL7 2.9, 2.A.66). Phases and offsets have no place.
void repeat_pattern(const Source& source, Element element, Place timing) {
    write_repeat_pattern(element[1], timing);
    const auto repeat = timing["repeat"];
    write_duration(source, element[5], element[6], "period", "periodUnit", repeat);
    if (const auto event = text_of(element[8]); !event.empty()) {
        // R4: either times of the day or what the day brings. They are the codes of EventTiming.
        const auto* const known = codes::event_timing.find(event);
        if (known == nullptr || !is_blank(source.segment[4])) {
            source.miss(UnmappedReason::unknown_code);
        } else {
            repeat["when"].append().text(known->code);
        }
    }
    for (const std::size_t part : {2U, 3U, 4U, 9U, 10U, 11U})
        if (!is_blank(element[part])) return source.miss(UnmappedReason::unknown_field);
}

}   // namespace to

void map_dosage_timing(Build& build, const Segment& tq1, Order& order) {
    const auto instructions = order.prescription->root()["dosageInstruction"];
    const bool is_first = order.timings++ == 0;
    const auto dosage = is_first ? instructions.first() : instructions.append();
    // What RXE-1 says is what TQ1 says since 2.5.
    for (const std::size_t field : {3U, 4U, 7U, 8U, 13U, 14U})
        if (is_first && !is_blank(tq1[field])) dosage["timing"].clear();
    // Instructions of the same number are followed side by side.
    const bool follows = order.next_follows;
    const auto conjunction = text_of(tq1[12][1]);
    order.next_follows = conjunction == "S";
    if (follows) ++order.sequence;
    if (!conjunction.empty() && conjunction != "S" && conjunction != "A")
        build.miss(tq1, 12, UnmappedReason::unknown_code);
    if (follows || order.next_follows) dosage["sequence"].json(std::to_string(order.sequence));
    apply(build, tq1, rows, dosage);
    if (!dosage.has("doseAndRate")) {
        apply(build, tq1, dose_rows, dosage);
    } else if (!is_blank(tq1[2])) {
        build.miss(tq1, 2, UnmappedReason::repetition);
    }
    apply(build, tq1, request_rows, *order.prescription);
    miss_unknown_fields(build, tq1, {rows});
}

}   // namespace ward::fhir::v2
