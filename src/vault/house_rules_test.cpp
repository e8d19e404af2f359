// SPDX-License-Identifier: Apache-2.0
// The policy, consents and broken glass, as they hold on what clients ask.
#include "vault/house_rules.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fhir/glass_event.hpp"
#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr std::string_view house = R"(ward policy 1
relation in-care is Encounter?participant={me}&status=in-progress
relation in-care is Patient?general-practitioner={me}
role nurse may read, search everything of patients in-care for TREAT
role nurse may create, update Observation of patients in-care for TREAT
role registrar may read, search, create, update, delete everything of any patient
role registrar may read, search, create, update, delete everything of no patient
role physician may read, search everything of patients in-care for TREAT, ETREAT
role physician may break the glass for ETREAT, BTG during 60 minutes with review within 24 hours
role privacy-officer may review broken glass
role privacy-officer may read, search AuditEvent of any patient
)";

class House : public ::testing::Test {
protected:
    House() {
        put("Patient/p1", R"({"resourceType":"Patient","id":"p1","name":[{"family":"Haddad"}]})");
        put("Patient/p2", R"({"resourceType":"Patient","id":"p2","name":[{"family":"Haddock"}],
            "generalPractitioner":[{"reference":"Practitioner/gp"}]})");
        put("Observation/o1", observation("o1", "p1", "718-7"));
        put("Observation/o2", observation("o2", "p2", "718-7"));
        admit("e1", "p1", "n1", "in-progress");
    }

    static std::string observation(std::string_view id, std::string_view patient, std::string_view code) {
        return fmt::format(R"({{"resourceType":"Observation","id":"{}","status":"final",
            "code":{{"coding":[{{"system":"http://loinc.org","code":"{}"}}]}},
            "subject":{{"reference":"Patient/{}"}}}})",
                           id, code, patient);
    }
    void put(std::string_view path, const std::string& body) {
        const auto stored = hospital_.put(path, body);
        ASSERT_LT(stored.status, 300) << stored.body;
    }
    void admit(std::string_view id, std::string_view patient, std::string_view nurse,
               std::string_view status) {
        put(fmt::format("Encounter/{}", id),
            fmt::format(R"({{"resourceType":"Encounter","id":"{}","status":"{}","class":{{"code":"IMP"}},
                "subject":{{"reference":"Patient/{}"}},
                "participant":[{{"individual":{{"reference":"Practitioner/{}"}}}}]}})",
                        id, status, patient, nurse));
    }
    void consent(std::string_view patient, std::string_view provision) {
        put("Consent/c1", fmt::format(R"({{"resourceType":"Consent","id":"c1","status":"active",
            "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],
            "patient":{{"reference":"Patient/{}"}},"provision":{}}})",
                                      patient, provision));
    }
    void become(std::string_view role, std::string_view id, std::string_view purpose = "TREAT") {
        hospital_.set_house(policy_, {.user = std::string{id},
                                      .client = "chart-viewer",
                                      .fhir_user = fmt::format("Practitioner/{}", id),
                                      .patient = {},
                                      .roles = {std::string{role}},
                                      .purpose = std::string{purpose}});
    }
    void become_without_policy(std::string_view fhir_user) {
        hospital_.set_house(nullptr, {.user = "u",
                                      .client = "app",
                                      .fhir_user = std::string{fhir_user},
                                      .patient = {},
                                      .roles = {},
                                      .purpose = "TREAT"});
    }
    http::Response break_glass(std::string_view patient, std::string_view purpose = "BTG",
                               std::string_view reason = "unconscious, allergies unknown") {
        return hospital_.post(fmt::format("Patient/{}/$break-glass", patient),
                              fmt::format(R"({{"resourceType":"Parameters","parameter":[
            {{"name":"purpose","valueCode":"{}"}},{{"name":"reason","valueString":"{}"}}]}})",
                                          purpose, reason));
    }
    http::Response review(std::string_view event, std::string_view finding = "appropriate") {
        return hospital_.post(fmt::format("AuditEvent/{}/$review", event),
                              fmt::format(R"({{"resourceType":"Parameters","parameter":[
            {{"name":"finding","valueCode":"{}"}}]}})",
                                          finding));
    }

    Hospital hospital_;
    std::shared_ptr<const policy::Policy> policy_ =
        std::make_shared<const policy::Policy>(policy::Policy::parse(house).value());
};

