// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <array>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"

namespace ward::store {
namespace {

constexpr Migration beds{"beds", "CREATE TABLE bed (number {integer} PRIMARY KEY, note {bytes}) {strict}"};
constexpr Migration wards{"wards",
                          "CREATE TABLE ward (name TEXT PRIMARY KEY, beds {integer}) {clustered};"
                          "INSERT INTO ward VALUES ('north', 12)"};
constexpr Migration broken{"broken", "CREATE TABLE half (number {integer}); CREATE TABLE half (x {integer})"};

class MigrationsTest : public testing::Test {
protected:
    Database open() {
        auto opened = Database::open(folder / "store.db", Mode::read_write_create);
        EXPECT_TRUE(opened);
        return std::move(*opened);
    }

    static bool has_table(Database& database, std::string_view name) {
        auto query = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?");
        EXPECT_TRUE(query && query->bind(name));
        return *query->step();
    }

    ScratchFolder folder;
    Database database = open();
};

TEST_F(MigrationsTest, EachStepIsTakenOnce) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds}));
    ASSERT_TRUE(migrate(database, "vault", std::array{beds, wards}));
    ASSERT_TRUE(migrate(database, "vault", std::array{beds, wards}));
    auto query = database.prepare("SELECT count(*) FROM ward");
    ASSERT_TRUE(*query->step());
    EXPECT_EQ(query->integer(0), 1);
}

TEST_F(MigrationsTest, ModulesCountForThemselves) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds}));
    ASSERT_TRUE(migrate(database, "ledger", std::array{wards}));
    EXPECT_TRUE(has_table(database, "bed") && has_table(database, "ward"));
}

TEST_F(MigrationsTest, AFailedStepLeavesTheDatabaseAsItWas) {
    const auto failed = migrate(database, "vault", std::array{beds, broken});
    ASSERT_FALSE(failed);
    EXPECT_NE(failed.error().what.find("migration 2 of vault"), std::string::npos) << failed.error().what;
    EXPECT_FALSE(has_table(database, "bed") || has_table(database, "half"));
    EXPECT_TRUE(migrate(database, "vault", std::array{beds, wards}));
}

TEST_F(MigrationsTest, TellsWhatSomebodyElseDidToTheSchema) {
    constexpr std::array steps{beds, wards};
    ASSERT_TRUE(migrate(database, "vault", steps));
    ASSERT_TRUE(check_schema(database, "vault", steps));
    const auto difference = [&](const std::string& sql) {
        auto mine = Database::open(folder / "other.db", Mode::read_write_create);
        EXPECT_TRUE(migrate(*mine, "vault", steps) && mine->execute(sql)) << sql;
        const auto checked = check_schema(*mine, "vault", steps);
        std::filesystem::remove(folder / "other.db");
        return checked ? "" : checked.error().what;
    };
    EXPECT_EQ(difference("SELECT 1"), "");
    EXPECT_EQ(difference("CREATE VIEW extra AS SELECT 1"), "view extra does not belong there");
    EXPECT_EQ(difference("CREATE INDEX bed_note ON bed (note)"), "index bed_note does not belong there");
    EXPECT_EQ(difference("DROP TABLE ward"), "table ward is missing");
    EXPECT_NE(difference("ALTER TABLE migration RENAME COLUMN sql TO sqm").find("cannot be read"),
              std::string::npos);
    EXPECT_EQ(difference("ALTER TABLE bed ADD COLUMN colour TEXT"), "table bed is another");
    EXPECT_EQ(difference("UPDATE migration SET name = 'x' WHERE number = 2"),
              "migration 2 of vault is another");
}

TEST_F(MigrationsTest, ADatabaseOfANewerProgramIsRefused) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds, wards}));
    const auto refused = migrate(database, "vault", std::array{beds});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::conflict);
    EXPECT_NE(refused.error().what.find("newer program"), std::string::npos) << refused.error().what;
}

TEST_F(MigrationsTest, AStepThatWasTakenMayNotChange) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds}));
    EXPECT_EQ(migrate(database, "vault", std::array{wards}).error().code, Errc::conflict);
}

TEST_F(MigrationsTest, AMissingStepIsCorrupt) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds, wards}));
    ASSERT_TRUE(database.execute("DELETE FROM migration WHERE number = 1"));
    EXPECT_EQ(migrate(database, "vault", std::array{beds, wards}).error().code, Errc::corrupt);
}

TEST_F(MigrationsTest, StrictTablesRefuseAWrongType) {
    ASSERT_TRUE(migrate(database, "vault", std::array{beds, wards}));
    EXPECT_EQ(database.execute("INSERT INTO bed VALUES (1, 'text')").error().code, Errc::conflict);
    EXPECT_EQ(database.execute("UPDATE ward SET beds = 'many'").error().code, Errc::conflict);
}

}   // namespace
}   // namespace ward::store
