// SPDX-License-Identifier: Apache-2.0
#include "policy/policy.hpp"

#include <gtest/gtest.h>

namespace ward::policy {
namespace {

using fhir::ResourceType;

constexpr std::string_view hospital = R"(ward policy 1
# A small hospital.
relation in-care is Encounter?participant={me}&status=arrived,in-progress
relation in-care is CareTeam?participant={me}&status=active

role nurse may read, search everything of patients in-care for TREAT
role nurse may create, update Observation of patients in-care for TREAT
role registrar may read, search, create, update Patient, Encounter of any patient
client lab-system may create Observation of any patient
anyone may read, search Practitioner, Organization of no patient
anyone may read, search everything of themselves for PATRQT
role physician may break the glass for ETREAT, BTG during 60 minutes with review within 72 hours
role privacy-officer may review broken glass
)";

Policy policy_of(std::string_view text) { return Policy::parse(text).value(); }

/// Whether a nurse and others may; `care` is the patient who is in their care.
bool may(const Actor& actor, Action action, std::string_view type, const std::vector<std::string>& patients,
         std::string_view care = {}) {
    return policy_of(hospital).rule_for(
               actor, action, *fhir::resource_type(type), patients,
               [&](const Relation&, const std::string& patient) { return patient == care; }) != nullptr;
}

Actor with_role(std::string role, std::string purpose = "TREAT") {
    return {.user = "u1",
            .client = "c1",
            .fhir_user = "Practitioner/n1",
            .patient = {},
            .roles = {std::move(role)},
            .purpose = std::move(purpose)};
}

std::string complaint(std::string_view statement) {
    const auto policy = Policy::parse("ward policy 1\n" + std::string{statement});
    return policy ? "" : policy.error().what;
}

TEST(Policy, PermitsNothingThatNoRuleSays) {
    EXPECT_FALSE(may(with_role("cleaner"), Action::read, "Patient", {"p1"}, "p1"));
    EXPECT_FALSE(may({}, Action::read, "Observation", {"p1"}));
    EXPECT_FALSE(Policy{}.could(with_role("nurse"), Action::read, ResourceType::patient));
    EXPECT_FALSE(may(with_role("nurse"), Action::remove, "Observation", {"p1"}, "p1"));
}

TEST(Policy, ATreatmentRelationIsToOnePatient) {
    EXPECT_TRUE(may(with_role("nurse"), Action::read, "Observation", {"p1"}, "p1"));
    EXPECT_FALSE(may(with_role("nurse"), Action::read, "Observation", {"p2"}, "p1"));
    EXPECT_FALSE(may(with_role("nurse"), Action::read, "Observation", {}, "p1"));
}

TEST(Policy, APurposeMustBeStatedWhereARuleAsksForOne) {
    EXPECT_FALSE(may(with_role("nurse", "HRESCH"), Action::read, "Observation", {"p1"}, "p1"));
    EXPECT_FALSE(may(with_role("nurse", ""), Action::read, "Observation", {"p1"}, "p1"));
    EXPECT_TRUE(may(with_role("registrar", ""), Action::update, "Patient", {"p1"}));
}

TEST(Policy, PatientsMayReadThemselves) {
    Actor patient{.user = "amal",
                  .client = "app",
                  .fhir_user = "Patient/p1",
                  .patient = {},
                  .roles = {},
                  .purpose = "PATRQT"};
    EXPECT_TRUE(may(patient, Action::read, "Observation", {"p1"}));
    EXPECT_FALSE(may(patient, Action::read, "Observation", {"p2"}));
    patient.fhir_user = {};
    EXPECT_FALSE(may(patient, Action::read, "Observation", {"p1"}));
    patient.patient = "p1";
    EXPECT_TRUE(may(patient, Action::read, "Observation", {"p1"}));
    patient.fhir_user = "RelatedPerson/r1";
    EXPECT_TRUE(may(patient, Action::read, "Observation", {"p1"}));
    patient.fhir_user = "Practitioner/d1";
    EXPECT_FALSE(may(patient, Action::read, "Observation", {"p1"})) << "the chart that is open";
}

TEST(Policy, WhatLiesInSeveralChartsIsSeenFromEachAndWrittenIntoAll) {
    const auto nurse = with_role("nurse");
    EXPECT_TRUE(may(nurse, Action::read, "Observation", {"p1", "p2"}, "p1"));
    EXPECT_FALSE(may(nurse, Action::create, "Observation", {"p1", "p2"}, "p1"));
    EXPECT_FALSE(may(nurse, Action::update, "Observation", {"p2", "p1"}, "p1"));
    EXPECT_TRUE(may(nurse, Action::update, "Observation", {"p1"}, "p1"));
    EXPECT_TRUE(may(nurse, Action::read, "AuditEvent", {"p1"}, "p1"));
    EXPECT_FALSE(may(nurse, Action::read, "AuditEvent", {"p1", "p2"}, "p1")) << "it tells of both";
}

TEST(Policy, ClientsAndUsersAreNamed) {
    Actor lab{.user = {}, .client = "lab-system", .fhir_user = {}, .patient = {}, .roles = {}, .purpose = {}};
    EXPECT_TRUE(may(lab, Action::create, "Observation", {"p1"}));
    EXPECT_FALSE(may(lab, Action::read, "Observation", {"p1"}));
    lab.user = "lab-system";
    lab.client = "other";
    EXPECT_FALSE(may(lab, Action::create, "Observation", {"p1"})) << "a user of that name is another one";
}

TEST(Policy, WhatIsInNoChartHasItsOwnRules) {
    EXPECT_TRUE(may(with_role("cleaner"), Action::read, "Practitioner", {}));
    EXPECT_FALSE(may(with_role("registrar"), Action::update, "Patient", {}));
}

TEST(Policy, KnowsWhoMayWhateverTheRecordIs) {
    const auto policy = policy_of(
        "ward policy 1\nrole a may read Patient of any patient\nrole a may read Patient of no patient\n"
        "role b may read Patient of any patient\nrole a may read Practitioner of no patient\n");
    EXPECT_TRUE(policy.may_always(with_role("a"), Action::read, ResourceType::patient));
    EXPECT_FALSE(policy.may_always(with_role("b"), Action::read, ResourceType::patient));
    EXPECT_TRUE(policy.may_always(with_role("a"), Action::read, ResourceType::practitioner));
}

TEST(Policy, SaysWhoMayBreakTheGlassAndWhoReviewsIt) {
    const auto policy = policy_of(hospital);
    const auto* rule = policy.glass_rule_for(with_role("physician"), "BTG");
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->lasts, std::chrono::minutes{60});
    EXPECT_EQ(rule->review_within, std::chrono::hours{72});
    EXPECT_EQ(policy.glass_rule_for(with_role("physician"), "TREAT"), nullptr);
    EXPECT_EQ(policy.glass_rule_for(with_role("nurse"), "BTG"), nullptr);
    EXPECT_TRUE(policy.may_review(with_role("privacy-officer")));
    EXPECT_FALSE(policy.may_review(with_role("physician")));
}

