// SPDX-License-Identifier: Apache-2.0
#include "keys/key_store.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>

#include "store/migrations.hpp"

namespace ward::keys {
namespace {

constexpr std::int64_t secrets_max = 64;

constexpr std::array steps{
    store::Migration{
        "wrapped keys, secrets, the budget and the last checkpoint",
        "CREATE TABLE data_key ("
        " owner {bytes} NOT NULL, key_id {bytes} NOT NULL, wrapped {bytes} NOT NULL,"
        " counted_ms {integer} NOT NULL, PRIMARY KEY (owner, key_id)) {clustered};"
        "CREATE TABLE secret ("
        " name TEXT NOT NULL PRIMARY KEY, sealed {bytes} NOT NULL) {clustered};"
        "CREATE TABLE unwrap_budget ("
        " one {integer} NOT NULL PRIMARY KEY CHECK (one = 1), left_units {integer} NOT NULL,"
        " updated_ms {integer} NOT NULL, counted {integer} NOT NULL, repeated {integer} NOT NULL,"
        " refused {integer} NOT NULL, alarms {integer} NOT NULL) {strict};"
        "CREATE TABLE signed_checkpoint ("
        " one {integer} NOT NULL PRIMARY KEY CHECK (one = 1), origin TEXT NOT NULL,"
        " size {integer} NOT NULL, root {bytes} NOT NULL) {strict}"},
    store::Migration{
        "operators, and the grants that two of them sign",
        "CREATE TABLE operator ("
        " name TEXT NOT NULL PRIMARY KEY, public_key {bytes} NOT NULL, enrolled_ms {integer} NOT NULL)"
        " {clustered};"
        "CREATE TABLE export_grant ("
        " id {bytes} NOT NULL PRIMARY KEY, terms TEXT NOT NULL, requester TEXT NOT NULL,"
        " requested_ms {integer} NOT NULL, approver TEXT NOT NULL, approved_ms {integer} NOT NULL,"
        " opened {integer} NOT NULL, ended {integer} NOT NULL) {clustered};"
        "CREATE TABLE grant_event ("
        " number {integer} NOT NULL PRIMARY KEY, at_ms {integer} NOT NULL, act {integer} NOT NULL,"
        " who TEXT NOT NULL, terms TEXT NOT NULL, opened {integer} NOT NULL) {strict}"},
    store::Migration{"which owners were opened under grants that last",
                     "CREATE TABLE grant_owner ("
                     " id {bytes} NOT NULL, owner {bytes} NOT NULL, PRIMARY KEY (id, owner)) {clustered}"},
};

std::int64_t to_ms(Time time) { return time.time_since_epoch().count(); }
Time from_ms(std::int64_t ms) { return Time{std::chrono::milliseconds{ms}}; }

/// A file of its own: SQLite drops its locks when another descriptor of its file is closed.
Result<UniqueFd> lock_beside(const std::filesystem::path& database) {
    const auto path = database.string() + ".lock";
    UniqueFd lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)};
    if (!lock) return fail(Errc::unavailable, "cannot open " + path + ": " + std::strerror(errno));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::conflict, "another ward-keys serves there");
    return lock;
}

Buffer owned(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

constexpr std::string_view module = "keys";

}   // namespace

Result<> check_key_schema(store::Database& database) { return store::check_schema(database, module, steps); }

Result<KeyStore> KeyStore::open(const std::filesystem::path& path) {
    auto lock = TRY(lock_beside(path));
    auto database = TRY(store::Database::open(path, store::Mode::read_write_create, {.cache_kib = 4096}));
    TRY(store::migrate(database, module, steps));
    return KeyStore{std::move(lock), std::make_unique<store::Database>(std::move(database))};
}

Result<bool> KeyStore::is_empty() {
    auto query = TRY(database_->prepare("SELECT 1 FROM data_key UNION ALL SELECT 1 FROM secret LIMIT 1"));
    const bool found = TRY(query.step());
    return !found;
}

Result<std::uint64_t> KeyStore::count_keys() {
    auto query = TRY(database_->prepare("SELECT count(*) FROM data_key"));
    TRY(query.step());
    return static_cast<std::uint64_t>(query.integer(0));
}

Result<> KeyStore::add(const Owner& owner, const KeyId& id, Bytes wrapped, Time now) {
    auto insert = TRY(
        database_->prepare("INSERT INTO data_key (owner, key_id, wrapped, counted_ms) SELECT ?1, ?2, ?3, ?4"
                           " WHERE NOT EXISTS (SELECT 1 FROM data_key WHERE owner = ?1)"));
    TRY(insert.run(Bytes{owner}, Bytes{id}, wrapped, to_ms(now)));
    if (database_->changes() == 0) return fail(Errc::conflict, "the owner has a key");
    return {};
}