TEST_F(House, ANurseReadsThePatientsInCareAndNoOthers) {
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    EXPECT_EQ(hospital_.get("Observation/o2").status, 404);
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1,p2")), ElementsAre("o1"));
    EXPECT_THAT(ids_in(hospital_.get("Patient?name=had")), ElementsAre("p1"));
    EXPECT_THAT(hospital_.get("Patient?name=had&_count=0").body, HasSubstr(R"("total":1)"));
    become("nurse", "n2");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
}

TEST_F(House, CareEndsWithTheEncounter) {
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    become("registrar", "r1");
    admit("e1", "p1", "n1", "finished");
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
}

TEST_F(House, AnyRelationThatIsDefinedGives) {
    become("physician", "gp");
    EXPECT_EQ(hospital_.get("Observation/o2").status, 200);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
}

TEST_F(House, WhatNoRuleSaysIsForbidden) {
    become("cleaner", "x1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 403);
    EXPECT_EQ(hospital_.get("Observation/none").status, 403);
    become("nurse", "n1", "HRESCH");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 403) << "for another purpose";
    become("nurse", "n1");
    EXPECT_EQ(hospital_.remove("Observation/o1").status, 403);
}

TEST_F(House, WritesAreJudgedOnWhatIsThereAndWhatWouldBe) {
    become("nurse", "n1");
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p1", "x")).status, 201);
    EXPECT_EQ(hospital_.post("Observation", observation("n", "p2", "x")).status, 403);
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "p1", "y")).status, 200);
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "p2", "y")).status, 403);
    EXPECT_EQ(hospital_.put("Observation/o2", observation("o2", "p1", "y")).status, 404);
}

TEST_F(House, AScopeIsNeededBesideTheRule) {
    hospital_.set_scope("user/Patient.rs");
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Patient/p1").status, 200);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 403);
}

TEST_F(House, AConsentDeniesReadsSearchesAndEverything) {
    put("Observation/h1", observation("h1", "p1", "75622-1"));
    consent("p1", R"({"type":"permit","provision":[{"type":"deny",
        "code":[{"coding":[{"system":"http://loinc.org","code":"75622-1"}]}]}]})");
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/h1").status, 404);
    EXPECT_EQ(hospital_.get("Observation/h1/_history").status, 404);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1")), ElementsAre("o1"));
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1&code=75622-1")), IsEmpty());
    EXPECT_THAT(hospital_.get("Patient/p1/$everything").body, Not(HasSubstr("75622-1\"}]},\"subject")));
    EXPECT_EQ(hospital_.get("Observation/o2").status, 200) << "it is p1's consent";
}

TEST_F(House, ABinaryLiesInTheChartThatItsSecurityContextNames) {
    become_without_policy("Practitioner/d1");
    const auto scan = [this](std::string_view id, std::string_view context) {
        return hospital_.put(
            fmt::format("Binary/{}", id),
            fmt::format(R"({{"resourceType":"Binary","id":"{}","contentType":"text/plain","data":"aGI="{}}})",
                        id, context));
    };
    EXPECT_EQ(scan("b1", R"(,"securityContext":{"reference":"Patient/p1"})").status, 201);
    EXPECT_EQ(scan("b0", {}).status, 201);
    EXPECT_EQ(scan("b2", R"(,"securityContext":{"reference":"DocumentReference/d1"})").status, 400);
    EXPECT_EQ(hospital_.get("Binary/b1").status, 200);
    consent("p1", R"({"type":"deny"})");
    EXPECT_EQ(hospital_.get("Binary/b1").status, 404);
    EXPECT_EQ(hospital_.get("Binary/b0").status, 200) << "it is of nobody";
    EXPECT_THAT(hospital_.get("Binary").body, Not(HasSubstr("Binary/b1")));
}

TEST_F(House, AConsentToAPurposeOrActorIsKept) {
    consent("p1", R"({"type":"deny","provision":[{"type":"permit",
        "actor":[{"reference":{"reference":"Practitioner/d1"}}]}]})");
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    become_without_policy("Practitioner/d2");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
    EXPECT_EQ(hospital_.get("Patient/p1").status, 404);
    EXPECT_EQ(hospital_.get("Consent/c1").status, 200) << "what was consented to is no secret by itself";
    become_without_policy("Patient/p1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200) << "one's own chart";
}

