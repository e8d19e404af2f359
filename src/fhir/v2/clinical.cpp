// SPDX-License-Identifier: Apache-2.0
// AL1 and IAM as AllergyIntolerance, DG1 as Condition, PR1 as Procedure.
#include <algorithm>
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

/// Table 0127 mixes the two.
void type_and_category(const Source& source, Element element, Place root) {
    const auto said = text_of(element[1]);
    const auto* const type = codes::allergy_type.find(said);
    const auto* const category = codes::allergy_category.find(said);
    if (type != nullptr) root.set("type", type->code);
    if (category != nullptr) root["category"].append().text(category->code);
    if (type == nullptr && category == nullptr && !said.empty()) source.miss(UnmappedReason::unknown_code);
}

// Both say the same of an allergen, at the same places.
constexpr std::array allergen_rows{
    Row{.field = 1},
    Row{2, type_and_category, ""},
    Row{3, to::codeable_concept, "code"},
    Row{4, to::code, "criticality", {}, &codes::allergy_criticality},
};

constexpr std::array al1_rows{
    Row{5, to::concept_text, "reaction[].manifestation[]"},
    Row{6, to::date_time, "onsetDateTime"},
};

constexpr std::array iam_rows{
    Row{5, to::concept_text, "reaction[].manifestation[]"},
    Row{.field = 6},   // verificationStatus
    Row{7, to::entity_identifier, "identifier[]"},
    Row{11, to::date_time, "onsetDateTime"},
    Row{.field = 12, .convert = to::text, .path = "onsetString", .unless = 11},
    Row{13, to::date_time, "recordedDate"},
    Row{.field = 17},   // clinicalStatus
};

struct AllergyStatus {
    std::string_view from;
    std::string_view clinical;   // none of what was an error (R4, ait-2)
    std::string_view verification;
};
// Table 0438, and what FHIR has itself.
constexpr std::array<AllergyStatus, 10> allergy_statuses{{{"C", "active", "confirmed"},
                                                          {"I", "inactive", "confirmed"},
                                                          {"U", "active", "unconfirmed"},
                                                          {"P", "active", "unconfirmed"},
                                                          {"S", "active", "unconfirmed"},
                                                          {"D", "active", "unconfirmed"},
                                                          {"E", {}, "entered-in-error"},
                                                          {"active", "active", {}},
                                                          {"inactive", "inactive", {}},
                                                          {"resolved", "resolved", {}}}};

constexpr std::array dg1_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::codeable_concept, "code"},
    Row{4, to::text, "code.text"},
    Row{5, to::date_time, "onsetDateTime"},
    Row{.field = 6},    // Encounter.diagnosis.use
    Row{.field = 15},   // Encounter.diagnosis.rank
    Row{16, to::practitioner, "asserter"},
    Row{19, to::date_time, "recordedDate"},
    Row{20, to::entity_identifier, "identifier[]"},
    Row{.field = 21},   // verificationStatus
};

constexpr std::array use_rows{
    Row{6, to::codeable_concept, "use", {}, &codes::diagnosis_type},
    Row{15, to::positive, "rank"},
};

