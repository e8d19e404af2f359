// SPDX-License-Identifier: Apache-2.0
#include "vault/vault.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"
#include "vault/identity.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;

const std::string amal = R"({"resourceType":"Patient","id":"p1","name":[{"family":"Haddad"}]})";

/// What somebody with the disk in hand does to the store.
void alter(const VaultPaths& paths, const std::string& sql) {
    auto database = store::Database::open(paths.records(), store::Mode::read_write_create);
    const auto executed = database->execute(sql);
    ASSERT_TRUE(executed) << executed.error().what;
    ASSERT_GT(database->changes(), 0);
}

TEST(Vault, ShowsTheSameAfterARestart) {
    Hospital hospital;
    const auto stored = hospital.put("Patient/p1", amal);
    hospital.close();
    hospital.open();
    EXPECT_EQ(hospital.get("Patient/p1").body, stored.body);
    EXPECT_TRUE(hospital.verify());
}

TEST(Vault, DoesNotOpenWhenARowIsGone) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p1", amal);
    hospital.close();
    alter(hospital.paths(),
          "DELETE FROM version WHERE seq = (SELECT max(seq) FROM version WHERE number = 2)");
    const auto opened = hospital.try_open();
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::corrupt);
}

TEST(Vault, InAnEmergencyServesWhatStillOpens) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p2", R"({"resourceType":"Patient","id":"p2"})");
    hospital.close();
    alter(hospital.paths(), fmt::format("UPDATE version SET sealed = zeroblob(200)"
                                        " WHERE seq = (SELECT min(seq) FROM version WHERE type = {})",
                                        fhir::number_of(fhir::ResourceType::patient)));
    EXPECT_FALSE(hospital.try_open());
    hospital.set_violation(OnViolation::serve_what_opens);
    ASSERT_TRUE(hospital.try_open());
    const auto altered = hospital.get("Patient/p1");
    EXPECT_EQ(altered.status, 500);
    EXPECT_THAT(altered.body, HasSubstr("integrity"));
    EXPECT_EQ(hospital.get("Patient/p2").status, 200);
}

TEST(Vault, AnswersNothingAfterAnotherProgramWroteToItsStore) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    alter(hospital.paths(), "DELETE FROM token");
    EXPECT_EQ(hospital.get("Patient/p1").status, 503);
}

TEST(Vault, InAnEmergencyServesBesideADamagedLedger) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.close();
    ASSERT_TRUE(write_file(hospital.paths().ledger() / "checkpoint", "no checkpoint"));
    EXPECT_EQ(hospital.try_open().error().code, Errc::corrupt);
    hospital.set_violation(OnViolation::serve_what_opens);
    ASSERT_TRUE(hospital.try_open());
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    EXPECT_EQ(hospital.put("Patient/p1", amal).status, 200);
}

TEST(Vault, InAnEmergencyServesThoughAnotherProgramWroteToItsStore) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.close();
    hospital.set_violation(OnViolation::serve_what_opens);
    hospital.open();
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    alter(hospital.paths(), "DELETE FROM token");
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    EXPECT_TRUE(hospital.vault().is_violated());
}

TEST(Vault, RecordsWhatHappensAfterARestartWithNothingLeftToOpen) {
    Hospital hospital{{.burst = 1, .per_hour = 1}};
    hospital.put("Patient/p1", amal);
    hospital.put("Patient/p2", R"({"resourceType":"Patient","id":"p2"})");
    hospital.clock().advance(std::chrono::hours{2});
    hospital.close();
    hospital.open();
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    EXPECT_EQ(hospital.get("Patient/p2").status, 429) << "and not 503: the refusal could be recorded";
    hospital.clock().advance(std::chrono::minutes{50});   // the audit's key is idle, and forgotten
    EXPECT_EQ(hospital.get("Patient/p2").status, 429);
}

TEST(Vault, NoticesAnotherProgramThatCameBeforeItsFirstRequest) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.close();
    hospital.open();
    alter(hospital.paths(), "DELETE FROM token");
    EXPECT_EQ(hospital.get("Patient/p1").status, 503);
}

TEST(Vault, InAnEmergencyServesThoughSomebodyAddedATable) {
    Hospital hospital;
    hospital.put("Patient/p1", amal);
    hospital.close();
    auto database = store::Database::open(hospital.paths().records(), store::Mode::read_write_create);
    ASSERT_TRUE(database->execute("CREATE TABLE mine (x INTEGER)"));
    EXPECT_EQ(hospital.try_open().error().code, Errc::corrupt);
    hospital.set_violation(OnViolation::serve_what_opens);
    ASSERT_TRUE(hospital.try_open());
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
}

TEST(Vault, TakesUpAKeyThatAPowerCutOrphaned) {
    Hospital hospital;
    const auto owner = hospital.vault().sealer().pseudonyms().owner_of_patient("p1");
    ASSERT_TRUE(hospital.keys().create(owner.value));   // and the row that would tell of it was never written
    EXPECT_EQ(hospital.put("Patient/p1", amal).status, 201);
    EXPECT_EQ(hospital.get("Patient/p1").status, 200);
    EXPECT_TRUE(hospital.verify());
}

TEST(Vault, OpensNoMorePatientsThanItsKeysAllow) {
    Hospital hospital{{.burst = 5, .per_hour = 1}};
    for (int i = 0; i < 20; ++i) {
        const auto id = fmt::format("p{}", i);
        hospital.put("Patient/" + id, fmt::format(R"({{"resourceType":"Patient","id":"{}"}})", id));
    }
    hospital.clock().advance(std::chrono::hours{2});
    hospital.close();   // a thief starts with no key in hand
    hospital.open();
    int opened = 0;
    for (int i = 0; i < 20; ++i) opened += hospital.get(fmt::format("Patient/p{}", i)).status == 200 ? 1 : 0;
    EXPECT_LE(opened, 5);
    EXPECT_EQ(hospital.get("Patient/p19").status, 429);
    const auto status = hospital.keys().status();
    EXPECT_GT(status->refused, 0U);
    EXPECT_GT(status->alarms, 0U);
}

}   // namespace
}   // namespace ward::vault
