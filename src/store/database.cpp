// SPDX-License-Identifier: Apache-2.0
#include "store/database.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <functional>
#include <unordered_map>

#include "core/assert.hpp"
#include "store/sqlite_error.hpp"

namespace ward::store {

namespace {
struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

Result<> create_private(const std::filesystem::path& path) {
    // SQLite gives the log and its index the mode of the database.
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return fail(Errc::unavailable, "create database " + path.string());
    ::close(file);
    return {};
}
}   // namespace

struct Database::Connection {
    sqlite3* handle = nullptr;
    DatabaseOptions options;
    std::int64_t log_pages = 0;
    std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> statements;

    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    ~Connection() {
        statements.clear();
        const int code = sqlite3_close(handle);
        WARD_ASSERT(code == SQLITE_OK);
    }

    /// Called by SQLite after each commit, with the length of the log.
    static int committed(void* self, sqlite3* handle, const char* schema, int pages) {
        auto& connection = *static_cast<Connection*>(self);
        connection.log_pages = pages;
        const auto limit = connection.options.autocheckpoint_pages;
        // The commit stands whatever becomes of the checkpoint, which the next commit tries again.
        if (limit > 0 && pages >= limit)
            sqlite3_wal_checkpoint_v2(handle, schema, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
        return SQLITE_OK;
    }

    Result<sqlite3_stmt*> compile(std::string_view sql) const {
        sqlite3_stmt* compiled = nullptr;
        const char* rest = nullptr;
        const int code = sqlite3_prepare_v3(handle, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &compiled, &rest);
        if (code != SQLITE_OK) return sqlite_failure(handle, code, "prepare a statement");
        if (compiled == nullptr) return fail(Errc::malformed, "prepare a statement: it is empty");
        if (rest != sql.data() + sql.size()) {
            sqlite3_finalize(compiled);
            return fail(Errc::malformed, "prepare a statement: there is more than one");
        }
        return compiled;
    }
};

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<Database> Database::open(const std::filesystem::path& path, Mode mode, DatabaseOptions options) {
    if (mode == Mode::read_write_create) TRY(create_private(path));
    auto connection = std::make_unique<Connection>();
    connection->options = options;
    const int access = mode == Mode::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    const auto* name = mode == Mode::in_memory ? ":memory:" : path.c_str();
    const int opened = sqlite3_open_v2(name, &connection->handle,
                                       access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    sqlite3* handle = connection->handle;
    if (opened != SQLITE_OK) return sqlite_failure(handle, opened, "open database " + path.string());
    sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
    // A database file that somebody altered must not run functions or rewrite its own schema.
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);

    Database database{std::move(connection)};
    std::string settings =
        "PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;";
    settings += "PRAGMA cache_size = -" + std::to_string(options.cache_kib) + ";";
    if (mode == Mode::read_only) {
        settings += "PRAGMA query_only = ON;";
    } else {
        settings += "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;";
    }
    if (auto set = database.execute(settings); !set)
        return fail(set.error().code, "open database " + path.string() + ": " + set.error().what);
    sqlite3_wal_hook(handle, &Connection::committed, database.connection_.get());
    return database;
}

Result<> Database::execute(const std::string& sql) {
    const int code = sqlite3_exec(connection_->handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_failure(connection_->handle, code, "run SQL");
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    auto& statements = connection_->statements;
    if (const auto known = statements.find(sql); known != statements.end()) {
        if (!known->second.leased) return Statement{known->second};
    } else if (statements.size() < connection_->options.statements_max) {
        sqlite3_stmt* compiled = TRY(connection_->compile(sql));
        return Statement{statements.try_emplace(std::string{sql}, compiled).first->second};
    }
    return Statement{std::make_unique<Prepared>(TRY(connection_->compile(sql)))};
}

std::int64_t Database::changes() const { return sqlite3_changes64(connection_->handle); }
bool Database::in_transaction() const { return sqlite3_get_autocommit(connection_->handle) == 0; }
std::int64_t Database::log_pages() const { return connection_->log_pages; }

void Database::autocheckpoint(std::int64_t pages) { connection_->options.autocheckpoint_pages = pages; }

Result<> Database::checkpoint() {
    sqlite3* handle = connection_->handle;
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (code != SQLITE_OK) return sqlite_failure(handle, code, "checkpoint the database");
    return {};
}

Result<> Database::empty_log(std::chrono::milliseconds patience) {
    sqlite3* handle = connection_->handle;
    sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
    const int code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
    sqlite3_busy_timeout(handle, static_cast<int>(connection_->options.busy_timeout.count()));
    if (code != SQLITE_OK) return sqlite_failure(handle, code, "empty the write-ahead log");
    connection_->log_pages = 0;
    return {};
}

Result<Transaction> Transaction::begin(Database& database, Access access) {
    auto begin = TRY(database.prepare(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN"));
    TRY(begin.run());
    return Transaction{database};
}

Transaction::~Transaction() {
    // SQLite has rolled back already after some errors.
    if (database_ == nullptr || !database_->in_transaction()) return;
    auto rollback = database_->prepare("ROLLBACK");
    const bool rolled_back = rollback && rollback->run();
    WARD_ASSERT(rolled_back || !database_->in_transaction());
}

Result<> Transaction::commit() {
    WARD_ASSERT(database_ != nullptr);
    auto commit = TRY(database_->prepare("COMMIT"));
    TRY(commit.run());
    database_ = nullptr;
    return {};
}

}   // namespace ward::store
