// SPDX-License-Identifier: Apache-2.0
// PID and PD1 as Patient.
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

void birth_time(const Source& source, Element element, Place place) {
    constexpr std::size_t date_only = 8;
    if (text_of(element[1]).size() > date_only) to::date_time(source, element, place);
}

constexpr Fixed at_home{"use", R"("home")", Fixed::Wins::never};
constexpr Fixed at_work{"use", R"("work")", Fixed::Wins::never};

constexpr Fixed url(std::string_view json) { return {"url", json}; }

constexpr std::array pid_rows{
    Row{.field = 1},
    Row{2, to::identifier, "identifier[]"},
    Row{3, to::identifier, "identifier[]"},
    Row{4, to::identifier, "identifier[]"},
    Row{5, to::human_name, "name[]"},
    Row{6, to::name_text, "extension[].valueString",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName")")},
    Row{7, to::date, "birthDate"},
    Row{7, birth_time, "_birthDate.extension[].valueDateTime",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-birthTime")")},
    Row{8, to::code, "gender", {}, &codes::administrative_sex},
    Row{9, to::human_name, "name[]"},
    Row{11, to::address, "address[]"},
    Row{13, to::contact_point, "telecom[]", at_home},
    Row{14, to::contact_point, "telecom[]", at_work},
    Row{15, to::codeable_concept, "communication[].language"},
    Row{16, to::codeable_concept, "maritalStatus", {}, &codes::marital_status},
    Row{17, to::codeable_concept, "extension[].valueCodeableConcept",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-religion")")},
    Row{19, to::social_security_number, "identifier[]"},
    Row{20, to::licence, "identifier[]"},
    Row{23, to::text, "extension[].valueAddress.text",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-birthPlace")")},
    Row{.field = 24, .convert = to::boolean, .path = "multipleBirthBoolean", .unless = 25},
    Row{25, to::positive, "multipleBirthInteger"},
    Row{29, to::date_time, "deceasedDateTime"},
    Row{.field = 30, .convert = to::boolean, .path = "deceasedBoolean", .unless = 29},
    Row{40, to::contact_point, "telecom[]"},
};

constexpr std::array pd1_rows{
    Row{3, to::organization, "generalPractitioner[]"},
    Row{4, to::practitioner, "generalPractitioner[]"},
};

/// How well an identifier of that type (table 0203) says who a patient is, for as long as he is one here.
int rank(std::string_view type) {
    if (type == "MR") return 0;
    if (type == "PI" || type == "PT") return 1;
    // What states and insurers give is shared with others, mistyped, and not for finding records.
    for (const std::string_view foreign : {"SS", "DL", "MA", "MC", "PPN", "AN", "VN"})
        if (type == foreign) return 3;
    return 2;
}

}   // namespace

std::string patient_identity(const Build& build, Element list) {
    constexpr int none = 4;
    int best = none;
    std::string identity;
    std::size_t seen = 0;
    for (const auto element : list.repetitions()) {
        if (++seen > build.limits().repetitions_max) break;
        const auto value = text_of(element[1]);
        const auto ranked = rank(text_of(element[5]));
        if (value.empty() || ranked >= best) continue;
        best = ranked;
        const auto authority = authority_of(element[4]);
        identity = build.identity(ResourceType::patient,
                                  {authority.empty() ? build.sending_facility() : authority.key(), value});
    }
    return identity;
}

Growing& map_patient(Build& build, const Segment& pid) {
    std::string identity;
    for (const std::size_t list : {3U, 2U, 4U})
        if (identity.empty()) identity = patient_identity(build, pid[list]);
    if (identity.empty()) identity = build.identity_in_message(ResourceType::patient, pid);
    const auto [patient, is_new] = build.resource(ResourceType::patient, std::move(identity));
    if (!is_new) return *patient;
    apply(build, pid, pid_rows, *patient);
    miss_unknown_fields(build, pid, {pid_rows});
    return *patient;
}

void map_patient_additions(Build& build, const Segment& pd1, Growing& patient) {
    apply(build, pd1, pd1_rows, patient);
    miss_unknown_fields(build, pd1, {pd1_rows});
}

}   // namespace ward::fhir::v2
