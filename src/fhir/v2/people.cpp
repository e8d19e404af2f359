// SPDX-License-Identifier: Apache-2.0
// Names, addresses and telephone numbers.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"

namespace ward::fhir::v2 {

namespace {

void write_period(const Source& source, Element start, Element end, Place place) {
    for (const auto& [said, name] : {std::pair{text_of(start), "start"}, std::pair{text_of(end), "end"}}) {
        if (said.empty()) continue;
        const auto time = to_date_time(said, source.build.zone());
        if (time) {
            place[name].text(*time);
        } else {
            source.miss(UnmappedReason::invalid_value);
        }
    }
}

void append_text(Place place, std::string_view name, const std::string& text) {
    if (!text.empty()) place[name].append().text(text);
}

void write_extension(Place place, std::string_view url, const std::string& text) {
    if (text.empty()) return;
    const auto extension = place.at("extension[]");
    extension.set("url", url);
    extension.set("valueString", text);
}

/// An FN, or the ST that it was before 2.3. What is in front of a surname is part of how people find it.
void write_family(Element element, Place place) {
    place.set("family", text_of(element[1]));
    constexpr std::array parts{"http://hl7.org/fhir/StructureDefinition/humanname-own-prefix",
                               "http://hl7.org/fhir/StructureDefinition/humanname-own-name",
                               "http://hl7.org/fhir/StructureDefinition/humanname-partner-prefix",
                               "http://hl7.org/fhir/StructureDefinition/humanname-partner-name"};
    for (std::size_t i = 0; i < parts.size(); ++i)
        write_extension(place["_family"], parts.at(i), text_of(element[i + 2]));
}

bool is_electronic(std::string_view equipment) { return equipment == "Internet" || equipment == "X.400"; }

/// XTN.1 before 2.3, XTN.12 since 2.7, and the number in its parts in between.
std::string telephone_number(Element element) {
    for (const std::size_t whole : {12U, 1U})
        if (auto number = text_of(element[whole]); !number.empty()) return number;
    const auto country = text_of(element[5]);
    const auto area = text_of(element[6]);
    const auto local = text_of(element[7]);
    const auto extension = text_of(element[8]);
    if (local.empty()) return {};
    std::string out;
    if (!country.empty()) out.append("+").append(country).append(" ");
    if (!area.empty()) out.append(area).append(" ");
    out += local;
    if (!extension.empty()) out.append(" X").append(extension);
    return out;
}

}   // namespace

/// An XPN whose first component is `first`: an XCN has the same one later.
void write_human_name(const Source& source, Element element, const NameParts& parts, Place place) {
    if (const auto* const use = codes::name_use.find(text_of(element[parts.type])); use != nullptr)
        place.set("use", use->code);
    write_family(element[parts.family], place);
    append_text(place, "given", text_of(element[parts.family + 1]));
    append_text(place, "given", text_of(element[parts.family + 2]));
    append_text(place, "prefix", text_of(element[parts.family + 4]));
    append_text(place, "suffix", text_of(element[parts.family + 3]));
    append_text(place, "suffix", text_of(element[parts.family + 5]));
    append_text(place, "suffix", text_of(element[parts.professional_suffix]));
    if (is_blank(element[parts.start]) && is_blank(element[parts.start + 1])) {
        write_period(source, element[parts.range][1], element[parts.range][2], place["period"]);
    } else {
        write_period(source, element[parts.start], element[parts.start + 1], place["period"]);
    }
    // A name without its parts says nothing, whatever its use.
    if (!place.has("family") && !place.has("given")) place.clear();
}

namespace to {

void human_name(const Source& source, Element element, Place place) {
    write_human_name(source, element,
                     {.family = 1, .type = 7, .range = 10, .start = 12, .professional_suffix = 14}, place);
}

void name_text(const Source&, Element element, Place place) {
    std::string out;
    for (const std::size_t part : {5U, 2U, 3U, 1U, 4U}) {
        const auto said = text_of(element[part][1]);
        if (!said.empty()) out.append(out.empty() ? "" : " ").append(said);
    }
    place.text(out);
}

void address(const Source& source, Element element, Place place) {
    const auto type = text_of(element[7]);
    if (const auto* const use = codes::address_use.find(type); use != nullptr) place.set("use", use->code);
    if (const auto* const kind = codes::address_type.find(type); kind != nullptr)
        place.set("type", kind->code);
    // XAD.1 is a SAD since 2.5: street, its name, the number of the dwelling.
    for (const std::size_t part : {1U, 2U, 3U}) append_text(place, "line", text_of(element[1][part]));
    append_text(place, "line", text_of(element[2]));
    append_text(place, "line", text_of(element[19]));
    place.set("city", text_of(element[3]));
    code_text(source, element[9], place["district"]);
    place.set("state", text_of(element[4]));
    place.set("postalCode", text_of(element[5]));
    place.set("country", text_of(element[6]));
    if (is_blank(element[13]) && is_blank(element[14])) {
        write_period(source, element[12][1], element[12][2], place["period"]);
    } else {
        write_period(source, element[13], element[14], place["period"]);
    }
}

void contact_point(const Source& source, Element element, Place place) {
    const auto equipment = text_of(element[3]);
    const auto mail = text_of(element[4]);
    const auto* const system = codes::telecom_equipment.find(equipment);
    auto value = is_electronic(equipment) || (equipment.empty() && !mail.empty()) ? mail : std::string{};
    if (value.empty()) value = telephone_number(element);
    if (value.empty()) return;
    const bool is_mail = value.find('@') != std::string::npos;
    if (system != nullptr) {
        place.set("system", system->code);
    } else {
        // R4, cpt-2: a value needs a system.
        place.set("system", is_mail ? "email" : "phone");
    }
    place.set("value", value);
    const auto* const use = codes::telecom_use.find(text_of(element[2]));
    if (equipment == "CP") {
        place.set("use", "mobile");
    } else if (use != nullptr) {
        place.set("use", use->code);
    }
    if (!is_blank(element[18])) positive(source, element[18], place["rank"]);
    write_period(source, element[13], element[14], place["period"]);
}

}   // namespace to

}   // namespace ward::fhir::v2