TEST_F(House, TheTrailOfWhatAConsentHidesIsForTheRuleThatNamesItAndThePatient) {
    put("Provenance/v1", R"({"resourceType":"Provenance","id":"v1","recorded":"2026-11-22T09:00:00Z",
        "target":[{"reference":"Observation/o1"},{"reference":"Patient/p1"}],
        "agent":[{"who":{"reference":"Practitioner/n1"}}]})");
    consent("p1", R"({"type":"deny","code":[{"coding":[{"code":"718-7"}]}]})");
    const auto trail = [&] { return ids_in(hospital_.get("AuditEvent?patient=p1")); };
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Patient/p1").status, 200);
    EXPECT_THAT(trail(), IsEmpty());
    EXPECT_EQ(hospital_.get("Provenance/v1").status, 404);
    become("privacy-officer", "o1");
    EXPECT_THAT(trail(), Not(IsEmpty()));
    become_without_policy("Patient/p1");
    EXPECT_THAT(trail(), Not(IsEmpty()));
    EXPECT_EQ(hospital_.get("Provenance/v1").status, 200);
    become_without_policy("Practitioner/d1");
    EXPECT_THAT(trail(), IsEmpty());
    EXPECT_THAT(ids_in(hospital_.get("AuditEvent?patient=p2")), Not(IsEmpty())) << "it is p1's consent";
}

TEST_F(House, AConsentThatIsWithdrawnHoldsNoMore) {
    consent("p1", R"({"type":"deny"})");
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
    EXPECT_EQ(hospital_.remove("Consent/c1").status, 204);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
}

TEST_F(House, AConsentThatIsChangedHoldsAtOnceAndForAll) {
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    for (const auto* const ruling : {"deny", "permit", "deny"}) {
        consent("p1", fmt::format(R"({{"type":"{}"}})", ruling));
        const auto expected = std::string_view{ruling} == "deny" ? 404 : 200;
        EXPECT_EQ(hospital_.get("Observation/o1").status, expected) << ruling;
        EXPECT_EQ(hospital_.get("Observation/o1").status, expected) << "and the second time";
    }
    hospital_.close();
    hospital_.open();
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
}

// An answer without what could not be decided on would look like the whole chart.
TEST_F(House, WhatCannotBeLookedUpFailsTheRequest) {
    const auto fail_with = [&](Errc code, std::string patient) {
        hospital_.alter_questions([=](ChartQuestions& questions) {
            questions.consents = [=, ask = questions.consents](const std::string& one) -> Result<Consents> {
                if (one == patient) return fail(code, "not now");
                return ask(one);
            };
        });
    };
    become_without_policy("Practitioner/d1");
    fail_with(Errc::unavailable, "p1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 503);
    EXPECT_EQ(hospital_.get("Observation?patient=p1,p2").status, 503);
    EXPECT_EQ(hospital_.get("Patient/p1/$everything").status, 503);
    EXPECT_EQ(hospital_.get("Observation/o2").status, 200);
    const auto condition = hospital_.post("", R"({"resourceType":"Bundle","type":"transaction","entry":[
        {"resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient",
         "ifNoneExist":"name=Haddad"}}]})");
    EXPECT_EQ(condition.status, 503) << condition.body;
    fail_with(Errc::limit_exceeded, "p1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 429);
}

TEST_F(House, ARelationOrGlassThatCannotBeLookedUpFailsTheRequest) {
    hospital_.alter_questions([](ChartQuestions& questions) {
        questions.is_related = [](const auto&, const auto&) -> Result<bool> {
            return fail(Errc::unavailable, "not now");
        };
    });
    become("nurse", "n1");
    EXPECT_EQ(hospital_.get("Observation?patient=p1").status, 503);
    hospital_.alter_questions([](ChartQuestions& questions) {
        questions.open_glass = []() -> Result<std::vector<std::string>> {
            return fail(Errc::unavailable, "not now");
        };
    });
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    become("physician", "d1", "BTG");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 503);
}

// That the key of somebody else's chart is needed would tell what lies there.
TEST_F(House, WhoSeesOneChartIsNotToldOfTheKeysOfOthers) {
    put("Patient/p1", R"({"resourceType":"Patient","id":"p1","link":[
        {"other":{"reference":"Patient/p2"},"type":"seealso"}]})");
    hospital_.set_scope("patient/*.rs", "p1");
    hospital_.alter_questions([](ChartQuestions& questions) {
        questions.consents = [](const std::string& one) -> Result<Consents> {
            if (one == "p1") return std::make_shared<const std::vector<policy::Consent>>();
            return fail(Errc::limit_exceeded, "not now");
        };
    });
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Patient/p1").status, 404);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
}

