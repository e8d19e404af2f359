// SPDX-License-Identifier: Apache-2.0
// PV1 and PV2 as Encounter.
#include <algorithm>
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr Fixed status(std::string_view json) { return {"status", json}; }
constexpr Fixed role(std::string_view json) { return {"type", json}; }

constexpr Fixed attender =
    role(R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",)"
         R"("code":"ATND","display":"attender"}]}])");
constexpr Fixed referrer =
    role(R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",)"
         R"("code":"REF"}],"text":"referrer"}])");
constexpr Fixed consultant =
    role(R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",)"
         R"("code":"CON"}],"text":"consultant"}])");
constexpr Fixed admitter =
    role(R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",)"
         R"("code":"ADM"}],"text":"admitter"}])");
constexpr Fixed participant =
    role(R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType",)"
         R"("code":"PART"}],"text":"Participation"}])");
constexpr Fixed visit_number = role(R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203",)"
                                    R"("code":"VN"}],"text":"visit number"})");

/// Of a patient who is expected, PV1-3 is where he will be.
void assigned_location(const Source& source, Element element, Place place) {
    to::location(source, element, place["location"]);
    if (!place.holds_value()) return;
    place.set("status", text_of(source.segment[2][1]) == "P" ? "planned" : "active");
}

void length_of_stay(const Source& source, Element element, Place place) {
    to::positive(source, element, place["value"]);
    if (!place.holds_value()) return;
    place.set("unit", "days");
    place.set("system", "http://unitsofmeasure.org");
    place.set("code", "d");
}

/// PV1-54: a service episode, which is known by its number only.
void episode(const Source& source, Element element, Place place) {
    auto& build = source.build;
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    if (build.patient() == nullptr) return source.miss(UnmappedReason::no_place);
    const auto authority = authority_of(element[4]);
    const auto [resource, is_new] =
        build.resource(ResourceType::episode_of_care,
                       build.identity(ResourceType::episode_of_care, {build.name_space(authority), value}));
    if (is_new) {
        resource->root().set("status", "active");   // R4 wants one
        refer(resource->root()["patient"], *build.patient());
        to::identifier(source, element, resource->root().at("identifier[]"));
    }
    refer(place, *resource);
}

constexpr std::array pv1_rows{
    Row{.field = 1},
    Row{2, to::coding, "class", {}, &codes::encounter_class},
    Row{3, assigned_location, "location[]"},
    Row{4, to::codeable_concept, "type[]", {}, &codes::admission_type},
    Row{5, to::identifier, "hospitalization.preAdmissionIdentifier"},
    Row{6, to::location, "location[].location", status(R"("completed")")},
    Row{7, to::practitioner, "participant[].individual", attender},
    Row{8, to::practitioner, "participant[].individual", referrer},
    Row{9, to::practitioner, "participant[].individual", consultant},
    Row{10, to::codeable_concept, "serviceType"},
    Row{11, to::location, "location[].location", status(R"("active")")},
    Row{13, to::codeable_concept, "hospitalization.reAdmission"},
    Row{14, to::codeable_concept, "hospitalization.admitSource"},
    Row{15, to::codeable_concept, "hospitalization.specialArrangement[]"},
    Row{16, to::codeable_concept, "hospitalization.specialCourtesy[]"},
    Row{17, to::practitioner, "participant[].individual", admitter},
    Row{19, to::identifier, "identifier[]", visit_number},
    Row{36, to::codeable_concept, "hospitalization.dischargeDisposition"},
    Row{38, to::codeable_concept, "hospitalization.dietPreference[]"},
    Row{42, to::location, "location[].location", status(R"("reserved")")},
    Row{44, to::date_time, "period.start"},
    Row{45, to::date_time, "period.end"},
    Row{50, to::identifier, "identifier[]"},
    Row{52, to::practitioner, "participant[].individual", participant},
    Row{54, episode, "episodeOfCare[]"},
};