Result<std::optional<Buffer>> KeyStore::find(const Owner& owner, const KeyId& id) {
    auto query = TRY(database_->prepare("SELECT wrapped FROM data_key WHERE owner = ? AND key_id = ?"));
    TRY(query.bind(Bytes{owner}, Bytes{id}));
    const bool found = TRY(query.step());
    if (!found) return std::optional<Buffer>{};
    return std::optional{owned(query.bytes(0))};
}

Result<std::vector<std::pair<Owner, Time>>> KeyStore::counted_since(Time since) {
    auto query = TRY(database_->prepare("SELECT owner, counted_ms FROM data_key WHERE counted_ms > ?"));
    TRY(query.bind(to_ms(since)));
    std::vector<std::pair<Owner, Time>> owners;
    while (TRY(query.step())) {
        Owner owner{};
        if (query.bytes(0).size() != owner.size())
            return fail(Errc::corrupt, "keys.db: an owner has another length");
        std::ranges::copy(query.bytes(0), owner.begin());
        owners.emplace_back(owner, from_ms(query.integer(1)));
    }
    return owners;
}

Result<std::optional<Buffer>> KeyStore::secret(std::string_view name) {
    auto query = TRY(database_->prepare("SELECT sealed FROM secret WHERE name = ?"));
    TRY(query.bind(name));
    const bool found = TRY(query.step());
    if (!found) return std::optional<Buffer>{};
    return std::optional{owned(query.bytes(0))};
}

Result<> KeyStore::add_secret(std::string_view name, Bytes sealed) {
    auto insert = TRY(database_->prepare(
        "INSERT INTO secret (name, sealed) SELECT ?, ? WHERE (SELECT count(*) FROM secret) < ?"));
    TRY(insert.run(name, sealed, secrets_max));
    if (database_->changes() == 0) return fail(Errc::limit_exceeded, "too many secrets");
    return {};
}

Result<std::optional<UnwrapBudget::State>> KeyStore::budget() {
    auto query = TRY(database_->prepare(
        "SELECT left_units, updated_ms, counted, repeated, refused, alarms FROM unwrap_budget"));
    const bool found = TRY(query.step());
    if (!found) return std::optional<UnwrapBudget::State>{};
    const auto count = [&query](int column) { return static_cast<std::uint64_t>(query.integer(column)); };
    return std::optional{UnwrapBudget::State{.left = query.integer(0),
                                             .updated = from_ms(query.integer(1)),
                                             .counted = count(2),
                                             .repeated = count(3),
                                             .refused = count(4),
                                             .alarms = count(5)}};
}

Result<> KeyStore::keep_budget(const UnwrapBudget::State& state) {
    auto replace = TRY(database_->prepare(
        "INSERT INTO unwrap_budget (one, left_units, updated_ms, counted, repeated, refused, alarms)"
        " VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET left_units = excluded.left_units,"
        " updated_ms = excluded.updated_ms, counted = excluded.counted, repeated = excluded.repeated,"
        " refused = excluded.refused, alarms = excluded.alarms"));
    const auto number = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
    return replace.run(state.left, to_ms(state.updated), number(state.counted), number(state.repeated),
                       number(state.refused), number(state.alarms));
}

Result<> KeyStore::count_owner(const Owner& owner, const KeyId& id, Time now,
                               const UnwrapBudget::State& state) {
    auto transaction = TRY(store::Transaction::begin(*database_));
    TRY(keep_budget(state));
    auto update =
        TRY(database_->prepare("UPDATE data_key SET counted_ms = ? WHERE owner = ? AND key_id = ?"));
    TRY(update.run(to_ms(now), Bytes{owner}, Bytes{id}));
    return transaction.commit();
}

Result<std::optional<KeyStore::Signed>> KeyStore::last_signed() {
    auto query = TRY(database_->prepare("SELECT origin, size, root FROM signed_checkpoint"));
    const bool found = TRY(query.step());
    if (!found) return std::optional<Signed>{};
    Signed last{std::string{query.text(0)}, static_cast<std::uint64_t>(query.integer(1)), {}};
    if (query.bytes(2).size() != last.root.size())
        return fail(Errc::corrupt, "keys.db: the signed root is damaged");
    std::ranges::copy(query.bytes(2), last.root.begin());
    return std::optional{std::move(last)};
}

Result<> KeyStore::keep_signed(const CheckpointText& checkpoint) {
    auto replace = TRY(
        database_->prepare("INSERT INTO signed_checkpoint (one, origin, size, root) VALUES (1, ?, ?, ?)"
                           " ON CONFLICT (one) DO UPDATE SET size = excluded.size, root = excluded.root"));
    return replace.run(checkpoint.origin, static_cast<std::int64_t>(checkpoint.size), Bytes{checkpoint.root});
}

}   // namespace ward::keys