// Who floods a chart with consents must not be rid of them.
TEST_F(House, MoreConsentsThanAreLookedAtDenyAll) {
    for (int i = 0; i <= 100; ++i)
        put(fmt::format("Consent/many-{}", i),
            fmt::format(R"({{"resourceType":"Consent","id":"many-{}","status":"active",
                "scope":{{"coding":[{{"code":"patient-privacy"}}]}},"category":[{{"text":"privacy"}}],
                "patient":{{"reference":"Patient/p1"}},"provision":{{"type":"permit"}}}})",
                        i));
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
    EXPECT_EQ(hospital_.remove("Consent/many-0").status, 204);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
}

TEST_F(House, AConsentToExportsIsAskedForExportsOnly) {
    consent("p1", R"({"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})");
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    auto caller = hospital_.caller();
    const auto document = json::Document::parse(observation("o1", "p1", "718-7")).value();
    const std::vector<std::string> patients{"p1"};
    const RecordView record{fhir::ResourceType::observation, document.root(), patients};
    EXPECT_FALSE(caller.sight.for_export().may(Permission::read, record));
    EXPECT_TRUE(caller.sight.may(Permission::read, record));
}

TEST_F(House, BrokenGlassOpensOneChartForAWhile) {
    become("physician", "d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
    ASSERT_EQ(break_glass("p1").status, 201);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    EXPECT_THAT(ids_in(hospital_.get("Observation?patient=p1")), ElementsAre("o1"));
    EXPECT_EQ(hospital_.get("Observation/o2").status, 404) << "another patient";
    EXPECT_EQ(hospital_.put("Observation/o1", observation("o1", "p1", "z")).status, 403) << "to read only";
    become("physician", "d2");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404) << "another physician";
    become("physician", "d1");
    hospital_.clock().advance(60min);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404) << "time is over";
}

TEST_F(House, BrokenGlassOutlastsARestartAndAConsent) {
    consent("p1", R"({"type":"deny"})");
    become("physician", "d1");
    ASSERT_EQ(break_glass("p1").status, 201);
    hospital_.close();
    hospital_.open();
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
}

TEST_F(House, BreakingTheGlassNeedsARuleAPurposeAndAReason) {
    become("nurse", "n1");
    EXPECT_EQ(break_glass("p2").status, 403);
    become("physician", "d1");
    EXPECT_EQ(break_glass("p1", "TREAT").status, 403);
    EXPECT_EQ(break_glass("p1", "BTG", "curious").status, 400);
    EXPECT_EQ(break_glass("p1", "BTG", R"(unconscious\n0 emergency overrides)").status, 400);
    EXPECT_EQ(break_glass("p1", "BTG", R"(unconscious \u001b[2K, \u009b2K)").status, 400);
    become_without_policy("Practitioner/d1");
    EXPECT_EQ(break_glass("p1").status, 403) << "no policy says who may";
}

TEST_F(House, BrokenGlassIsReviewedBySomebodyElseOrOverdue) {
    become("physician", "d1");
    const auto event = member(break_glass("p1"), "id");
    EXPECT_EQ(hospital_.get("AuditEvent/$broken-glass").status, 403);
    become("privacy-officer", "o1");
    const auto listed = hospital_.get("AuditEvent/$broken-glass").body;
    EXPECT_THAT(listed, HasSubstr(R"({"name":"review","valueString":"due"})"));
    EXPECT_THAT(listed, HasSubstr("unconscious, allergies unknown"));
    hospital_.clock().advance(24h + 1min);
    EXPECT_THAT(hospital_.get("AuditEvent/$broken-glass").body, HasSubstr(R"("valueString":"overdue")"));
    EXPECT_EQ(review("no-such-event").status, 404);
    EXPECT_EQ(review(event, "fine").status, 400);
    EXPECT_EQ(review(event, "inappropriate").status, 201);
    EXPECT_THAT(hospital_.get("AuditEvent/$broken-glass").body,
                HasSubstr(R"("valueString":"inappropriate")"));
    EXPECT_TRUE(hospital_.verify());
}

