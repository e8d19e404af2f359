// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <fstream>
#include <optional>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"

namespace ward::store {
namespace {

class DatabaseTest : public testing::Test {
protected:
    Database open(Mode mode = Mode::read_write_create) {
        auto database = Database::open(path, mode);
        EXPECT_TRUE(database) << database.error().what;
        return std::move(*database);
    }

    static Database with_table(Database database) {
        EXPECT_TRUE(database.execute("CREATE TABLE bed (number INTEGER PRIMARY KEY, ward TEXT, note BLOB)"));
        return database;
    }

    static Result<> add(Database& database, std::int64_t number) {
        return TRY(database.prepare("INSERT INTO bed (number, ward) VALUES (?, ?)")).run(number, "north");
    }

    static std::int64_t count(Database& database) {
        auto query = database.prepare("SELECT count(*) FROM bed");
        EXPECT_TRUE(query && *query->step());
        return query->integer(0);
    }

    ScratchFolder folder;
    std::filesystem::path path = folder / "store.db";
};

TEST_F(DatabaseTest, GivesBackWhatWasBound) {
    auto database = with_table(open());
    const Buffer note{std::byte{0}, std::byte{255}};
    ASSERT_TRUE(database.prepare("INSERT INTO bed VALUES (?, ?, ?)")->run(7, "north", note));
    ASSERT_TRUE(database.prepare("INSERT INTO bed VALUES (?, ?, ?)")->run(8, "", Bytes{}));
    ASSERT_TRUE(database.prepare("INSERT INTO bed VALUES (?, ?, ?)")
                    ->run(std::int64_t{1} << 62, nullptr, std::optional<Bytes>{}));

    auto query = database.prepare("SELECT number, ward, note FROM bed WHERE number >= ? ORDER BY number");
    ASSERT_TRUE(query->bind(0));
    ASSERT_TRUE(*query->step());
    EXPECT_EQ(query->integer(0), 7);
    EXPECT_EQ(query->text(1), "north");
    EXPECT_TRUE(std::ranges::equal(query->bytes(2), note));
    ASSERT_TRUE(*query->step());
    EXPECT_FALSE(query->is_null(1)) << "an empty text is not NULL";
    EXPECT_FALSE(query->is_null(2)) << "empty bytes are not NULL";
    ASSERT_TRUE(*query->step());
    EXPECT_EQ(query->integer(0), std::int64_t{1} << 62);
    EXPECT_TRUE(query->is_null(1) && query->is_null(2));
    EXPECT_FALSE(*query->step());
}

TEST_F(DatabaseTest, BoundValuesMayGoAwayBeforeTheStep) {
    auto database = with_table(open());
    auto insert = database.prepare("INSERT INTO bed (number, ward) VALUES (1, ?)");
    {
        std::string ward(100, 'x');
        ASSERT_TRUE(insert->bind(ward));
        ward.assign(100, 'y');
    }
    ASSERT_TRUE(insert->step());
    auto query = database.prepare("SELECT ward FROM bed");
    ASSERT_TRUE(*query->step());
    EXPECT_EQ(query->text(0), std::string(100, 'x'));
}

TEST_F(DatabaseTest, TheSameTextMayBeInUseTwice) {
    auto database = with_table(open());
    ASSERT_TRUE(add(database, 1) && add(database, 2));
    auto outer = database.prepare("SELECT number FROM bed ORDER BY number");
    ASSERT_TRUE(*outer->step());
    auto inner = database.prepare("SELECT number FROM bed ORDER BY number");
    ASSERT_TRUE(*inner->step() && *inner->step());
    EXPECT_EQ(outer->integer(0), 1);
    EXPECT_EQ(inner->integer(0), 2);
}

TEST_F(DatabaseTest, AReturnedStatementStartsAnew) {
    auto database = with_table(open());
    ASSERT_TRUE(add(database, 1) && add(database, 2));
    for (int round = 0; round < 2; ++round) {
        auto query = database.prepare("SELECT number FROM bed ORDER BY number");
        ASSERT_TRUE(*query->step());
        EXPECT_EQ(query->integer(0), 1);
    }
}

TEST_F(DatabaseTest, AReturnedStatementForgetsItsValues) {
    auto database = open();
    ASSERT_TRUE(database.prepare("SELECT ?")->run(std::string(100, 'x')));
    auto query = database.prepare("SELECT ?");
    ASSERT_TRUE(*query->step());
    EXPECT_TRUE(query->is_null(0));
}

TEST_F(DatabaseTest, ErrorsSayWhatKindTheyAre) {
    auto database = with_table(open());
    ASSERT_TRUE(add(database, 1));
    EXPECT_EQ(add(database, 1).error().code, Errc::conflict);
    EXPECT_EQ(database.prepare("SELECT nothing FROM nowhere").error().code, Errc::malformed);
    EXPECT_EQ(database.prepare("SELECT 1; SELECT 2").error().code, Errc::malformed);
    EXPECT_EQ(database.prepare("").error().code, Errc::malformed);
}

TEST_F(DatabaseTest, WhatIsNoDatabaseIsCorrupt) {
    std::ofstream{path} << std::string(8'192, '?');
    const auto database = Database::open(path, Mode::read_write_create);
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code, Errc::corrupt);
    EXPECT_NE(database.error().what.find(path), std::string::npos);
}

TEST_F(DatabaseTest, OnlyItsOwnerMayReadTheFile) {
    const auto database = with_table(open());
    for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
        struct stat status {};
        ASSERT_EQ(::stat(file.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U) << file.path();
    }
}

TEST_F(DatabaseTest, ATransactionIsRolledBackUnlessCommitted) {
    auto database = with_table(open());
    {
        auto transaction = Transaction::begin(database);
        ASSERT_TRUE(transaction && add(database, 1));
    }
    EXPECT_EQ(count(database), 0);
    auto transaction = Transaction::begin(database);
    ASSERT_TRUE(transaction && add(database, 1) && transaction->commit());
    EXPECT_FALSE(database.in_transaction());
    EXPECT_EQ(count(database), 1);
}

TEST_F(DatabaseTest, AReaderKeepsItsSnapshotWhileTheWriterRuns) {
    auto writer = with_table(open());
    auto reader = open(Mode::read_only);
    auto snapshot = Transaction::begin(reader, Transaction::Access::read);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(count(reader), 0);
    ASSERT_TRUE(add(writer, 1));
    EXPECT_EQ(count(reader), 0);
    ASSERT_TRUE(snapshot->commit());
    EXPECT_EQ(count(reader), 1);
}

TEST_F(DatabaseTest, AReaderCannotWrite) {
    auto writer = with_table(open());
    auto reader = open(Mode::read_only);
    EXPECT_EQ(add(reader, 1).error().code, Errc::denied);
    EXPECT_FALSE(Database::open(folder / "absent.db", Mode::read_only));
    EXPECT_FALSE(std::filesystem::exists(folder / "absent.db"));
}

TEST_F(DatabaseTest, EmptyingTheLogLeavesNothingDeletedBehind) {
    auto database = with_table(open());
    const std::string secret = "a wrapped key that is to be destroyed";
    ASSERT_TRUE(database.prepare("INSERT INTO bed VALUES (1, ?, NULL)")->run(secret));
    ASSERT_TRUE(database.execute("DELETE FROM bed"));
    ASSERT_TRUE(database.empty_log());
    for (const auto& file : std::filesystem::directory_iterator{folder.path()}) {
        std::ifstream stream{file.path(), std::ios::binary};
        const std::string content{std::istreambuf_iterator<char>{stream}, {}};
        EXPECT_EQ(content.find(secret), std::string::npos) << file.path();
    }
}

TEST_F(DatabaseTest, EmptyingTheLogGivesUpOnAReader) {
    auto writer = with_table(open());
    auto reader = open(Mode::read_only);
    auto snapshot = Transaction::begin(reader, Transaction::Access::read);
    EXPECT_EQ(count(reader), 0);
    ASSERT_TRUE(add(writer, 1));
    EXPECT_EQ(writer.empty_log(std::chrono::milliseconds{1}).error().code, Errc::unavailable);
    EXPECT_TRUE(writer.checkpoint());
}

TEST_F(DatabaseTest, MoreStatementsThanAreKeptStillWork) {
    auto database = Database::open(path, Mode::read_write_create, {.statements_max = 2});
    ASSERT_TRUE(database);
    for (int text = 0; text < 5; ++text) {
        auto query = database->prepare("SELECT " + std::to_string(text));
        ASSERT_TRUE(query && *query->step());
        EXPECT_EQ(query->integer(0), text);
    }
}

using DatabaseDeathTest = DatabaseTest;

TEST_F(DatabaseDeathTest, MisuseStopsTheProgram) {
    auto database = with_table(open());
    auto query = database.prepare("SELECT number FROM bed WHERE number = ?");
    EXPECT_DEATH(static_cast<void>(query->bind(1, 2)), "assertion failed");
    EXPECT_DEATH(static_cast<void>(query->integer(0)), "assertion failed") << "no row yet";
    ASSERT_TRUE(add(database, 1) && query->bind(1) && *query->step());
    EXPECT_DEATH(static_cast<void>(query->integer(1)), "assertion failed") << "there is no second column";
}

}   // namespace
}   // namespace ward::store
