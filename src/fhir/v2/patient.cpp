// SPDX-License-Identifier: Apache-2.0
// PID and PD1 as Patient.
#include <algorithm>
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

void birth_time(const Source& source, Element element, Place place) {
    constexpr std::size_t date_only = 8;
    if (text_of(element[1]).size() > date_only) to::date_time(source, element, place);
}

/// Extensions whose value is in one of their own, called `code`.
void nested_code(const Source& source, Element element, Place extension) {
    const auto inner = extension.at("extension[]");
    to::codeable_concept(source, element, inner["valueCodeableConcept"]);
    if (inner.holds_value()) inner.set("url", "code");
}

/// US Core: race and ethnicity are extensions of the United States, for codes of its own system.
void us_core(const Source&, Element element, Place extension) {
    const auto code = text_of(element[1]);
    const auto display = text_of(element[2]);
    const auto system = text_of(element[3]);
    if (code.empty() && display.empty()) return;
    const bool is_of_cdc = system.empty() || system == "CDCREC" || system == "HL70005" || system == "HL70189";
    const bool has_form = code.size() == 6 && code[4] == '-';   // as 2106-3
    if (is_of_cdc && has_form) {
        constexpr std::array<std::string_view, 7> categories{"1002-5", "2028-9", "2054-5", "2076-8",
                                                             "2106-3", "2135-2", "2186-5"};
        const bool is_category = std::ranges::find(categories, std::string_view{code}) != categories.end();
        const auto inner = extension.at("extension[]");
        inner.set("url", is_category ? "ombCategory" : "detailed");
        inner.at("valueCoding.system").text("urn:oid:2.16.840.1.113883.6.238");
        inner.at("valueCoding.code").text(code);
        inner.at("valueCoding.display").text(display);
    }
    const auto text = extension.at("extension[]");
    text.set("url", "text");
    text.set("valueString", display.empty() ? code : display);
}

/// PID-21: a mother is known by her number only.
void mother(const Source& source, Element element, Place link) {
    auto& build = source.build;
    const auto value = text_of(element[1]);
    if (value.empty()) return;
    const auto authority = authority_of(element[4]);
    const auto [person, is_new] = build.resource(
        ResourceType::related_person,
        build.identity(ResourceType::related_person, {"mother", build.name_space(authority), value}));
    if (is_new) {
        refer(person->root()["patient"], *build.patient());
        to::identifier(source, element, person->root().at("identifier[]"));
        person->root()["relationship"].json(
            R"([{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":"MTH",)"
            R"("display":"mother"}]}])");
    }
    refer(link["other"], *person);
    link.set("type", "seealso");
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
    Row{10, us_core, "extension[]", url(R"("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race")")},
    Row{11, to::address, "address[]"},
    Row{.field = 12},
    Row{13, to::contact_point, "telecom[]", at_home},
    Row{14, to::contact_point, "telecom[]", at_work},
    Row{15, to::codeable_concept, "communication[].language"},
    Row{16, to::codeable_concept, "maritalStatus", {}, &codes::marital_status},
    Row{17, to::codeable_concept, "extension[].valueCodeableConcept",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-religion")")},
    Row{.field = 18},   // an Account
    Row{19, to::social_security_number, "identifier[]"},
    Row{20, to::licence, "identifier[]"},
    Row{21, mother, "link[]"},
    Row{22, us_core, "extension[]",
        url(R"("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity")")},
    Row{23, to::text, "extension[].valueAddress.text",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-birthPlace")")},
    Row{.field = 24, .convert = to::boolean, .path = "multipleBirthBoolean", .unless = 25},
    Row{25, to::positive, "multipleBirthInteger"},
    Row{26, nested_code, "extension[]",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-citizenship")")},
    Row{28, nested_code, "extension[]",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-nationality")")},
    Row{29, to::date_time, "deceasedDateTime"},
    Row{.field = 30, .convert = to::boolean, .path = "deceasedBoolean", .unless = 29},
    Row{39, nested_code, "extension[]",
        url(R"("http://hl7.org/fhir/StructureDefinition/patient-citizenship")")},
    Row{40, to::contact_point, "telecom[]"},
};

constexpr std::array pd1_rows{
    Row{3, to::organization, "generalPractitioner[]"},
    Row{4, to::practitioner, "generalPractitioner[]"},
};

constexpr std::array living_will_rows{
    Row{7, to::codeable_concept, "valueCodeableConcept", {}, &codes::living_will}};

/// PD1-7.
void map_living_will(Build& build, const Segment& pd1, const Growing& patient) {
    if (is_blank(pd1[7])) return;
    const auto [observation, is_new] =
        build.resource(ResourceType::observation,
                       build.identity(ResourceType::observation, {"living-will", patient.identity}));
    if (!is_new) return;
    const auto root = observation->root();
    root.set("status", "final");
    root["code"].json(R"({"coding":[{"system":"http://loinc.org","code":"75320-2"}]})");
    refer(root["subject"], patient);
    apply(build, pd1, living_will_rows, *observation);
}

/// How well an identifier of that type (table 0203) says who a patient is, for as long as he is one here.
int rank(std::string_view type) {
    if (type == "MR") return 0;
    if (type == "PI" || type == "PT") return 1;
    return finds_record(type) ? 2 : 3;
}

}   // namespace

bool finds_record(std::string_view type) {
    constexpr std::array<std::string_view, 7> foreign{"SS", "DL", "MA", "MC", "PPN", "AN", "VN"};
    return std::ranges::find(foreign, type) == foreign.end();
}

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
        identity = build.identity(ResourceType::patient, {build.name_space(authority), value});
    }
    return identity;
}

Growing* map_account(Build& build, const Segment& pid, const Growing& patient) {
    const auto number = first_of(pid[18]);
    const auto value = text_of(number[1]);
    if (value.empty()) return nullptr;
    const auto authority = authority_of(number[4]);
    const auto [account, is_new] = build.resource(
        ResourceType::account, build.identity(ResourceType::account, {build.name_space(authority), value}));
    if (!is_new) return account;
    const auto root = account->root();
    write_identifier(build, {value, authority, text_of(number[5])}, root.at("identifier[]"));
    root.set("status", "active");
    refer(root.at("subject[]"), patient);
    return account;
}

Growing& map_patient(Build& build, const Segment& pid) {
    std::string identity;
    for (const std::size_t list : {3U, 2U, 4U})
        if (identity.empty()) identity = patient_identity(build, pid[list]);
    if (identity.empty()) identity = build.identity_in_message(ResourceType::patient, pid);
    const auto [patient, is_new] = build.resource(ResourceType::patient, std::move(identity));
    build.is_about(patient);
    if (!is_new) return *patient;
    // A29: the person's record is deleted, which in a record that keeps everything is that it is not used.
    if (text_of(build.message().header()[9][2]) == "A29") patient->root()["active"].json("false");
    apply(build, pid, pid_rows, *patient);
    // PID-12, withdrawn in 2.3: the county of an address that names none.
    if (const auto said = text_of(pid[12][1]); !said.empty()) {
        const auto address = patient->root()["address"].first();
        if (!address.has("district")) address.set("district", said);
    }
    miss_unknown_fields(build, pid, {pid_rows});
    return *patient;
}

void map_patient_additions(Build& build, const Segment& pd1, Growing& patient) {
    apply(build, pd1, pd1_rows, patient);
    map_living_will(build, pd1, patient);
    miss_unknown_fields(build, pd1, {pd1_rows, living_will_rows});
}

}   // namespace ward::fhir::v2