constexpr Fixed surgeon{"function", R"({"coding":[{"system":"http://snomed.info/sct","code":"304292004"}]})"};
constexpr Fixed anaesthetist{"function",
                             R"({"coding":[{"system":"http://snomed.info/sct","code":"88189002"}]})"};

constexpr std::array pr1_rows{
    Row{.field = 1},
    Row{.field = 2},
    Row{3, to::codeable_concept, "code"},
    Row{4, to::text, "code.text"},
    Row{5, to::date_time, "performedDateTime"},
    Row{6, to::codeable_concept, "category"},
    Row{8, to::practitioner, "performer[].actor", anaesthetist},
    Row{11, to::practitioner, "performer[].actor", surgeon},
    Row{12, to::practitioner, "performer[].actor"},
    Row{15, to::codeable_concept, "reasonCode[]"},
    Row{19, to::entity_identifier, "identifier[]"},
    Row{.field = 20},   // status
    Row{23, to::location, "location"},
};

/// DG1-2 and PR1-2, withdrawn in 2.7: the system of a code that names none itself.
void write_coding_method(const Segment& segment, Place root) {
    if (is_blank(segment[3][1]) || !is_blank(segment[3][3])) return;
    root.at("code.coding").first().set("system", code_system_uri(text_of(segment[2][1])));
}

/// By its own number where the segment has one; otherwise by patient and code.
std::string identity_of(const Build& build, ResourceType type, const Segment& segment, Element number,
                        const Chart& chart, Element code) {
    if (const auto value = text_of(number[1]); !value.empty()) {
        const auto authority = authority_of(number, 2);
        return build.identity(type, {build.name_space(authority), value});
    }
    auto said = text_of(code[1]);
    if (said.empty()) said = text_of(code[2]);
    if (said.empty()) return build.identity_in_message(type, segment);
    return build.identity(type,
                          {chart.patient->identity,
                           chart.encounter == nullptr ? "" : std::string_view{chart.encounter->identity},
                           text_of(code[3]), said});
}

void write_allergy_status(const AllergyStatus& status, Growing& allergy) {
    const auto write = [&](std::string_view name, std::string_view system, std::string_view code) {
        if (code.empty()) return;
        const auto coding = allergy.root()[name].at("coding[]");
        coding.set("system", system);
        coding.set("code", code);
    };
    write("clinicalStatus", "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
          status.clinical);
    write("verificationStatus", "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
          status.verification);
    if (status.clinical.empty()) allergy.cleared.push_back("clinicalStatus");
}

Growing* allergy(Build& build, const Segment& segment, Element number, const Chart& chart) {
    // An allergy is the patient's, not a visit's.
    const auto [resource, is_new] =
        build.resource(ResourceType::allergy_intolerance,
                       identity_of(build, ResourceType::allergy_intolerance, segment, number,
                                   {.patient = chart.patient, .encounter = nullptr}, segment[3]));
    if (!is_new) return nullptr;
    refer(resource->root()["patient"], *chart.patient);
    apply(build, segment, allergen_rows, *resource);
    return resource;
}

}   // namespace

void map_allergy(Build& build, const Segment& al1, const Chart& chart) {
    auto* const resource = allergy(build, al1, {}, chart);
    if (resource == nullptr) return;
    write_allergy_status({{}, "active", {}}, *resource);
    apply(build, al1, al1_rows, *resource);
    miss_unknown_fields(build, al1, {allergen_rows, al1_rows});
}

void map_adverse_reaction(Build& build, const Segment& iam, const Chart& chart) {
    auto* const resource = allergy(build, iam, iam[7], chart);
    if (resource == nullptr) return;
    const auto action = text_of(iam[6][1]);   // table 0206
    const auto said = action == "D" ? std::string{"E"} : text_of(iam[17][1]);
    const auto* const status = std::ranges::find(allergy_statuses, said, &AllergyStatus::from);
    const bool is_known = status != allergy_statuses.end();
    if (!is_known && !said.empty()) build.miss(iam, 17, UnmappedReason::unknown_code);
    write_allergy_status(is_known ? *status : AllergyStatus{{}, "active", {}}, *resource);
    if (!is_blank(iam[11]) && !is_blank(iam[12])) build.miss(iam, 12, UnmappedReason::repetition);
    // What is entered anew is no error any more.
    if (action == "A") resource->cleared.push_back("verificationStatus");
    apply(build, iam, iam_rows, *resource);
    miss_unknown_fields(build, iam, {allergen_rows, iam_rows});
}

void map_diagnosis(Build& build, const Segment& dg1, const Chart& chart) {
    const auto [condition, is_new] = build.resource(
        ResourceType::condition, identity_of(build, ResourceType::condition, dg1, dg1[20], chart, dg1[3]));
    if (!is_new) return;
    const auto root = condition->root();
    refer(root["subject"], *chart.patient);
    apply(build, dg1, dg1_rows, *condition);
    write_coding_method(dg1, root);
    if (text_of(dg1[21][1]) == "D") {
        const auto coding = root.at("verificationStatus.coding[]");
        coding.set("system", "http://terminology.hl7.org/CodeSystem/condition-ver-status");
        coding.set("code", "entered-in-error");
    }
    miss_unknown_fields(build, dg1, {dg1_rows});
    if (chart.encounter == nullptr) return;
    refer(root["encounter"], *chart.encounter);
    const auto diagnosis = chart.encounter->root().at("diagnosis[]");
    refer(diagnosis["condition"], *condition);
    apply(build, dg1, use_rows, diagnosis);
}

void map_procedure(Build& build, const Segment& pr1, const Chart& chart) {
    const auto [procedure, is_new] = build.resource(
        ResourceType::procedure, identity_of(build, ResourceType::procedure, pr1, pr1[19], chart, pr1[3]));
    if (!is_new) return;
    const auto root = procedure->root();
    // PR1 reports what was done, and in PR1-20 that it was not.
    root.set("status", text_of(pr1[20][1]) == "D" ? "entered-in-error" : "completed");
    refer(root["subject"], *chart.patient);
    if (chart.encounter != nullptr) refer(root["encounter"], *chart.encounter);
    apply(build, pr1, pr1_rows, *procedure);
    write_coding_method(pr1, root);
    miss_unknown_fields(build, pr1, {pr1_rows});
}

}   // namespace ward::fhir::v2
