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
    Row{.field = 5},   // schedule id
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
    Row{.field = 1},  Row{.field = 2}, Row{3, to::codeable_concept, "serviceType[]"},
    Row{.field = 4},  Row{.field = 7}, Row{.field = 8},
    Row{.field = 10},
};
constexpr std::array person_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::practitioner, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{.field = 6},
    Row{.field = 9},
    Row{.field = 10},
    Row{.field = 12},
};
constexpr std::array location_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::location, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{.field = 6},
    Row{.field = 9},
    Row{.field = 10},
    Row{.field = 12},
};
constexpr std::array general_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, named_resource, "actor"},
    Row{4, to::codeable_concept, "type[]"},
    Row{.field = 8},
    Row{.field = 11},
    Row{.field = 12},
    Row{.field = 14},
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

std::string_view status_of(const Build& build, const Segment& sch) {
    const auto event = text_of(build.message().header()[9][2]);
    if (event == "S15") return "cancelled";
    if (event == "S16" || event == "S17") return event == "S16" ? "cancelled" : "entered-in-error";
    if (event == "S26") return "noshow";
    const auto* const entry = codes::appointment_status.find(lowered(text_of(sch[25][1])));
    return entry == nullptr ? "booked" : entry->code;
}

void write_status(const Segment& segment, std::size_t field, Place participant) {
    const auto* const entry = codes::participation_status.find(lowered(text_of(segment[field][1])));
    participant.set("status", entry == nullptr ? "accepted" : entry->code);
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
    const auto root = appointment.root();
    const auto name = segment.name();
    std::size_t begins = 6;   // where a start time is, if it is in AIL and AIP
    if (name == "AIS") {
        begins = 4;
        apply(build, segment, service_rows, root);
        miss_unknown_fields(build, segment, {service_rows});
    } else {
        const auto participant = root.at("participant[]");
        const std::span<const Row> of_kind = name == "AIP"   ? std::span<const Row>{person_rows}
                                             : name == "AIL" ? std::span<const Row>{location_rows}
                                                             : std::span<const Row>{general_rows};
        if (name == "AIG") begins = 8;
        apply(build, segment, of_kind, participant);
        if (participant.has("actor") || participant.has("type")) {
            write_status(segment, name == "AIG" ? 14 : 12, participant);
        } else {
            participant.clear();
        }
        miss_unknown_fields(build, segment, {of_kind});
    }
    if (root.has("start")) return;
    if (const auto start = to_instant(text_of(segment[begins][1]), build.zone())) root.set("start", *start);
}

}   // namespace ward::fhir::v2
