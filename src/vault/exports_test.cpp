// SPDX-License-Identifier: Apache-2.0
#include "vault/exports.hpp"

#include "vault/exports_fixture_test.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

TEST_F(ExportsTest, NeedsAGrantThatTwoPeopleSignedForThisUser) {
    EXPECT_EQ(start("$export").status, 403);
    EXPECT_THAT(start("Patient/$export").body, HasSubstr("two people"));
    const auto text = request_grant();
    EXPECT_EQ(start("Group/g1/$export").status, 403) << "nobody approved it";
    sign(keys::GrantAct::approve, "bruno", text);
    EXPECT_EQ(start("$export").status, 202);
    hospital_.set_user("dr.no");
    EXPECT_EQ(start("$export").status, 403);
    hospital_.set_user("dr.who");
    hospital_.clock().advance(2h);
    EXPECT_EQ(start("$export").status, 403) << "the grant is over";
}

TEST_F(ExportsTest, OfTheSystemIsEverythingButTheAuditTrail) {
    grant();
    EXPECT_THAT(exported(completed(start("$export"))),
                UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3", "Observation/o-p1",
                                     "Observation/o-p2", "Observation/o-p3", "Organization/org", "Group/g1"));
    EXPECT_EQ(start("$export?_type=AuditEvent").status, 400);
}

TEST_F(ExportsTest, OfPatientsIsWhatLiesInCharts) {
    grant();
    EXPECT_THAT(exported(completed(start("Patient/$export"))),
                UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3", "Observation/o-p1",
                                     "Observation/o-p2", "Observation/o-p3", "Group/g1"));
}