constexpr std::array pv2_rows{
    Row{1, to::location, "location[].location", status(R"("planned")")},
    Row{3, to::codeable_concept, "reasonCode[]"},
    Row{11, length_of_stay, "length"},
    Row{13, to::practitioner, "participant[].individual", referrer},
    Row{25, to::codeable_concept, "priority"},
};

struct EventStatus {
    std::string_view event;
    std::string_view status;
};
// What an event says of the visit, whatever else stands in it: table 0003 to EncounterStatus.
constexpr std::array<EventStatus, 13> event_statuses{{{"A01", "in-progress"},
                                                      {"A02", "in-progress"},
                                                      {"A03", "finished"},
                                                      {"A04", "planned"},
                                                      {"A05", "planned"},
                                                      {"A11", "cancelled"},
                                                      {"A12", "in-progress"},
                                                      {"A13", "in-progress"},
                                                      {"A14", "planned"},
                                                      {"A15", "in-progress"},
                                                      {"A23", "entered-in-error"},
                                                      {"A27", "cancelled"},
                                                      {"A38", "cancelled"}}};

/// Empty if the message does not say.
std::string_view status_of(const Build& build, const Segment& pv1) {
    const auto message_type = build.message().header()[9];
    if (text_of(message_type[1]) == "ADT") {
        const auto event = text_of(message_type[2]);
        const auto found = std::ranges::find(event_statuses, std::string_view{event}, &EventStatus::event);
        if (found != event_statuses.end()) return found->status;
    }
    return is_blank(pv1[45]) ? std::string_view{} : "finished";
}

std::string_view likely_status(const Segment& pv1) {
    const auto* const entry = codes::encounter_status.find(text_of(pv1[2][1]));
    return entry == nullptr ? "unknown" : entry->code;
}

std::string identity_of(const Build& build, const Segment& pv1, const Chart& chart) {
    for (const std::size_t field : {19U, 50U}) {
        const auto number = text_of(pv1[field][1]);
        if (number.empty()) continue;
        const auto authority = authority_of(pv1[field][4]);
        return build.identity(ResourceType::encounter, {build.name_space(authority), number});
    }
    // Of a patient who is known, a visit that began at a time that is known.
    const auto start = text_of(pv1[44][1]);
    if (chart.patient != nullptr && !start.empty())
        return build.identity(ResourceType::encounter, {"start", chart.patient->identity, start});
    return build.identity_in_message(ResourceType::encounter, pv1);
}

/// More than its number and the patient's class, which senders fill because they must?
bool says_something(const Segment& pv1) {
    for (std::size_t field = 3; field <= pv1.field_count(); ++field)
        if (!is_blank(pv1[field])) return true;
    return false;
}

}   // namespace

Growing* map_encounter(Build& build, const Segment& pv1, const Chart& chart) {
    // Class N: not applicable, as in messages about a patient who does not visit.
    if (!says_something(pv1) || text_of(pv1[2][1]) == "N") return nullptr;
    const auto [encounter, is_new] = build.resource(ResourceType::encounter, identity_of(build, pv1, chart));
    if (!is_new) return encounter;
    const auto root = encounter->root();
    const auto status = status_of(build, pv1);
    root.set("status", status.empty() ? likely_status(pv1) : status);
    if (status.empty()) encounter->assumed.push_back("status");
    apply(build, pv1, pv1_rows, *encounter);
    // R4 wants a class.
    if (!root.has("class"))
        root["class"].json(
            R"({"system":"http://terminology.hl7.org/CodeSystem/v3-NullFlavor","code":"UNK"})");
    if (chart.patient != nullptr) refer(root["subject"], *chart.patient);
    // A13: the discharge did not happen, so its time goes.
    if (text_of(build.message().header()[9][2]) == "A13" && !root.has("period"))
        encounter->cleared.push_back("period");
    miss_unknown_fields(build, pv1, {pv1_rows});
    return encounter;
}

void map_encounter_additions(Build& build, const Segment& pv2, Growing& encounter) {
    apply(build, pv2, pv2_rows, encounter);
    miss_unknown_fields(build, pv2, {pv2_rows});
}

}   // namespace ward::fhir::v2
