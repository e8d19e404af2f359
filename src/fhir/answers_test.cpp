// SPDX-License-Identifier: Apache-2.0
// The resources that Ward itself writes: OperationOutcome, CapabilityStatement, AuditEvent.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "fhir/audit_event.hpp"
#include "fhir/capability.hpp"
#include "fhir/outcome.hpp"
#include "fhir/query.hpp"
#include "fhir/search_parameters.hpp"
#include "fhir/values.hpp"

namespace ward::fhir {
namespace {

const Time time{std::chrono::milliseconds{1'767'225'600'123}};

json::Document parsed(std::string text) {
    auto document = json::Document::parse(std::move(text));
    EXPECT_TRUE(document) << document.error().what;
    return *std::move(document);
}

json::Value item(json::Value array, std::size_t index) {
    auto each = array.items().begin();
    while (index-- > 0) ++each;
    return *each;
}

TEST(Outcome, SaysWhatIsWrongAndWhere) {
    const auto outcome = parsed(operation_outcome({IssueType::not_supported, "no \"such\" thing", "colour"}));
    EXPECT_EQ(outcome["resourceType"].text(), "OperationOutcome");
    const auto issue = item(outcome["issue"], 0);
    EXPECT_EQ(issue["severity"].text(), "error");
    EXPECT_EQ(issue["code"].text(), "not-supported");
    EXPECT_EQ(issue["diagnostics"].text(), "no \"such\" thing");
    EXPECT_EQ(item(issue["expression"], 0).text(), "colour");
}

TEST(Outcome, HoldsSeveralIssues) {
    const std::array issues{Issue{IssueType::invalid, "a", ""}, Issue{IssueType::transient, "b", ""}};
    const auto outcome = parsed(operation_outcome(issues, Severity::warning));
    EXPECT_EQ(outcome["issue"].size(), 2u);
    EXPECT_FALSE(item(outcome["issue"], 1)["expression"].exists());
    EXPECT_EQ(item(outcome["issue"], 1)["severity"].text(), "warning");
}

TEST(Capability, ListsWhatTheTablesHold) {
    const auto statement = parsed(capability_statement(
        {.base_url = "https://ward.example/fhir", .software_version = "9", .date = time}));
    EXPECT_EQ(statement["fhirVersion"].text(), "4.0.1");
    EXPECT_EQ(statement["implementation"]["url"].text(), "https://ward.example/fhir");
    const auto rest = item(statement["rest"], 0);
    EXPECT_EQ(rest["resource"].size(), resource_types().size());
    EXPECT_EQ(rest["interaction"].size(), 2u);
    for (const auto resource : rest["resource"].items()) {
        const auto type = resource_type(resource["type"].text());
        ASSERT_TRUE(type);
        EXPECT_EQ(resource["interaction"].size(), has_type_history(*type) ? 9U : 8U);
        for (const auto parameter : resource["searchParam"].items()) {
            const auto* row = search_parameter(*type, parameter["name"].text());
            ASSERT_NE(row, nullptr);
            EXPECT_TRUE(is_supported(*row));
            EXPECT_EQ(parameter["type"].text(), name_of(row->type));
        }
        EXPECT_GT(resource["searchInclude"].size(), 0u);
        for (const auto name : resource["searchRevInclude"].items()) {
            const auto query =
                parse_query(*type, std::vector<FormField>{{"_revinclude", std::string{name.text()}}});
            EXPECT_TRUE(query) << name.text();
        }
    }
}

constexpr std::array<std::string_view, 1> one_patient{"p1"};
constexpr std::array<std::string_view, 1> one_entity{"Observation/o1/_history/1"};

AuditFactsView facts(Interaction interaction) {
    return {.id = "e1",
            .version_id = "1",
            .time = time,
            .interaction = interaction,
            .outcome = AuditOutcome::success,
            .outcome_description = {},
            .user_id = "nurse-7",
            .user_name = "Invented \"Nurse\"",
            .client_id = "app",
            .client_address = "192.0.2.7",
            .purpose = "TREAT",
            .server_url = "https://ward.example/fhir",
            .source_site = "here",
            .patients = one_patient,
            .entities = one_entity,
            .query = {},
            .request_id = "r-1"};
}

json::Document event(const AuditFactsView& view) {
    std::string out;
    write_audit_event(view, out);
    return parsed(std::move(out));
}

std::string profile_of(const json::Document& audit) {
    const auto profiles = audit["meta"]["profile"];
    if (profiles.size() == 0) return "";
    const auto url = item(profiles, 0).text();
    return std::string{url.substr(url.rfind('.') + 1)};
}

// IHE BALP, PatientRead: client, server and user as agents; patient, data and transaction as entities.
TEST(AuditEvent, OfAReadFollowsBalpsPattern) {
    const auto audit = event(facts(Interaction::read));
    EXPECT_EQ(profile_of(audit), "PatientRead");
    EXPECT_EQ(audit["action"].text(), "R");
    EXPECT_EQ(audit["outcome"].text(), "0");
    EXPECT_EQ(audit["recorded"].text(), "2026-01-01T00:00:00.123Z");
    EXPECT_EQ(item(audit["subtype"], 0)["code"].text(), "read");
    ASSERT_EQ(audit["agent"].size(), 3u);
    const auto role = [&](std::size_t i) {
        return item(item(audit["agent"], i)["type"]["coding"], 0)["code"].text();
    };
    EXPECT_EQ(role(0), "110152");
    EXPECT_EQ(role(1), "110153");
    EXPECT_EQ(role(2), "IRCP");
    EXPECT_EQ(item(audit["agent"], 2)["name"].text(), "Invented \"Nurse\"");
    EXPECT_EQ(item(audit["agent"], 2)["requestor"].boolean(), true);
    ASSERT_EQ(audit["entity"].size(), 3u);
    EXPECT_EQ(item(audit["entity"], 0)["what"]["reference"].text(), "Patient/p1");
    EXPECT_EQ(item(audit["entity"], 1)["what"]["reference"].text(), "Observation/o1/_history/1");
    EXPECT_EQ(item(audit["entity"], 2)["what"]["identifier"]["value"].text(), "r-1");
}

// BALP, PatientQuery: the request in base64; the issue asks for each resource that was returned as well.
TEST(AuditEvent, OfASearchHoldsTheRequestAndEachResult) {
    auto view = facts(Interaction::search_type);
    view.query = "Observation?patient=p1";
    const auto audit = event(view);
    EXPECT_EQ(profile_of(audit), "PatientQuery");
    EXPECT_EQ(audit["action"].text(), "E");
    ASSERT_EQ(audit["entity"].size(), 4u);
    EXPECT_EQ(item(audit["entity"], 1)["type"]["code"].text(), "Observation");
    EXPECT_EQ(item(audit["entity"], 2)["query"].text(), "T2JzZXJ2YXRpb24/cGF0aWVudD1wMQ==");
    EXPECT_EQ(item(audit["entity"], 2)["role"]["code"].text(), "24");
}

TEST(AuditEvent, ClaimsAProfileOnlyWhereItHolds) {
    EXPECT_EQ(profile_of(event(facts(Interaction::create))), "PatientCreate");
    EXPECT_EQ(profile_of(event(facts(Interaction::update))), "PatientUpdate");
    EXPECT_EQ(profile_of(event(facts(Interaction::remove))), "PatientDelete");
    EXPECT_EQ(profile_of(event(facts(Interaction::history_instance))), "");
    auto view = facts(Interaction::read);
    view.patients = {};
    EXPECT_EQ(profile_of(event(view)), "Read");
    view.outcome = AuditOutcome::serious_failure;
    EXPECT_EQ(profile_of(event(view)), "");
    constexpr std::array<std::string_view, 2> two{"p1", "p2"};
    view = facts(Interaction::read);
    view.patients = two;
    EXPECT_EQ(profile_of(event(view)), "");
}

TEST(AuditEvent, OfARefusalSaysWhyAndNamesNobodyUnproven) {
    const auto audit = event({.id = "e2",
                              .version_id = {},
                              .time = time,
                              .interaction = Interaction::search_type,
                              .outcome = AuditOutcome::serious_failure,
                              .outcome_description = "no token",
                              .user_id = {},
                              .user_name = {},
                              .client_id = {},
                              .client_address = "192.0.2.7",
                              .purpose = {},
                              .server_url = {},
                              .source_site = {},
                              .patients = {},
                              .entities = {},
                              .query = {},
                              .request_id = {}});
    EXPECT_EQ(audit["outcome"].text(), "8");
    EXPECT_EQ(audit["outcomeDesc"].text(), "no token");
    EXPECT_EQ(audit["agent"].size(), 2u);
    EXPECT_EQ(item(audit["agent"], 0)["requestor"].boolean(), true);
    EXPECT_FALSE(audit["entity"].exists());
    EXPECT_FALSE(audit["meta"].exists());
}

// Every interaction's pattern stands in the table under its own name.
TEST(AuditEvent, KnowsEveryInteraction) {
    EXPECT_EQ(code_of(Interaction::read), "read");
    EXPECT_EQ(code_of(Interaction::remove), "delete");
    EXPECT_EQ(code_of(Interaction::search_type), "search-type");
    EXPECT_EQ(code_of(Interaction::transaction), "transaction");
    EXPECT_EQ(code_of(Interaction::other), "other");
    EXPECT_EQ(action_of(Interaction::create), AuditAction::create);
    EXPECT_EQ(item(event(facts(Interaction::token))["subtype"], 0)["code"].text(), "110122");
    EXPECT_EQ(item(event(facts(Interaction::detach))["subtype"], 0)["code"].text(), "110125");
    EXPECT_EQ(item(event(facts(Interaction::attach))["subtype"], 0)["code"].text(), "110124");
    EXPECT_EQ(event(facts(Interaction::attach))["type"]["code"].text(), "110108");
    EXPECT_FALSE(event(facts(Interaction::other))["subtype"].exists());
}

// An AuditEvent is itself searched by patient and date.
TEST(AuditEvent, IsFoundByPatientAndDate) {
    const auto audit = event(facts(Interaction::read));
    const auto values = index_values(ResourceType::audit_event, audit.root());
    const auto has = [&](std::string_view code) {
        return std::any_of(values->begin(), values->end(),
                           [&](const IndexedValue& value) { return value.parameter->code == code; });
    };
    for (const auto* code :
         {"patient", "date", "entity", "action", "outcome", "agent-name", "address", "site"})
        EXPECT_TRUE(has(code)) << code;
}

}   // namespace
}   // namespace ward::fhir