TEST_F(ExportsTest, OfAGroupIsTheChartsOfItsActiveMembers) {
    grant();
    EXPECT_THAT(exported(completed(start("Group/g1/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p1", "Patient/p3", "Observation/o-p1", "Observation/o-p3"));
    EXPECT_EQ(completed(start("Group/g2/$export")).status, 404);
}

TEST_F(ExportsTest, IsOfOneMoment) {
    grant();
    const auto done = completed(start("Patient/$export?_type=Patient"));
    hospital_.set_scope("system/*.cruds");
    hospital_.put("Patient/p1", R"({"resourceType":"Patient","id":"p1","active":true})");
    hospital_.put("Patient/p4", R"({"resourceType":"Patient","id":"p4"})");
    hospital_.remove("Patient/p2");
    EXPECT_THAT(exported(done), UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3"));
    EXPECT_THAT(hospital_.get(files(done).front()).body, Not(HasSubstr("active")));
}

TEST_F(ExportsTest, CanBeOfWhatChangedSinceAndOfWhatAFilterMatches) {
    grant();
    hospital_.clock().advance(1min);
    hospital_.set_scope("system/*.cruds");
    hospital_.put("Patient/p2", R"({"resourceType":"Patient","id":"p2","gender":"female"})");
    hospital_.put("Patient/p5", R"({"resourceType":"Patient","id":"p5","gender":"male"})");
    const auto since = to_instant(hospital_.clock().now());
    EXPECT_THAT(exported(completed(start("$export?_since=" + since))),
                UnorderedElementsAre("Patient/p2", "Patient/p5"));
    EXPECT_THAT(exported(completed(start("$export?_type=Patient&_typeFilter=Patient%3Fgender%3Dmale"))),
                UnorderedElementsAre("Patient/p5"));
    EXPECT_EQ(start("$export?_type=Patient&_typeFilter=Observation%3Fstatus%3Dfinal").status, 400);
    EXPECT_EQ(start("$export?_since=yesterday").status, 400);
}

TEST_F(ExportsTest, OpensNoMoreChartsThanItsGrantAllows) {
    grant(2);
    const auto done = completed(start("Patient/$export"));
    EXPECT_EQ(done.status, 403);
    EXPECT_THAT(done.body, HasSubstr("the grant allows 2"));
}

TEST_F(ExportsTest, EndsWithItsGrant) {
    const auto text = grant();
    const auto done = completed(start("Patient/$export?_type=Patient"));
    const auto first = files(done).front();
    sign(keys::GrantAct::end, "amal", text);
    const auto refused = hospital_.get(first);
    EXPECT_EQ(refused.status, 403);
    EXPECT_THAT(refused.body, HasSubstr("is over"));
    hospital_.clock().advance(2h);
    EXPECT_EQ(hospital_.get(first).status, 404);
}

TEST_F(ExportsTest, LeavesTheBudgetOfCareAlone) {
    grant();
    const auto before = hospital_.keys().status()->owners_left;
    exported(completed(start("$export")));
    EXPECT_EQ(hospital_.keys().status()->owners_left, before);
}

TEST_F(ExportsTest, IsSeenByWhoStartedItAndNobodyElse) {
    grant();
    const auto started = start("$export");
    const auto place = path_of(started.header("Content-Location"));
    completed(started);
    hospital_.set_user("dr.no");
    EXPECT_EQ(hospital_.get(place).status, 404);
    EXPECT_EQ(hospital_.get(place + "/0").status, 404);
    EXPECT_EQ(hospital_.remove(place).status, 404);
    hospital_.set_user("dr.who");
    EXPECT_EQ(hospital_.get(place).status, 200);
    EXPECT_EQ(hospital_.remove(place).status, 202);
    EXPECT_EQ(hospital_.get(place).status, 404);
}

TEST_F(ExportsTest, GivesOnlyWhatTheTokenAllows) {
    grant();
    hospital_.set_scope("system/Patient.rs");
    EXPECT_THAT(exported(completed(start("$export"))),
                UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3"));
    EXPECT_EQ(start("$export?_type=Patient,Observation").status, 403);
    hospital_.set_scope("system/*.rs");
    const auto done = completed(start("$export?_type=Observation"));
    hospital_.set_scope("system/Patient.rs");
    EXPECT_THAT(hospital_.get(files(done).front()).body, IsEmpty()) << "the token of the download decides";
}

TEST_F(ExportsTest, NeedsAScopeOfTheSystem) {
    grant();
    for (const auto* const scope : {"user/*.rs", "user/*.cruds system/Observation.cuds"}) {
        hospital_.set_scope(scope);
        EXPECT_EQ(start("$export").status, 403) << scope;
        EXPECT_EQ(start("$export?_type=Observation").status, 403) << scope;
    }
    hospital_.set_scope("patient/*.rs", "p1");
    EXPECT_EQ(start("Patient/$export").status, 403);
    hospital_.set_scope("user/*.rs system/Observation.r");
    EXPECT_EQ(start("$export?_type=Patient").status, 403);
    for (const auto* const path : {"$export", "$export?_type=Observation"})
        EXPECT_THAT(exported(completed(start(path))),
                    UnorderedElementsAre("Observation/o-p1", "Observation/o-p2", "Observation/o-p3"));
    const auto file = files(completed(start("$export"))).front();
    hospital_.set_scope("user/*.rs");
    EXPECT_THAT(hospital_.get(file).body, IsEmpty());
}

TEST_F(ExportsTest, NeedsARuleOfItsOwn) {
    grant();
    keep_house(
        "role registrar may read, search everything of any patient\n"
        "role registrar may read, search everything of no patient\n");
    EXPECT_EQ(hospital_.get("Observation/o-p1").status, 200);
    EXPECT_EQ(start("$export").status, 403);
    EXPECT_EQ(start("Group/g1/$export").status, 403);
    EXPECT_EQ(start("Patient/$export?_type=Observation").status, 403);
    keep_house(
        "role registrar may read, search everything of any patient\n"
        "role registrar may export Patient of any patient for PUBHLTH\n");
    EXPECT_THAT(exported(completed(start("$export"))),
                UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3"));
    EXPECT_EQ(start("$export?_type=Observation").status, 403);
}

TEST_F(ExportsTest, OfTheRuleOfWhomRelationsLeadTo) {
    grant();
    hospital_.set_scope("system/*.cruds");
    hospital_.put("Patient/p3", R"({"resourceType":"Patient","id":"p3",
        "generalPractitioner":[{"reference":"Practitioner/who"}]})");
    hospital_.set_scope("system/*.rs");
    keep_house(
        "relation mine is Patient?general-practitioner={me}\n"
        "role registrar may export everything of patients mine\n");
    EXPECT_THAT(exported(completed(start("Group/g1/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p3", "Observation/o-p3"));
}

TEST_F(ExportsTest, LeavesOutWhoDeniedDisclosure) {
    grant();
    consent("p1", R"({"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})");
    consent("p2", R"({"type":"permit"})");
    keep_house({});
    EXPECT_EQ(hospital_.get("Observation/o-p1").status, 200) << "care goes on";
    EXPECT_THAT(exported(completed(start("Patient/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p2", "Patient/p3", "Observation/o-p2", "Observation/o-p3"));
    EXPECT_THAT(exported(completed(start("Group/g1/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p3", "Observation/o-p3"))
        << "one member's consent is not about the others";
}

TEST_F(ExportsTest, AConsentGivenWhileItRunsIsKept) {
    grant();
    keep_house({});
    const auto done = completed(start("Patient/$export?_type=Observation"));
    consent("p1", R"({"type":"deny"})");
    EXPECT_THAT(exported(done), UnorderedElementsAre("Observation/o-p2", "Observation/o-p3"));
}

TEST_F(ExportsTest, ChangesNothingForTheRestOfABatch) {
    grant();
    consent("p1", R"({"type":"deny","action":[{"coding":[{"code":"access"}]}]})");
    keep_house({});
    EXPECT_THAT(in_batch({"Patient/$export", "Observation/o-p1", "Observation/o-p2"}),
                ElementsAre("202", "404", "200"));
    keep_house("role registrar may export everything of any patient\n");
    EXPECT_THAT(in_batch({"Patient/$export", "Observation/o-p2"}), ElementsAre("202", "403"));
}

TEST_F(ExportsTest, AFileHasAnEnd) {
    grant();
    hospital_.set_scope("system/*.cruds");
    const std::string note(60 << 20, 'a');
    for (int i = 0; i < 5; ++i) {
        const auto id = fmt::format("long-{}", i);
        ASSERT_EQ(
            hospital_
                .put("Basic/" + id,
                     fmt::format(R"({{"resourceType":"Basic","id":"{}","code":{{"text":"{}"}}}})", id, note))
                .status,
            201);
    }
    hospital_.set_scope("system/*.rs");
    const auto urls = files(completed(start("$export?_type=Basic")));
    ASSERT_THAT(urls, SizeIs(1)) << "sealed, it is a few kilobytes";
    EXPECT_EQ(hospital_.get(urls.front()).status, 403);
}

TEST_F(ExportsTest, WhatFailedTakesNobodysPlace) {
    grant();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(completed(start("Group/none/$export")).status, 404);
    std::vector<std::string> places;
    http::Response started;
    for (started = start("$export?_type=Patient"); started.status == 202;
         started = start("$export?_type=Patient"))
        places.push_back(path_of(started.header("Content-Location")));
    EXPECT_EQ(started.status, 429);
    EXPECT_THAT(places, SizeIs(ExportsLimits{}.user_open_max));
    EXPECT_EQ(hospital_.remove(places.front()).status, 202);
    exported(completed(start("$export?_type=Patient")));
}

class ExportsAndRestarts : public ExportsTest {
protected:
    void restart() {
        hospital_.close();
        hospital_.open();
    }
    std::int64_t rows() {
        auto database = store::Database::open(hospital_.paths().records(), store::Mode::read_only).value();
        auto count = database.prepare("SELECT count(*) FROM export").value();
        EXPECT_TRUE(count.step().value());
        return count.integer(0);
    }
    void alter(const std::string& sql) {
        hospital_.close();
        auto database = store::Database::open(hospital_.paths().records(), store::Mode::read_write_create);
        ASSERT_TRUE(database->execute(sql));
    }
};

TEST_F(ExportsAndRestarts, ItGoesOnWhereItWas) {
    grant();
    const auto started = start("Group/g1/$export?_type=Observation&_typeFilter=Observation%3Fstatus%3Dfinal");
    const auto done = completed(started);
    hospital_.set_scope("system/*.cruds");
    hospital_.remove("Observation/o-p1");
    hospital_.set_scope("system/*.rs");
    restart();
    const auto again = completed(started);
    EXPECT_EQ(again.body, done.body);
    EXPECT_EQ(again.header("Expires"), done.header("Expires"));
    EXPECT_THAT(exported(again), UnorderedElementsAre("Observation/o-p1", "Observation/o-p3"))
        << "of the moment at which it was asked for";
    EXPECT_TRUE(hospital_.verify());
    hospital_.set_user("dr.no");
    EXPECT_EQ(hospital_.get(path_of(started.header("Content-Location"))).status, 404);
}

TEST_F(ExportsAndRestarts, WhatWasNotPlannedIsPlannedThen) {
    grant();
    const auto started = start("Patient/$export?_type=Patient");
    const auto place = path_of(started.header("Content-Location"));
    completed(started);
    const auto id = place.substr(place.find('/') + 1);
    const KeptExports kept{hospital_.vault()};
    auto job = kept.all(hospital_.clock().now(), 1).value().front().job;
    job.plan = nullptr;   // as it is until then
    ASSERT_TRUE(kept.update(id, job));
    hospital_.clock().advance(1min);
    restart();
    EXPECT_EQ(hospital_.get(place + "/0").status, 404);
    hospital_.set_scope("system/Observation.rs");
    EXPECT_EQ(hospital_.get(place).status, 403) << "whose token plans it must allow all of it";
    hospital_.set_scope("system/*.rs");
    const auto done = completed(started);
    EXPECT_THAT(done.body, HasSubstr(R"("transactionTime":"2026-11-23T09:01:00.000Z")"));
    EXPECT_THAT(exported(done), UnorderedElementsAre("Patient/p1", "Patient/p2", "Patient/p3"));
}

TEST_F(ExportsAndRestarts, NothingIsKeptOfWhatIsOver) {
    grant();
    const auto cancelled = start("$export?_type=Patient");
    completed(cancelled);
    const auto started = start("$export?_type=Observation");
    completed(started);
    EXPECT_EQ(rows(), 2);
    EXPECT_EQ(hospital_.remove(path_of(cancelled.header("Content-Location"))).status, 202);
    EXPECT_EQ(rows(), 1);
    restart();
    EXPECT_EQ(hospital_.get(path_of(cancelled.header("Content-Location"))).status, 404);
    hospital_.clock().advance(2h);
    restart();
    EXPECT_EQ(rows(), 0);
    const auto over = hospital_.get(path_of(started.header("Content-Location")));
    EXPECT_EQ(over.status, 404);
    EXPECT_THAT(over.body, HasSubstr("start it again"));
}

TEST_F(ExportsAndRestarts, WhatSomebodyAlteredIsTakenAway) {
    grant();
    const auto first = start("$export?_type=Patient");
    const auto second = start("$export?_type=Observation");
    completed(first);
    completed(second);
    alter("UPDATE export SET expires = expires + 1 WHERE id = (SELECT min(id) FROM export)");
    hospital_.open();
    EXPECT_EQ(rows(), 1);
    alter("UPDATE export SET id = '0123456789abcdef0123456789abcdef'");
    hospital_.open();
    EXPECT_EQ(rows(), 0);
    for (const auto& started : {first, second})
        EXPECT_EQ(hospital_.get(path_of(started.header("Content-Location"))).status, 404);
}

class ExportsBeyondTheBudget : public ExportsTest {
protected:
    ExportsBeyondTheBudget() : ExportsTest({.burst = 1, .per_hour = 1}) {}

    /// No key is in use, and the one that care may still ask for is asked for.
    void spend_the_budget() {
        hospital_.clock().advance(2h);
        hospital_.close();
        hospital_.open();
        ASSERT_EQ(hospital_.get("Observation/o-p2").status, 200);
        ASSERT_EQ(hospital_.get("Observation/o-p1").status, 429);
    }
};

TEST_F(ExportsBeyondTheBudget, ConsentsAreLookedUpWithTheKeysOfTheGrant) {
    consent("p1", R"({"type":"deny","action":[{"coding":[{"code":"disclose"}]}]})");
    spend_the_budget();
    grant();
    keep_house({});
    EXPECT_THAT(exported(completed(start("Patient/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p2", "Patient/p3", "Observation/o-p2", "Observation/o-p3"));
    EXPECT_THAT(exported(completed(start("Group/g1/$export?_type=Observation"))),
                UnorderedElementsAre("Observation/o-p3"));
}

TEST_F(ExportsBeyondTheBudget, RelationsAreLookedUpWithTheKeysOfTheGrant) {
    hospital_.set_scope("system/*.cruds");
    hospital_.put("Patient/p3", R"({"resourceType":"Patient","id":"p3",
        "generalPractitioner":[{"reference":"Practitioner/who"}]})");
    hospital_.set_scope("system/*.rs");
    spend_the_budget();
    grant();
    keep_house(
        "relation mine is Patient?general-practitioner={me}\n"
        "role registrar may export everything of patients mine\n");
    EXPECT_THAT(exported(completed(start("Group/g1/$export?_type=Patient,Observation"))),
                UnorderedElementsAre("Patient/p3", "Observation/o-p3"));
}

TEST_F(ExportsBeyondTheBudget, TheGrantIsTheLimitThen) {
    spend_the_budget();
    grant(1);
    keep_house({});
    EXPECT_EQ(completed(start("Group/g1/$export?_type=Observation")).status, 403);
}

TEST_F(ExportsTest, IsAskedForAsTheGuideSays) {
    grant();
    EXPECT_EQ(hospital_.get("$export").status, 400) << "it is asynchronous";
    EXPECT_EQ(start("$export?_outputFormat=application%2Ffhir%2Bndjson&_type=Patient").status, 202);
    EXPECT_EQ(start("$export?_outputFormat=text/csv").status, 400);
    EXPECT_EQ(start("$export?_elements=id").status, 400);
    EXPECT_EQ(start("Observation/$export").status, 404);
    const auto done = completed(start("$export?_type=Patient"));
    EXPECT_THAT(done.body, HasSubstr(R"("request":"https://ward.example/fhir/$export?_type=Patient")"));
    EXPECT_THAT(done.body, HasSubstr(R"("requiresAccessToken":true)"));
    EXPECT_THAT(done.header("Expires"), HasSubstr("GMT"));
}

TEST_F(ExportsTest, LeavesARecordOfWhoAllowedItAndWhoTookWhat) {
    const auto text = grant();
    exported(completed(start("Group/g1/$export?_type=Observation")));
    sign(keys::GrantAct::end, "bruno", text);
    ASSERT_TRUE(hospital_.vault().grant_trail().catch_up());
    ASSERT_TRUE(hospital_.vault().grant_trail().catch_up());
    const auto told = trail();
    const auto count = [&](std::string_view part) {
        std::size_t n = 0;
        for (auto at = told.find(part); at != std::string::npos; at = told.find(part, at + 1)) ++n;
        return n;
    };
    EXPECT_THAT(told, HasSubstr("Observation/o-p1/_history/1"));
    EXPECT_THAT(told, HasSubstr("Observation/o-p3/_history/1"));
    EXPECT_EQ(count("ward-keys/grant"), 5u)
        << "two enrolments, the request, the approval, the end: each once";
    const auto ended = "grant ended by bruno; charts opened: 2\n" + text;
    EXPECT_THAT(told, HasSubstr(to_base64(as_bytes(ended))));
}

}   // namespace
}   // namespace ward::vault
