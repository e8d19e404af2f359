// SPDX-License-Identifier: Apache-2.0
// SCH and the resources of its groups as Appointment.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/dates.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr Fixed entered{
    "type", R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/provenance-participant-type",)"
            R"("code":"enterer"}]}])"};

/// SCH-11, withdrawn in 2.7: TQ.4 and TQ.5.
void start_and_end(const Source& source, Element element, Place root) {
    for (const std::size_t part : {1U, 2U, 6U, 7U, 8U, 9U, 10U, 11U, 12U})
        if (!is_blank(element[part])) source.miss(UnmappedReason::unknown_field);
    if (!is_blank(element[3]) && is_blank(source.segment[9])) source.miss(UnmappedReason::unknown_field);
    if (!is_blank(element[4])) to::instant(source, element[4], root["start"]);
    if (!is_blank(element[5])) to::instant(source, element[5], root["end"]);
}

/// SCH-10 and its like: minutes, or nothing known.
void minutes(const Source& source, Element element, Place place) {
    const auto unit = lowered(text_of(source.segment[source.row.field + 1][1]));
    if (unit.starts_with("min") || unit == "m") return to::positive(source, element, place);
    const auto count = number(text_of(element[1]));
    constexpr std::uint64_t count_max = 10'000;
    if (count && *count <= count_max && (unit == "h" || unit.starts_with("hour") || unit == "hr"))
        return place.json(std::to_string(*count * 60));
    if (count && *count <= count_max && (unit == "s" || unit.starts_with("sec")))
        return place.json(std::to_string(*count / 60));
    source.miss(UnmappedReason::unknown_code);
}

/// R4 wants a status of each participant.
void person(const Source& source, Element element, Place participant) {
    to::practitioner(source, element, participant["actor"]);
    if (participant.has("actor")) participant.set("status", "accepted");
}

/// What is no person and no place: a room's equipment, say. It has a name.
void named_resource(const Source& source, Element element, Place place) {
    to::code_text(source, element, place["display"]);
}

constexpr std::array rows{
    Row{1, to::entity_identifier, "identifier[]"},
    Row{2, to::entity_identifier, "identifier[]"},
    Row{6, to::codeable_concept, "reasonCode[]"},
    Row{7, to::codeable_concept, "reasonCode[]", {}, &codes::appointment_reason},
    Row{8, to::codeable_concept, "appointmentType", {}, &codes::appointment_type},
    Row{9, minutes, "minutesDuration"},
    Row{.field = 10},
    Row{11, start_and_end, ""},
    Row{12, person, "participant[]"},
    Row{16, person, "participant[]"},
    Row{20, person, "participant[]", entered},
    Row{.field = 25},   // status
};

constexpr std::array service_rows{
    Row{.field = 1}, Row{.field = 2}, Row{3, to::codeable_concept, "serviceType[]"},
    Row{.field = 4}, Row{.field = 7}, Row{.field = 8},
};
constexpr std::array duration_rows{Row{7, minutes, "minutesDuration"}};
constexpr std::array start_rows{Row{4, to::instant, "start"}};
constexpr std::array person_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::practitioner, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{6, to::date_time, "period.start"},
    Row{.field = 12},   // status
};
constexpr std::array location_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::location, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{6, to::date_time, "period.start"},
    Row{.field = 12},   // status
};
constexpr std::array general_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, named_resource, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{8, to::date_time, "period.start"},
    Row{.field = 14},   // status
};

std::string identity_of(const Build& build, const Segment& sch) {
    // The filler's number stays through all events; a request has the placer's only.
    for (const std::size_t field : {2U, 1U}) {
        const auto value = text_of(sch[field][1]);
        if (value.empty()) continue;
        const auto authority = authority_of(sch[field], 2);
        return build.identity(ResourceType::appointment,
                              {field == 2 ? "filler" : "placer", build.name_space(authority), value});
    }
    return build.identity_in_message(ResourceType::appointment, sch);
}

std::string_view status_of(Build& build, const Segment& sch) {
    const auto event = text_of(build.message().header()[9][2]);
    if (event == "S15") return "cancelled";
    if (event == "S16" || event == "S17") return event == "S16" ? "cancelled" : "entered-in-error";
    if (event == "S26") return "noshow";
    const auto* const entry = translated(build, sch, 25, codes::appointment_status);
    return entry == nullptr ? "booked" : entry->code;
}

void write_status(Build& build, const Segment& segment, std::size_t field, Place participant) {
    const auto* const entry = translated(build, segment, field, codes::participation_status);
    participant.set("status", entry == nullptr ? "accepted" : entry->code);
}

/// AIS: what SCH says of when and how long holds of all; where a service says otherwise, there is no place.
void map_activity(Build& build, const Segment& ais, Place root) {
    const auto sch = build.message().first("SCH");
    const auto take = [&](std::span<const Row> of_time, std::string_view element, Element said_before) {
        const auto said = ais[of_time.front().field];
        if (!root.has(element)) {
            apply(build, ais, of_time, root);
        } else if (!is_blank(said) && text_of(said[1]) != text_of(said_before)) {
            build.miss(ais, of_time.front().field, UnmappedReason::repetition);
        }
    };
    take(start_rows, "start", sch[11][4]);
    take(duration_rows, "minutesDuration", sch[9][1]);
    apply(build, ais, service_rows, root);
    miss_unknown_fields(build, ais, {service_rows});
}

}   // namespace

Growing& map_appointment(Build& build, const Segment& sch, const Chart&) {
    const auto [appointment, is_new] = build.resource(ResourceType::appointment, identity_of(build, sch));
    if (!is_new) return *appointment;
    const auto root = appointment->root();
    root.set("status", status_of(build, sch));
    apply(build, sch, rows, *appointment);
    miss_unknown_fields(build, sch, {rows});
    return *appointment;
}

void map_appointment_patient(const Chart& chart, Growing& appointment) {
    // R4 wants a participant, known or not.
    if (chart.patient == nullptr && appointment.root().has("participant")) return;
    const auto participant = appointment.root().at("participant[]");
    if (chart.patient != nullptr) {
        refer(participant["actor"], *chart.patient);
    } else {
        participant["actor"].set("display", "unknown");
    }
    participant.set("status", "accepted");
}

void map_appointment_resource(Build& build, const Segment& segment, Growing& appointment) {
    // Table 0206: what is deleted takes no part.
    if (text_of(segment[2][1]) == "D") return build.miss(segment, 0, UnmappedReason::no_place);
    const auto root = appointment.root();
    const auto name = segment.name();
    if (name == "AIS") {
        map_activity(build, segment, root);
        return;
    }
    const auto participant = root.at("participant[]");
    const std::span<const Row> of_kind = name == "AIP"   ? std::span<const Row>{person_rows}
                                         : name == "AIL" ? std::span<const Row>{location_rows}
                                                         : std::span<const Row>{general_rows};
    apply(build, segment, of_kind, participant);
    if (participant.has("actor") || participant.has("type")) {
        write_status(build, segment, name == "AIG" ? 14 : 12, participant);
    } else {
        participant.clear();
    }
    miss_unknown_fields(build, segment, {of_kind});
    const std::size_t begins = name == "AIG" ? 8 : 6;
    if (root.has("start")) return;
    if (const auto start = to_instant(text_of(segment[begins][1]), build.zone())) root.set("start", *start);
}

}   // namespace ward::fhir::v2
