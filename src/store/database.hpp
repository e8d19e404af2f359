// SPDX-License-Identifier: Apache-2.0
// SQL over SQLite. The SQL that callers write is meant to run on PostgreSQL too: see migrations.hpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "store/statement.hpp"

struct sqlite3;

namespace ward::store {

enum class Mode { read_write_create, read_only, in_memory };   // in_memory: the path says nothing

struct DatabaseOptions {
    std::int64_t cache_kib = 16 * 1024;          // pages kept in memory, per connection
    std::int64_t autocheckpoint_pages = 4'000;   // move the write-ahead log into the file; 0: the owner does
    std::chrono::milliseconds busy_timeout{10'000};
    std::size_t statements_max = 256;   // prepared and kept; more are compiled each time
};

/// One connection: WAL, `synchronous=FULL`, so that a commit that returned survives a power cut. Used by one
/// thread at a time; must outlive the statements that it prepared.
class Database {
public:
    static Result<Database> open(const std::filesystem::path& path, Mode mode, DatabaseOptions options = {});

    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    /// Runs statements, separated by semicolons, that give no rows.
    Result<> execute(const std::string& sql);

    /// A statement ready to be bound. Compiled once for each text: keep texts constant.
    Result<Statement> prepare(std::string_view sql);

    /// Rows changed by the last INSERT, UPDATE or DELETE.
    std::int64_t changes() const;
    bool in_transaction() const;

    /// How long the write-ahead log was after this connection's last commit.
    std::int64_t log_pages() const;

    /// Moves what it can of the log into the file, waiting for nobody.
    Result<> checkpoint();

    /// Moves all of the log into the file and empties it, so that nothing deleted lingers there. Waits for
    /// readers in the middle of a transaction, at most this long, then says unavailable.
    Result<> empty_log(std::chrono::milliseconds patience = std::chrono::seconds{10});

    /// As DatabaseOptions::autocheckpoint_pages.
    void autocheckpoint(std::int64_t pages);

private:
    struct Connection;
    explicit Database(std::unique_ptr<Connection> connection);

    std::unique_ptr<Connection> connection_;
};

/// Rolled back unless committed.
class Transaction {
public:
    /// `read`: one snapshot for all that is read. `write`: takes the write lock at once.
    enum class Access { read, write };
    static Result<Transaction> begin(Database& database, Access access = Access::write);

    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    Result<> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}

    Database* database_;
};

}   // namespace ward::store
