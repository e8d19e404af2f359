// SPDX-License-Identifier: Apache-2.0
// Text, numbers and times.
#include <algorithm>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"

namespace ward::fhir::v2 {

namespace {

/// Writes what came of a conversion, or reports that nothing did.
void put(const Source& source, const std::optional<std::string>& converted, Place place) {
    if (converted) return place.text(*converted);
    source.miss(UnmappedReason::invalid_value);
}

bool are_digits(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> whole_number(Element element) {
    constexpr std::uint64_t most = 2'147'483'647;   // R4, datatypes.html#integer
    const auto value = number(text_of(element[1]));
    return value && *value <= most ? value : std::nullopt;
}

}   // namespace

std::optional<std::string> json_number(std::string_view text) {
    constexpr std::size_t digits_max = 40;   // beyond what any measurement has
    std::string out;
    if (text.starts_with('-')) out = "-";
    if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
    const auto point = text.find('.');
    auto whole = text.substr(0, point);
    const auto fraction = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
    if (whole.size() + fraction.size() > digits_max || (whole.empty() && fraction.empty()))
        return std::nullopt;
    if (!are_digits(whole) || !are_digits(fraction)) return std::nullopt;
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    out += whole.empty() ? "0" : whole;
    if (!fraction.empty()) out.append(".").append(fraction);
    return out;
}

namespace to {

void text(const Source&, Element element, Place place) { place.text(text_of(element)); }

void boolean(const Source& source, Element element, Place place) {
    const auto said = text_of(element[1]);
    if (said == "Y" || said == "N") return place.json(said == "Y" ? "true" : "false");
    source.miss(UnmappedReason::unknown_code);
}

void decimal(const Source& source, Element element, Place place) {
    const auto number = json_number(text_of(element[1]));
    if (number) return place.json(*number);
    source.miss(UnmappedReason::invalid_value);
}

void positive(const Source& source, Element element, Place place) {
    const auto value = whole_number(element);
    if (value && *value > 0) return place.json(std::to_string(*value));
    source.miss(UnmappedReason::invalid_value);
}

void count(const Source& source, Element element, Place place) {
    const auto value = whole_number(element);
    if (value) return place.json(std::to_string(*value));
    source.miss(UnmappedReason::invalid_value);
}

void lines(const Source&, Element field, Place place) {
    std::string out;
    bool first = true;
    for (const auto element : field.repetitions()) {
        if (!first) out += '\n';
        first = false;
        out += element.text();
    }
    place.text(trimmed(out));
}

void time(const Source& source, Element element, Place place) {
    put(source, to_time(text_of(element[1])), place);
}

void composite_quantity(const Source& source, Element element, Place place) {
    const auto said = text_of(element[1]);
    if (said.empty()) return;
    const auto number = json_number(said);
    if (!number) return source.miss(UnmappedReason::invalid_value);
    place["value"].json(*number);
    const auto unit = element[2];
    auto name = text_of(unit[2]);
    if (name.empty()) name = text_of(unit[1]);
    place.set("unit", name);
    const auto system = text_of(unit[3]);
    if (system.empty()) return;
    place.set("system", code_system_uri(system));
    place.set("code", text_of(unit[1]));
}

// TQ (withdrawn in 2.7): when, how often and how urgently.
void timing_quantity(const Source& source, Element element, Place request) {
    composite_quantity(source, element[1], request["quantityQuantity"]);
    if (request.has("occurrenceDateTime")) {   // OBR-6 says the beginning
        if (!is_blank(element[2]) || !is_blank(element[5])) source.miss(UnmappedReason::repetition);
    } else {
        const auto timing = request["occurrenceTiming"];
        write_repeat_pattern(element[2], timing);
        if (!is_blank(element[4])) date_time(source, element[4], timing.at("repeat.boundsPeriod.start"));
        if (!is_blank(element[5])) date_time(source, element[5], timing.at("repeat.boundsPeriod.end"));
    }
    for (const std::size_t part : {3U, 7U, 8U, 9U, 10U, 11U, 12U})
        if (!is_blank(element[part])) source.miss(UnmappedReason::unknown_field);
    const auto* const priority = codes::priority.find(text_of(element[6]));
    if (priority != nullptr && !request.has("priority")) request.set("priority", priority->code);
}

// Of a TS (before 2.5) the first component is the time, the second its precision.
void date(const Source& source, Element element, Place place) {
    put(source, to_date(text_of(element[1])), place);
}

void date_time(const Source& source, Element element, Place place) {
    put(source, to_date_time(text_of(element[1]), source.build.zone()), place);
}

void instant(const Source& source, Element element, Place place) {
    put(source, to_instant(text_of(element[1]), source.build.zone()), place);
}

void period(const Source& source, Element element, Place place) {
    for (const std::size_t part : {1U, 2U}) {
        const auto said = text_of(element[part][1]);
        if (said.empty()) continue;
        put(source, to_date_time(said, source.build.zone()), place[part == 1 ? "start" : "end"]);
    }
}

}   // namespace to

}   // namespace ward::fhir::v2
