// SPDX-License-Identifier: Apache-2.0
#include "vault/verify.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "vault/hospital_test.hpp"
#include "vault/identity.hpp"

namespace ward::vault {
namespace {

using ::testing::HasSubstr;

const std::string amal = R"({"resourceType":"Patient","id":"p1","name":[{"family":"Haddad"}]})";

class Verify : public testing::Test {
protected:
    void SetUp() override {
        hospital_.put("Patient/p1", amal);
        hospital_.close();
        for (const auto* name : {"vault", "keys"})
            std::filesystem::copy(hospital_.paths().root / name, yesterday_ / name,
                                  std::filesystem::copy_options::recursive);
        hospital_.open();
        hospital_.put("Patient/p1", amal);
        hospital_.close();
    }

    void put_back(std::string_view name) {
        std::filesystem::remove_all(hospital_.paths().root / name);
        std::filesystem::copy(yesterday_ / name, hospital_.paths().root / name,
                              std::filesystem::copy_options::recursive);
    }

    void alter(const std::string& sql) {
        auto database = store::Database::open(hospital_.paths().records(), store::Mode::read_write_create);
        ASSERT_TRUE(database->execute(sql));
        ASSERT_GT(database->changes(), 0);
    }

    std::string violation() {
        const auto verified = hospital_.verify();
        if (verified) return {};
        EXPECT_EQ(verified.error().code, Errc::corrupt);
        return verified.error().what;
    }

    Hospital hospital_;
    const ScratchFolder yesterday_;
};

TEST_F(Verify, FindsNothingWrongWhereNothingIs) {
    EXPECT_FALSE(std::filesystem::exists(hospital_.paths().folder() / "records.db-wal"))
        << "a vault that has stopped leaves its store in one file";
    EXPECT_EQ(violation(), "");
}

TEST_F(Verify, NamesAnOlderStore) {
    put_back("vault/records.db");
    EXPECT_THAT(violation(), HasSubstr("has no row"));
}

TEST_F(Verify, NamesAnOlderStoreWithItsOlderLedger) {
    put_back("vault/records.db");
    put_back("vault/ledger");
    EXPECT_THAT(violation(), HasSubstr("it is an older one"));
}

TEST_F(Verify, TakesAnOlderLedgerForOneThatACrashCutShort) {
    put_back("vault/ledger");
    EXPECT_EQ(violation(), "");
    hospital_.open();
    hospital_.close();
    EXPECT_EQ(hospital_.verify()->unpublished, 0U);
}

TEST_F(Verify, NamesARowThatWasChangedBehindAnOlderLedger) {
    put_back("vault/ledger");
    alter("UPDATE version SET time = time + 1 WHERE seq = (SELECT max(seq) FROM version)");
    EXPECT_THAT(violation(), HasSubstr("are not those of the checkpoint in records.db"));
}

TEST_F(Verify, NamesACheckpointOfTheStoreThatIsNoMore) {
    alter("DELETE FROM checkpoint");
    EXPECT_THAT(violation(), HasSubstr("records.db has no checkpoint"));
}

TEST_F(Verify, NamesACheckpointOfTheStoreThatNobodySigned) {
    alter("UPDATE checkpoint SET note = replace(note, 'hospital', 'hostible')");
    EXPECT_THAT(violation(), HasSubstr("the checkpoint in records.db"));
}

TEST_F(Verify, NamesATypeBeyondWhatTheLedgerHas) {
    alter("UPDATE version SET type = type + 65536 WHERE seq = 1");   // hidden from searches by type
    EXPECT_THAT(violation(), HasSubstr("type out of range"));
}

TEST_F(Verify, NamesTablesThatThisProgramDidNotMake) {
    alter("UPDATE migration SET sql = 'CREATE TABLE version (seq INTEGER)'");
    EXPECT_THAT(violation(), HasSubstr("migration 1 of vault is another"));
}

TEST_F(Verify, NamesATriggerThatSomebodyPutThere) {
    auto database = store::Database::open(hospital_.paths().records(), store::Mode::read_write_create);
    ASSERT_TRUE(
        database->execute("CREATE TRIGGER quiet AFTER INSERT ON version BEGIN"
                          " DELETE FROM token WHERE seq = new.seq; END"));
    EXPECT_THAT(violation(), HasSubstr("records.db: trigger quiet does not belong there"));
    EXPECT_EQ(hospital_.try_open().error().code, Errc::corrupt);
}

TEST_F(Verify, NamesATriggerBesideTheWrappedKeys) {
    const auto path = hospital_.paths().keys().store();
    auto database = store::Database::open(path, store::Mode::read_write_create);
    ASSERT_TRUE(
        database->execute("CREATE TRIGGER generous AFTER UPDATE ON unwrap_budget BEGIN"
                          " UPDATE unwrap_budget SET left_units = 1000000000000; END"));
    EXPECT_THAT(violation(), HasSubstr("keys.db: trigger generous does not belong there"));
}

TEST_F(Verify, NamesAKeyOfTheLedgerThatIsNone) {
    ASSERT_TRUE(write_file(hospital_.paths().ledger_key(), "hospital example+00000000+AAAA\n"));
    EXPECT_THAT(violation(), HasSubstr("ledger.vkey"));
}

}   // namespace
}   // namespace ward::vault