TEST_F(House, BrokenGlassIsDueHoweverMuchCameAfterIt) {
    become("physician", "d1");
    const auto event = member(break_glass("p1"), "id");
    auto& sealer = hospital_.vault().sealer();
    const auto all = sealer.pseudonyms().owner_without_patient("broken glass");
    ChangeSet later;
    for (std::size_t i = 0; i < 1'100; ++i) {
        const auto id = fmt::format("later-{}", i);
        const auto json = fhir::write_glass_review(
            {id, "another", "o1", {}, "p2", "appropriate", {}, hospital_.clock().now()});
        later.versions.push_back(sealer.seal_audit(id, json, {"p2"}, hospital_.clock().now(), {all}).value());
    }
    std::promise<bool> done;
    hospital_.vault().commit(std::move(later), [&](Result<> result) { done.set_value(result.has_value()); });
    ASSERT_TRUE(done.get_future().get());
    become("privacy-officer", "o1");
    hospital_.clock().advance(25h);
    EXPECT_THAT(hospital_.get("AuditEvent/$broken-glass").body, HasSubstr(R"("valueString":"overdue")"));
    EXPECT_EQ(review(event).status, 201);
    EXPECT_THAT(hospital_.get("AuditEvent/$broken-glass").body, Not(HasSubstr("overdue")));
}

TEST_F(House, ManyShortGlassesDoNotCloseALongOne) {
    policy_ = std::make_shared<const policy::Policy>(
        policy::Policy::parse("ward policy 1\nrole physician may break the glass for ETREAT during 1440 "
                              "minutes with review within 24 hours\nrole physician may break the glass for "
                              "BTG during 1 minutes with review within 24 hours\n")
            .value());
    become("physician", "d1");
    ASSERT_EQ(break_glass("p1", "ETREAT").status, 201);
    for (int i = 0; i < 20; ++i) {
        ASSERT_EQ(break_glass("p2").status, 201);
        hospital_.clock().advance(1min);
    }
    EXPECT_EQ(hospital_.get("Observation/o1").status, 200);
    hospital_.clock().advance(24h);
    EXPECT_EQ(hospital_.get("Observation/o1").status, 403) << "no rule but that of the glass";
}

TEST_F(House, TheRightToReviewIsEnoughToListWhatToReview) {
    policy_ = std::make_shared<const policy::Policy>(
        policy::Policy::parse(std::string{house} + "role deputy may review broken glass\n").value());
    become("physician", "d1");
    const auto event = member(break_glass("p1"), "id");
    become("deputy", "o2");
    EXPECT_THAT(hospital_.get("AuditEvent/$broken-glass").body, HasSubstr("unconscious, allergies unknown"));
    EXPECT_EQ(hospital_.get("AuditEvent/" + event).status, 403);
    hospital_.set_scope("user/Patient.rs");
    EXPECT_EQ(hospital_.get("AuditEvent/$broken-glass").status, 403) << "beside the scope";
}

TEST_F(House, NobodyReviewsTheirOwnGlass) {
    policy_ = std::make_shared<const policy::Policy>(
        policy::Policy::parse(std::string{house} + "role physician may review broken glass\n").value());
    become("physician", "d1");
    const auto event = member(break_glass("p1"), "id");
    EXPECT_EQ(review(event).status, 403);
    become("physician", "d2");
    EXPECT_EQ(review(event).status, 201);
}

// What a client stores as an AuditEvent is never taken for Ward's own.
TEST_F(House, AForgedEventBreaksNoGlass) {
    become("registrar", "r1");
    const auto forged = fhir::write_glass_event({.id = "forged",
                                                 .user = "d1",
                                                 .client = {},
                                                 .address = {},
                                                 .patient = "p1",
                                                 .purpose = "BTG",
                                                 .reason = "none at all",
                                                 .from = test_start - 1h,
                                                 .until = test_start + 1h,
                                                 .review_due = test_start + 1h});
    EXPECT_EQ(hospital_.put("AuditEvent/forged", forged).status, 201);
    become("physician", "d1");
    EXPECT_EQ(hospital_.get("Observation/o1").status, 404);
}

TEST_F(House, TheTrailTellsThePurpose) {
    become("nurse", "n1");
    hospital_.get("Observation/o1");
    become("registrar", "r1");
    EXPECT_THAT(hospital_.get("AuditEvent?patient=p1&_count=1000").body, HasSubstr(R"("code":"TREAT")"));
}

}   // namespace
}   // namespace ward::vault
