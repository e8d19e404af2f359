// SPDX-License-Identifier: Apache-2.0
// Who a patient has, who pays, and who he turned out to be: NK1, IN1, IN2, GT1, MRG.
#include <algorithm>
#include <array>

#include "fhir/v2/datatypes.hpp"
#include "fhir/v2/segments.hpp"

namespace ward::fhir::v2 {

namespace {

constexpr Fixed at_home{"use", R"("home")"};
constexpr Fixed at_work{"use", R"("work")"};

constexpr std::array contact_rows{
    Row{2, to::human_name, "name"},
    Row{3, to::codeable_concept, "relationship[]", {}, &codes::relationship},
    Row{4, to::address, "address"},
    Row{5, to::contact_point, "telecom[]"},
    Row{6, to::contact_point, "telecom[]", at_work},
    Row{7, to::codeable_concept, "relationship[]", {}, &codes::contact_role},
    Row{8, to::date_time, "period.start"},
    Row{9, to::date_time, "period.end"},
    Row{15, to::code, "gender", {}, &codes::administrative_sex},
    Row{40, to::contact_point, "telecom[]"},
    Row{41, to::contact_point, "telecom[]"},
};

constexpr std::array related_rows{
    Row{.field = 1},
    Row{.field = 13},   // the contact's organization
    Row{2, to::human_name, "name[]"},
    Row{3, to::codeable_concept, "relationship[]", {}, &codes::relationship},
    Row{4, to::address, "address[]"},
    Row{5, to::contact_point, "telecom[]"},
    Row{6, to::contact_point, "telecom[]", at_work},
    Row{7, to::codeable_concept, "relationship[]", {}, &codes::contact_role},
    Row{8, to::date_time, "period.start"},
    Row{9, to::date_time, "period.end"},
    Row{12, to::identifier, "identifier[]"},
    Row{15, to::code, "gender", {}, &codes::administrative_sex},
    Row{16, to::date, "birthDate"},
    Row{20, to::codeable_concept, "communication[].language"},
    Row{30, to::human_name, "name[]"},
    Row{31, to::contact_point, "telecom[]"},
    Row{32, to::address, "address[]"},
    Row{33, to::identifier, "identifier[]"},
    Row{37, to::social_security_number, "identifier[]"},
    Row{40, to::contact_point, "telecom[]"},
    Row{41, to::contact_point, "telecom[]"},
};

constexpr std::array payer_rows{
    Row{3, to::identifier, "identifier[]"},
    Row{5, to::address, "address[]"},
    Row{6, to::human_name, "contact[].name"},
    Row{7, to::contact_point, "telecom[]"},
};

constexpr std::array policy_holder_rows{
    Row{10, to::identifier, "identifier[]"},
};

constexpr std::array insured_rows{
    Row{16, to::human_name, "name[]"},
    Row{17, to::codeable_concept, "relationship[]", {}, &codes::relationship},
    Row{18, to::date, "birthDate"},
    Row{19, to::address, "address[]"},
    Row{43, to::code, "gender", {}, &codes::administrative_sex},
    Row{49, to::identifier, "identifier[]"},
};

/// An organization of which further fields tell.
void described(const Source& source, Element element, Place place, std::span<const Row> rows) {
    auto* const found = organization_named(source, element);
    if (found == nullptr) return;
    refer(place, *found);
    if (source.repetition == 0) apply(source.build, source.segment, rows, *found);
}

void payer(const Source& source, Element element, Place place) {
    described(source, element, place, payer_rows);
}

void policy_holder(const Source& source, Element element, Place place) {
    described(source, element, place, policy_holder_rows);
}

/// Each IN2 says them anew.
void number_alone(const Source& source, Element element, Place place) {
    const auto said = text_of(element);
    if (!source.build.patient()->root()["identifier"].has_element("value", said)) place.set("value", said);
}

/// IN1-8 and IN1-9: R4 wants a value of a class.
void plan_group(const Source& source, Element element, Place place) {
    place.at("type.coding[]").set("system", "http://terminology.hl7.org/CodeSystem/coverage-class");
    place["type"]["coding"].first().set("code", "group");
    place.set("value", text_of(element));
    place.set("name", text_of(first_of(source.segment[9])[1]));
}

constexpr std::array coverage_rows{
    Row{.field = 1},
    Row{2, to::coded_identifier, "identifier[]"},
    Row{4, payer, "payor[]"},
    Row{8, plan_group, "class[]"},
    Row{.field = 9},
    Row{11, policy_holder, "policyHolder"},
    Row{12, to::date, "period.start"},
    Row{13, to::date, "period.end"},
    Row{15, to::codeable_concept, "type"},
    Row{17, to::codeable_concept, "relationship", {}, &codes::subscriber_relationship},
    Row{22, to::positive, "order"},
    Row{36, to::text, "subscriberId"},
    Row{.field = 49, .convert = to::text, .path = "subscriberId", .unless = 36},
};

constexpr Fixed typed(std::string_view json) { return {"type", json}; }
// Numbers of the patient at the programmes of the United States, and at the insurer.
constexpr std::array patient_number_rows{
    Row{6, number_alone, "identifier[]",
        typed(R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MC"}]})")},
    Row{8, number_alone, "identifier[]",
        typed(R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v2-0203","code":"MA"}]})")},
};
constexpr std::array member_number_rows{Row{61, to::identifier, "identifier[]"}};

constexpr std::array guarantor_rows{
    Row{.field = 1},
    Row{2, to::identifier, "identifier[]"},
    Row{3, to::human_name, "name[]"},
    Row{5, to::address, "address[]"},
    Row{6, to::contact_point, "telecom[]", at_home},
    Row{7, to::contact_point, "telecom[]", at_work},
    Row{8, to::date, "birthDate"},
    Row{9, to::code, "gender", {}, &codes::administrative_sex},
    Row{11, to::codeable_concept, "relationship[]", {}, &codes::relationship},
    Row{12, to::social_security_number, "identifier[]"},
};
constexpr std::array self_rows{Row{.field = 1}, Row{.field = 2}, Row{.field = 11}};
constexpr std::array guarantee_rows{
    Row{13, to::date_time, "period.start"},
    Row{14, to::date_time, "period.end"},
    Row{21, to::organization, "party"},
};

constexpr std::array organization_contact_rows{
    Row{30, to::human_name, "name"},
    Row{31, to::contact_point, "telecom[]"},
    Row{32, to::address, "address"},
};

/// Patients become one (A18, A30, A34, A36, A39, A40), or one gets another number (A46, A47), under which
/// what was known of him goes on.
constexpr std::array<std::string_view, 8> merging_events{"A18", "A30", "A34", "A36",
                                                         "A39", "A40", "A46", "A47"};

/// More than its number?
bool says_something(const Segment& nk1) {
    for (std::size_t field = 2; field <= nk1.field_count(); ++field)
        if (!is_blank(nk1[field])) return true;
    return false;
}

/// NK1-13, and NK1-30 to 32 as whom to ask for there. It may have no name.
void write_organization(Build& build, const Segment& nk1, Place contact) {
    static constexpr Row row{.field = 13};
    auto* organization = organization_named({build, nk1, row}, first_of(nk1[13]));
    if (organization == nullptr && is_blank(nk1[30]) && is_blank(nk1[31]) && is_blank(nk1[32])) return;
    if (organization == nullptr)
        organization = build
                           .resource(ResourceType::organization,
                                     build.identity_in_message(ResourceType::organization, nk1, 13))
                           .resource;
    if (!organization->root().has("contact"))
        apply(build, nk1, organization_contact_rows, organization->root()["contact"].first());
    refer(contact["organization"], *organization);
}

/// Who has the insurance, if it is not the patient.
const Growing& insured(Build& build, const Segment& in1, const Growing& coverage, const Growing& patient) {
    const auto [person, is_new] =
        build.resource(ResourceType::related_person,
                       build.identity(ResourceType::related_person, {"insured", coverage.identity}));
    if (is_new) {
        refer(person->root()["patient"], patient);
        apply(build, in1, insured_rows, *person);
    }
    return *person;
}

}   // namespace

void map_next_of_kin(Build& build, const Segment& nk1, Growing& patient) {
    if (!says_something(nk1)) return;
    const auto contact = patient.root().at("contact[]");
    apply(build, nk1, contact_rows, contact);
    write_organization(build, nk1, contact);
    // A set id is the person's place in the list, which is all that senders keep the same.
    const auto set_id = text_of(nk1[1]);
    auto identity = set_id.empty() ? build.identity_in_message(ResourceType::related_person, nk1)
                                   : build.identity(ResourceType::related_person, {patient.identity, set_id});
    const auto [related, is_new] = build.resource(ResourceType::related_person, std::move(identity));
    if (!is_new) return;
    refer(related->root()["patient"], patient);
    apply(build, nk1, related_rows, *related);
    miss_unknown_fields(build, nk1, {contact_rows, related_rows});
}

bool map_guarantor(Build& build, const Segment& gt1, const Chart& chart) {
    if (chart.account == nullptr) return false;
    const auto relationship = lowered(text_of(gt1[11][1]));
    const bool is_patient = relationship == "sel" || relationship == "self";
    if (!is_patient && is_blank(gt1[3]) && is_blank(gt1[21])) return false;
    const auto guarantor = chart.account->root().at("guarantor[]");
    apply(build, gt1, guarantee_rows, guarantor);
    if (is_patient) {
        refer(guarantor["party"], *chart.patient);
        miss_unknown_fields(build, gt1, {guarantee_rows, self_rows});
        return true;
    }
    if (!is_blank(gt1[3])) {
        const auto number = text_of(gt1[2][1]);
        auto identity = number.empty()
                            ? build.identity(ResourceType::related_person,
                                             {"guarantor", chart.patient->identity, text_of(gt1[1])})
                            : build.identity(ResourceType::related_person,
                                             {"guarantor", chart.patient->identity,
                                              build.name_space(authority_of(gt1[2][4])), number});
        const auto [person, is_new] = build.resource(ResourceType::related_person, std::move(identity));
        refer(guarantor["party"], *person);
        if (is_new) {
            refer(person->root()["patient"], *chart.patient);
            apply(build, gt1, guarantor_rows, *person);
        }
        if (!is_blank(gt1[21])) build.miss(gt1, 21, UnmappedReason::repetition);
    }
    miss_unknown_fields(build, gt1, {guarantee_rows, guarantor_rows});
    return true;
}

void map_insurance_additions(Build& build, const Segment& in2, const Chart& chart, Growing& coverage) {
    apply(build, in2, patient_number_rows, *chart.patient);
    apply(build, in2, member_number_rows, coverage);
    miss_unknown_fields(build, in2, {patient_number_rows, member_number_rows});
}

Growing& map_insurance(Build& build, const Segment& in1, const Chart& chart) {
    const auto plan = text_of(in1[2][1]);
    auto identity =
        plan.empty() ? build.identity_in_message(ResourceType::coverage, in1)
                     : build.identity(ResourceType::coverage,
                                      {chart.patient->identity, plan, text_of(in1[3][1]), text_of(in1[36])});
    const auto [coverage, is_new] = build.resource(ResourceType::coverage, std::move(identity));
    if (!is_new) return *coverage;
    const auto root = coverage->root();
    const auto payer = text_of(in1[3][1]);
    root.set("status", "active");   // R4 wants one; IN1 is sent of what is in force
    apply(build, in1, coverage_rows, *coverage);
    // R4 wants a payer; who has no name has the number of IN1-3.
    if (!root.has("payor")) root.at("payor[].display").text(payer.empty() ? "unknown" : payer);
    refer(root["beneficiary"], *chart.patient);
    const auto relationship = lowered(text_of(in1[17][1]));
    if (relationship.empty()) {   // who is insured is not said, and so not whose the rest is
        miss_unknown_fields(build, in1, {coverage_rows, payer_rows, policy_holder_rows});
        return *coverage;
    }
    refer(root["subscriber"], relationship == "sel" || relationship == "self"
                                  ? *chart.patient
                                  : insured(build, in1, *coverage, *chart.patient));
    miss_unknown_fields(build, in1, {coverage_rows, payer_rows, policy_holder_rows, insured_rows});
    return *coverage;
}

void map_merge(Build& build, const Segment& mrg, const Chart& chart) {
    // MRG also stands in messages that move a visit or an account (A43 to A45): those merge nobody.
    const auto event = text_of(build.message().header()[9][2]);
    if (std::ranges::find(merging_events, std::string_view{event}) == merging_events.end())
        return build.miss(mrg, 0, UnmappedReason::no_place);
    for (const std::size_t list : {1U, 4U}) {
        auto subsumed = patient_identity(build, mrg[list]);
        if (subsumed.empty()) continue;
        if (chart.patient == nullptr) return build.miss(mrg, 0, UnmappedReason::no_place);
        if (subsumed == chart.patient->identity) return;
        Draft identifiers;
        for (const auto element : mrg[list].repetitions())
            write_identifier(build, {text_of(element[1]), authority_of(element[4]), text_of(element[5])},
                             identifiers.root().at("identifier[]"));
        build.merge(chart.patient->identity, std::move(subsumed), std::move(identifiers));
        const Row taken{.field = list};
        return miss_unknown_fields(build, mrg, {std::span{&taken, 1}});
    }
    build.miss(mrg, 1, UnmappedReason::invalid_value);
}

}   // namespace ward::fhir::v2
