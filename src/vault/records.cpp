// SPDX-License-Identifier: Apache-2.0
#include "vault/records.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace ward::vault {
namespace {

constexpr std::array migrations{
    store::Migration{"versions and their blind index", R"sql(
        CREATE TABLE version (
            seq {integer} PRIMARY KEY,
            record {bytes} NOT NULL,
            number {integer} NOT NULL,
            type {integer} NOT NULL,
            change {integer} NOT NULL,
            time {integer} NOT NULL,
            owner {bytes} NOT NULL,
            key {bytes} NOT NULL,
            commitment {bytes} NOT NULL,
            tokens {bytes} NOT NULL,
            sealed {bytes} NOT NULL
        ) {strict};
        CREATE UNIQUE INDEX version_record ON version (record, number);
        CREATE INDEX version_type ON version (type, seq);
        CREATE TABLE token (
            token {integer} NOT NULL,
            seq {integer} NOT NULL,
            PRIMARY KEY (token, seq)
        ) {clustered};
        CREATE TABLE checkpoint (
            only {integer} PRIMARY KEY CHECK (only = 1),
            size {integer} NOT NULL,
            note TEXT NOT NULL
        ) {strict};
    )sql"},
    store::Migration{"messages that feeds brought, and what became of them", R"sql(
        CREATE TABLE arrival (
            seq {integer} PRIMARY KEY,
            feed TEXT NOT NULL,
            done {integer},
            revision {integer} NOT NULL,
            unmapped {integer} NOT NULL,
            places TEXT NOT NULL
        ) {strict};
        CREATE INDEX arrival_feed ON arrival (feed, seq);
        CREATE INDEX arrival_waiting ON arrival (seq) WHERE done IS NULL;
        CREATE INDEX arrival_unmapped ON arrival (seq) WHERE unmapped > 0;
    )sql"},
    store::Migration{"since when what lies in charts is found across the facility", R"sql(
        CREATE TABLE indexed (
            name TEXT PRIMARY KEY,
            since {integer} NOT NULL
        ) {strict};
    )sql"},
    store::Migration{"exports that are under way", R"sql(
        CREATE TABLE export (
            id TEXT PRIMARY KEY,
            expires {integer} NOT NULL,
            sealed {bytes} NOT NULL
        ) {strict};
    )sql"},
};

#define WARD_VERSION_COLUMNS "seq, record, number, type, change, time, owner, key, commitment, tokens, sealed"

template <std::size_t size>
Result<> copy_exactly(std::array<std::byte, size>& target, Bytes column) {
    if (column.size() != size) return fail(Errc::corrupt, "row: a column has another length");
    std::ranges::copy(column, target.begin());
    return {};
}

Result<StoredVersion> row_of(const store::Statement& row) {
    StoredVersion stored;
    auto& version = stored.version;
    stored.seq = row.integer(0);
    TRY(copy_exactly(version.record.value, row.bytes(1)));
    version.number = row.integer(2);
    if (version.number < 1 || version.number == std::numeric_limits<std::int64_t>::max())
        return fail(Errc::corrupt, "row: number out of range");   // the next one is counted from it
    if (!std::in_range<std::uint16_t>(row.integer(3)))
        return fail(Errc::corrupt, "row: type out of range");   // the ledger has 16 bits of it
    version.type = static_cast<std::uint16_t>(row.integer(3));
    const auto change = row.integer(4);
    if (change < 0 || change > static_cast<std::int64_t>(Change::received))
        return fail(Errc::corrupt, "row: unknown kind of change");
    version.change = static_cast<Change>(change);
    version.time = Time{std::chrono::milliseconds{row.integer(5)}};
    TRY(copy_exactly(version.owner.value, row.bytes(6)));
    TRY(copy_exactly(version.key.value, row.bytes(7)));
    TRY(copy_exactly(version.commitment, row.bytes(8)));
    version.tokens = TRY(decode_tokens(row.bytes(9)));
    const auto sealed = row.bytes(10);
    version.sealed.assign(sealed.begin(), sealed.end());
    return stored;
}

Result<std::vector<StoredVersion>> rows_of(store::Statement& statement) {
    std::vector<StoredVersion> rows;
    while (TRY(statement.step())) rows.push_back(TRY(row_of(statement)));
    return rows;
}

Result<std::optional<StoredVersion>> first_of(store::Statement& statement) {
    if (!TRY(statement.step())) return std::optional<StoredVersion>{};
    return std::optional{TRY(row_of(statement))};
}

Result<std::vector<std::int64_t>> seqs_of(store::Statement& statement) {
    std::vector<std::int64_t> seqs;
    while (TRY(statement.step())) seqs.push_back(statement.integer(0));
    return seqs;
}

Result<> check_observed(store::Database& writer, const Observed& observed) {
    const auto limit = static_cast<std::int64_t>(observed.seqs.size());
    if (TRY(Records{writer}.with_token(observed.token, limit)) != observed.seqs)
        return fail(Errc::conflict, "another change came first");
    return {};
}

Result<> check_unchanged(store::Database& writer, const NewVersion& change) {
    auto newest = TRY(writer.prepare("SELECT coalesce(max(number), 0) FROM version WHERE record = ?"));
    TRY(newest.bind(Bytes{change.version.record.value}));
    TRY(newest.step());
    if (newest.integer(0) != change.version.number - 1)
        return fail(Errc::conflict, "another change came first");
    return {};
}

Result<> drop_tokens(store::Database& writer, const StoredVersion& replaced) {
    auto statement = TRY(writer.prepare("DELETE FROM token WHERE token = ? AND seq = ?"));
    for (const auto token : replaced.version.tokens) {
        TRY(statement.run(token, replaced.seq));
        statement.reset();
    }
    return {};
}

Result<> add(store::Database& writer, std::int64_t seq, const Version& version) {
    auto row = TRY(writer.prepare("INSERT INTO version (" WARD_VERSION_COLUMNS
                                  ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"));
    const auto tokens = encode_tokens(version.tokens);
    TRY(row.run(seq, Bytes{version.record.value}, version.number, version.type,
                static_cast<std::int64_t>(version.change), version.time.time_since_epoch().count(),
                Bytes{version.owner.value}, Bytes{version.key.value}, Bytes{version.commitment},
                Bytes{tokens}, Bytes{version.sealed}));
    auto entry = TRY(writer.prepare("INSERT INTO token (token, seq) VALUES (?, ?)"));
    for (const auto token : version.tokens) {
        TRY(entry.run(token, seq));
        entry.reset();
    }
    return {};
}

Result<> add_arrival(store::Database& writer, std::int64_t seq, const std::string& feed) {
    auto row = TRY(writer.prepare(
        "INSERT INTO arrival (seq, feed, done, revision, unmapped, places) VALUES (?, ?, NULL, 0, 0, '')"));
    return row.run(seq, feed);
}

Result<> conclude_arrival(store::Database& writer, std::int64_t told_by, const Conclusion& conclusion) {
    auto row = TRY(
        writer.prepare("UPDATE arrival SET done = ?, revision = ?, unmapped = ?, places = ? WHERE seq = ?"));
    return row.run(told_by, conclusion.revision, conclusion.unmapped, conclusion.places, conclusion.seq);
}

}   // namespace

std::span<const store::Migration> record_migrations() { return migrations; }

Result<std::optional<StoredVersion>> Records::current(const RecordId& record) const {
    auto statement = TRY(database_->prepare("SELECT " WARD_VERSION_COLUMNS
                                            " FROM version WHERE record = ? ORDER BY number DESC LIMIT 1"));
    TRY(statement.bind(Bytes{record.value}));
    return first_of(statement);
}

Result<std::optional<StoredVersion>> Records::version(const RecordId& record, std::int64_t number) const {
    auto statement = TRY(
        database_->prepare("SELECT " WARD_VERSION_COLUMNS " FROM version WHERE record = ? AND number = ?"));
    TRY(statement.bind(Bytes{record.value}, number));
    return first_of(statement);
}

Result<std::optional<StoredVersion>> Records::at(std::int64_t seq) const {
    auto statement = TRY(database_->prepare("SELECT " WARD_VERSION_COLUMNS " FROM version WHERE seq = ?"));
    TRY(statement.bind(seq));
    return first_of(statement);
}

Result<std::vector<StoredVersion>> Records::history(const RecordId& record, std::int64_t before,
                                                    std::int64_t count) const {
    auto statement =
        TRY(database_->prepare("SELECT " WARD_VERSION_COLUMNS " FROM version WHERE record = ? AND number < ?"
                               " ORDER BY number DESC LIMIT ?"));
    TRY(statement.bind(Bytes{record.value}, before, count));
    return rows_of(statement);
}

Result<std::vector<StoredVersion>> Records::type_history(std::uint16_t type, std::int64_t before,
                                                         std::int64_t count) const {
    auto statement = TRY(database_->prepare(
        "SELECT " WARD_VERSION_COLUMNS " FROM version WHERE type = ? AND seq < ? ORDER BY seq DESC LIMIT ?"));
    TRY(statement.bind(type, before, count));
    return rows_of(statement);
}

Result<std::vector<StoredVersion>> Records::range(std::int64_t first, std::int64_t count) const {
    auto statement = TRY(database_->prepare("SELECT " WARD_VERSION_COLUMNS
                                            " FROM version WHERE seq >= ? ORDER BY seq LIMIT ?"));
    TRY(statement.bind(first, count));
    return rows_of(statement);
}

Result<std::vector<std::int64_t>> Records::with_token(Token token, std::int64_t count_max) const {
    auto statement = TRY(database_->prepare("SELECT seq FROM token WHERE token = ? ORDER BY seq LIMIT ?"));
    TRY(statement.bind(token, count_max + 1));
    return seqs_of(statement);
}

Result<std::vector<std::int64_t>> Records::of_type(std::uint16_t type, std::int64_t after,
                                                   std::int64_t count) const {
    auto statement = TRY(database_->prepare(
        "SELECT seq FROM version AS newest WHERE type = ? AND seq > ? AND change <> ? AND NOT EXISTS"
        " (SELECT 1 FROM version AS later WHERE later.record = newest.record AND later.number = "
        "newest.number + 1)"
        " ORDER BY seq LIMIT ?"));
    TRY(statement.bind(type, after, static_cast<std::int64_t>(Change::deleted), count));
    return seqs_of(statement);
}

Result<std::optional<std::int64_t>> Records::indexed_since(std::string_view name) const {
    auto statement = TRY(database_->prepare("SELECT since FROM indexed WHERE name = ?"));
    TRY(statement.bind(name));
    if (!TRY(statement.step())) return std::optional<std::int64_t>{};
    return std::optional{statement.integer(0)};
}

Result<std::vector<Records::Outline>> Records::outlines_of_type(std::uint16_t type, std::int64_t after,
                                                                std::int64_t count) const {
    auto statement = TRY(database_->prepare(
        "SELECT seq, owner, time, length(sealed) FROM version AS newest"
        " WHERE type = ? AND seq > ? AND change <> ? AND NOT EXISTS"
        " (SELECT 1 FROM version AS later WHERE later.record = newest.record AND later.number = "
        "newest.number + 1)"
        " ORDER BY seq LIMIT ?"));
    TRY(statement.bind(type, after, static_cast<std::int64_t>(Change::deleted), count));
    std::vector<Outline> outlines;
    while (TRY(statement.step())) {
        auto& outline = outlines.emplace_back();
        outline.seq = statement.integer(0);
        TRY(copy_exactly(outline.owner.value, statement.bytes(1)));
        outline.time = Time{std::chrono::milliseconds{statement.integer(2)}};
        outline.sealed_bytes = statement.integer(3);
    }
    return outlines;
}

Result<std::int64_t> Records::size() const {
    constexpr auto size_max = std::int64_t{1} << 62;   // and what comes next is still counted from it
    auto statement = TRY(database_->prepare("SELECT coalesce(max(seq), -1) FROM version"));
    TRY(statement.step());
    if (statement.integer(0) >= size_max) return fail(Errc::corrupt, "row: seq out of range");
    return statement.integer(0) + 1;
}

Result<> keep_indexed(store::Database& writer, const std::vector<std::string>& names) {
    auto transaction = TRY(store::Transaction::begin(writer));
    std::vector<std::string> gone;
    auto known = TRY(writer.prepare("SELECT name FROM indexed"));
    while (TRY(known.step()))
        if (!std::ranges::binary_search(names, known.text(0))) gone.emplace_back(known.text(0));
    for (const auto& name : gone) {
        auto removal = TRY(writer.prepare("DELETE FROM indexed WHERE name = ?"));
        TRY(removal.run(std::string_view{name}));
    }
    const auto since = TRY(Records{writer}.size());
    for (const auto& name : names) {
        auto addition =
            TRY(writer.prepare("INSERT INTO indexed (name, since) VALUES (?, ?)"
                               " ON CONFLICT DO NOTHING"));
        TRY(addition.run(std::string_view{name}, since));
    }
    return transaction.commit();
}

Result<> apply(store::Database& writer, const ChangeSet& changes) {
    for (const auto& observed : changes.observed) TRY(check_observed(writer, observed));
    for (const auto& change : changes.versions) TRY(check_unchanged(writer, change));
    const auto first = TRY(Records{writer}.size());
    auto seq = first;
    for (const auto& change : changes.versions) {
        if (change.replaces) TRY(drop_tokens(writer, *change.replaces));
        TRY(add(writer, seq++, change.version));
    }
    const auto seq_of = [first](std::size_t version) { return first + static_cast<std::int64_t>(version); };
    for (const auto& arrival : changes.arrivals)
        TRY(add_arrival(writer, seq_of(arrival.version), arrival.feed));
    for (const auto& conclusion : changes.conclusions)
        TRY(conclude_arrival(writer, seq_of(conclusion.version), conclusion));
    return {};
}

}   // namespace ward::vault