TEST(Policy, NamesTheRuleByWhichSomethingIsAllowed) {
    const auto policy = policy_of(hospital);
    const auto* rule = policy.rule_for(with_role("registrar"), Action::read, ResourceType::patient, {"p1"},
                                       [](const Relation&, const std::string&) { return false; });
    ASSERT_NE(rule, nullptr);
    EXPECT_EQ(rule->line, 8U);
    EXPECT_EQ(rule->text,
              "role registrar may read, search, create, update Patient, Encounter of any patient");
}

TEST(Policy, NamesTheLineOfAMistake) {
    EXPECT_EQ(complaint("role nurse may reed Patient of any patient").substr(0, 15), "line 2: expecte");
    EXPECT_EQ(complaint("role nurse may read Patients of any patient"),
              "line 2: expected 'everything' or names of resource types, with commas between");
    EXPECT_EQ(complaint("role nurse may read Patient of anybody"),
              "line 2: expected 'any patient', 'no patient', 'themselves' or 'patients RELATION'");
    EXPECT_EQ(complaint("role nurse may read Patient of any patient for FUN"),
              "line 2: a purpose is a code of v3-PurposeOfUse, such as TREAT");
    EXPECT_EQ(complaint("role nurse may read Patient of patients in-care"),
              "line 2: no relation 'in-care' is defined");
    EXPECT_EQ(complaint("role nurse may read Patient of any patient please"),
              "line 2: there is more than a statement on this line");
    EXPECT_EQ(complaint("nurses may read"),
              "line 2: a statement begins with role, user, client, anyone or relation");
    EXPECT_EQ(complaint("role , may read Patient of any patient"), "line 2: role needs a name");
    EXPECT_NE(complaint("relation x is Practitioner?_id={me}"), "");
    EXPECT_NE(complaint("relation x is Encounter?participant=Practitioner/x"), "");
    EXPECT_NE(complaint("relation x is Encounter?participent={me}"), "");
    EXPECT_NE(complaint("relation x is CareTeam?participant:not={me}"), "");
    EXPECT_NE(complaint("relation x is CareTeam?participant={me},Practitioner/x"), "");
    EXPECT_NE(complaint("relation x is CareTeam?participant={me}&subject={me},Patient/p1"), "");
    EXPECT_NE(complaint("relation x is CareTeam?participant=Practitioner/x&identifier={me}x"), "");
    EXPECT_EQ(complaint("relation x is CareTeam?participant:Practitioner={me}&status=active"), "");
    EXPECT_NE(complaint("role a may break the glass for BTG during 0 minutes with review within 1 hours"),
              "");
    EXPECT_EQ(Policy::parse("").error().code, Errc::malformed);
    EXPECT_EQ(Policy::parse("ward policy 2\n").error().code, Errc::malformed);
}

TEST(Policy, HasLimits) {
    const Limits limits{.text_bytes_max = 200, .statements_max = 2, .list_max = 2};
    const std::string rule = "anyone may read everything of no patient\n";
    EXPECT_TRUE(Policy::parse("ward policy 1\n" + rule + rule, limits));
    EXPECT_EQ(Policy::parse("ward policy 1\n" + rule + rule + rule, limits).error().code,
              Errc::limit_exceeded);
    EXPECT_FALSE(Policy::parse("ward policy 1\nanyone may read A, B, C of no patient", limits));
    EXPECT_EQ(Policy::parse(std::string(201, '#'), limits).error().code, Errc::limit_exceeded);
}

}   // namespace
}   // namespace ward::policy
