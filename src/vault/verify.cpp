// SPDX-License-Identifier: Apache-2.0
#include "vault/verify.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <future>

#include "crypto/random.hpp"
#include "keys/wrapped_keys.hpp"
#include "ledger/checkpoint.hpp"
#include "ledger/tree.hpp"
#include "ledger/verify.hpp"
#include "vault/identity.hpp"
#include "vault/records.hpp"
#include "wire/wire_reader.hpp"

namespace ward::vault {
namespace {

/// A sum over index entries that does not depend on their order. Two different sets have the same sum only by
/// luck: the terms are products under keys drawn for this run, which whoever altered the files could not
/// know.
class SetSum {
public:
    SetSum()
        : keys_(WireReader{crypto::random_array<8>()}.u64() | 1U,
                WireReader{crypto::random_array<8>()}.u64() | 1U) {}

    void add(Token token, std::int64_t seq) { sum_ += term(token, seq); }
    void remove(Token token, std::int64_t seq) { sum_ -= term(token, seq); }
    void clear() { sum_ = 0; }
    std::uint64_t value() const { return sum_; }

private:
    std::uint64_t term(Token token, std::int64_t seq) const {
        __extension__ using Wide = unsigned __int128;
        const auto mixed = static_cast<std::uint64_t>(seq) * 0x9e3779b97f4a7c15U;   // seqs are small numbers
        const auto product = Wide{static_cast<std::uint64_t>(token) ^ keys_.first} * (mixed ^ keys_.second);
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    }

    std::pair<std::uint64_t, std::uint64_t> keys_;
    std::uint64_t sum_ = 0;
};

std::string entry_name(std::int64_t seq) { return fmt::format("entry {}", seq); }

/// Goes through the rows once, in the order of the ledger.
class RowCheck {
public:
    RowCheck(store::Database& database, keys::WrappedKeys& wrapped)
        : database_(database), wrapped_(wrapped) {}

    /// Rows [0, count) to `leaf`, checking what only the rows themselves can tell.
    Result<> rows(std::int64_t count, const std::function<Result<>(Bytes)>& leaf) {
        constexpr std::int64_t step = 2'000;
        while (next_ < count) {
            const auto rows = TRY(Records{database_}.range(next_, std::min(step, count - next_)));
            if (rows.empty()) return fail(Errc::corrupt, entry_name(next_) + " has no row");
            for (const auto& row : rows) {
                if (row.seq != next_) return fail(Errc::corrupt, entry_name(next_) + " has no row");
                TRY(leaf(leaf_of(row.version)));
                TRY(look_at(row));
                ++next_;
            }
        }
        return {};
    }

    /// After all rows: the index table holds their tokens and no others.
    Result<> index() {
        SetSum table = sum_;
        table.clear();
        auto entries = TRY(database_.prepare("SELECT token, seq FROM token"));
        std::uint64_t count = 0;
        while (TRY(entries.step())) {
            table.add(entries.integer(0), entries.integer(1));
            ++count;
        }
        if (count == tokens_ && table.value() == sum_.value()) return {};
        return find_wrong_token();
    }

    /// Each message that a feed brought is in the list of those to be mapped, and nothing else is; of one
    /// that is done with, a later Provenance tells.
    Result<> arrivals() {
        auto rows = TRY(database_.prepare("SELECT seq, done FROM arrival ORDER BY seq"));
        std::uint64_t count = 0;
        for (; TRY(rows.step()); ++count) {
            const auto seq = rows.integer(0);
            const auto message = TRY(Records{database_}.at(seq));
            if (!message || message->version.change != Change::received)
                return fail(Errc::corrupt,
                            fmt::format("{} is listed as a message and is none", entry_name(seq)));
            if (rows.is_null(1)) continue;
            const auto told = TRY(Records{database_}.at(rows.integer(1)));
            if (!told || told->seq <= seq ||
                told->version.type != fhir::number_of(fhir::ResourceType::provenance))
                return fail(Errc::corrupt,
                            fmt::format("nothing tells what became of the message in {}", entry_name(seq)));
        }
        if (count == messages_) return {};
        return fail(Errc::corrupt, fmt::format("{} messages of feeds are not listed", messages_ - count));
    }

    std::uint64_t keys() const { return keys_; }
    std::uint64_t tokens() const { return tokens_; }

private:
    Result<> look_at(const StoredVersion& row) {
        const auto& version = row.version;
        if (version.type == key_record_type) return look_at_key(row);
        if (version.change == Change::received) ++messages_;
        for (const auto token : version.tokens) sum_.add(token, row.seq);
        tokens_ += version.tokens.size();
        if (version.number == 1) return {};
        const auto replaced = TRY(Records{database_}.version(version.record, version.number - 1));
        if (!replaced || replaced->seq >= row.seq)
            return fail(Errc::corrupt, entry_name(row.seq) + " replaces a version that is not there");
        for (const auto token : replaced->version.tokens) sum_.remove(token, replaced->seq);
        tokens_ -= replaced->version.tokens.size();
        return {};
    }

    Result<> look_at_key(const StoredVersion& row) {
        ++keys_;
        const auto& version = row.version;
        const auto digest = TRY(wrapped_.digest(version.owner.value, version.key.value));
        if (!digest)
            return fail(Errc::corrupt,
                        fmt::format("the key of {} is missing from keys.db", entry_name(row.seq)));
        if (!std::ranges::equal(*digest, version.sealed))
            return fail(Errc::corrupt,
                        fmt::format("the key of {} is altered in keys.db", entry_name(row.seq)));
        return {};
    }

    /// The slow way, to say which.
    Result<> find_wrong_token() {
        auto entries = TRY(database_.prepare("SELECT token, seq FROM token ORDER BY seq, token"));
        while (TRY(entries.step())) {
            const auto seq = entries.integer(1);
            const auto row = TRY(Records{database_}.at(seq));
            const auto newest = row ? TRY(Records{database_}.current(row->version.record)) : row;
            if (!row || !newest || newest->seq != seq ||
                !std::ranges::binary_search(row->version.tokens, entries.integer(0)))
                return fail(Errc::corrupt,
                            fmt::format("the index has a token too many for {}", entry_name(seq)));
        }
        return find_missing_token();
    }

    Result<> find_missing_token() {
        for (std::int64_t seq = 0; seq < next_; ++seq) {
            const auto row = TRY(Records{database_}.at(seq));
            const auto newest = row ? TRY(Records{database_}.current(row->version.record)) : row;
            if (!row || !newest || newest->seq != seq) continue;
            for (const auto token : row->version.tokens) {
                auto entry = TRY(database_.prepare("SELECT 1 FROM token WHERE token = ? AND seq = ?"));
                TRY(entry.bind(token, seq));
                if (!TRY(entry.step()))
                    return fail(Errc::corrupt, fmt::format("the index lacks a token of {}", entry_name(seq)));
            }
        }
        return fail(Errc::corrupt, "the index is not what the rows say");
    }

    store::Database& database_;
    keys::WrappedKeys& wrapped_;
    std::int64_t next_ = 0;
    SetSum sum_;
    std::uint64_t tokens_ = 0;
    std::uint64_t keys_ = 0;
    std::uint64_t messages_ = 0;
};

/// SQLite's own check: each index says what its table says. Reads every page.
Result<> check_structure(const std::filesystem::path& path) {
    auto database = TRY(store::Database::open(path, store::Mode::read_only));
    auto check = TRY(database.prepare("PRAGMA integrity_check(1)"));
    const bool found = TRY(check.step());
    if (!found || check.text(0) != "ok")
        return fail(Errc::corrupt,
                    fmt::format("{}: {}", path.filename().string(), found ? check.text(0) : "no answer"));
    return {};
}

Result<ledger::VerifierKey> load_key(const VaultPaths& paths) {
    auto text = TRY(read_file(paths.ledger_key()));
    while (text.ends_with('\n')) text.pop_back();
    auto key = ledger::parse_verifier_key(text);
    if (!key) return fail(Errc::corrupt, "ledger.vkey: " + key.error().what);
    return key;
}

Result<std::uint64_t> staged_size(store::Database& database) {
    auto statement = TRY(database.prepare("SELECT size FROM checkpoint WHERE only = 1"));
    const bool found = TRY(statement.step());
    return found ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

Result<Digest> root_of_rows(store::Database& database, std::uint64_t size) {
    constexpr std::int64_t step = 2'000;
    ledger::CompactRange tree;
    while (tree.size() < size) {
        const auto next = static_cast<std::int64_t>(tree.size());
        const auto count = std::min(step, static_cast<std::int64_t>(size) - next);
        const auto rows = TRY(Records{database}.range(next, count));
        if (rows.empty()) return fail(Errc::corrupt, entry_name(next) + " has no row");
        for (const auto& row : rows) tree.append(ledger::leaf_hash(leaf_of(row.version)));
    }
    return tree.root();
}

/// The checkpoint that the store holds is the published one, or after a crash and while a vault runs, a later
/// one. Gives its size.
Result<std::uint64_t> check_staged(store::Database& database, const ledger::VerifierKey& key,
                                   const ledger::TreeHead& published) {
    auto statement = TRY(database.prepare("SELECT size, note FROM checkpoint WHERE only = 1"));
    const bool found = TRY(statement.step());
    if (!found) return fail(Errc::corrupt, "records.db has no checkpoint, and the ledger has");
    const auto staged = ledger::open_checkpoint(statement.text(1), key);
    if (!staged) return fail(Errc::corrupt, "the checkpoint in records.db: " + staged.error().what);
    const auto& head = staged->head;
    if (static_cast<std::uint64_t>(statement.integer(0)) != head.size || head.size < published.size)
        return fail(Errc::corrupt,
                    fmt::format("the checkpoint in records.db has {} entries, the published {}",
                                statement.integer(0), published.size));
    const auto root = head.size == published.size ? published.root : TRY(root_of_rows(database, head.size));
    if (head.root != root)
        return fail(Errc::corrupt,
                    fmt::format("the rows from {} to {} are not those of the checkpoint in records.db",
                                published.size, head.size));
    return head.size;
}

Result<VerifyReport> check_all(const VaultPaths& paths, const VerifyOptions& options) {
    auto database = TRY(store::Database::open(paths.records(), store::Mode::read_only));
    auto wrapped = TRY(keys::WrappedKeys::open(paths.keys().store()));
    auto now = TRY(store::Database::open(paths.records(), store::Mode::read_only));
    if (auto schema = wrapped.check_schema(); !schema)
        return fail(schema.error().code, "keys.db: " + schema.error().what);
    const auto signed_before = TRY(wrapped.signed_size());
    if (auto schema = store::check_schema(database, "vault", record_migrations()); !schema)
        return fail(schema.error().code, "records.db: " + schema.error().what);
    // One moment of the store, though the vault may go on writing.
    auto snapshot = TRY(store::Transaction::begin(database, store::Transaction::Access::read));
    RowCheck rows{database, wrapped};

    ledger::VerifyParts parts;
    parts.folder = paths.ledger();
    parts.key = TRY(load_key(paths));
    parts.entries = [&rows](std::uint64_t count, const std::function<Result<>(Bytes)>& entry) {
        return rows.rows(static_cast<std::int64_t>(count), entry);
    };
    // Asked anew each time, not of the snapshot: a vault that runs has gone on publishing since.
    parts.staged_size = [&now] { return staged_size(now); };
    if (!options.since.empty()) parts.since = options.since;
    parts.progress = options.progress;
    const auto log = TRY(ledger::verify_log(parts));

    VerifyReport report;
    report.entries = log.checkpoint.head.size;
    report.files = log.files;
    report.checkpoint = ledger::format_checkpoint(log.checkpoint);
    const auto size = TRY(Records{database}.size());
    if (size < static_cast<std::int64_t>(report.entries))
        return fail(Errc::corrupt, fmt::format("{} has no row", entry_name(size)));
    report.unpublished = static_cast<std::uint64_t>(size) - report.entries;
    // Entries are committed, then signed for, then their checkpoint is: what is out of order was put back.
    if (static_cast<std::int64_t>(signed_before) > size)
        return fail(Errc::corrupt,
                    fmt::format("records.db has {} entries, and {} were signed: it is an older one", size,
                                signed_before));
    const auto staged = TRY(check_staged(database, parts.key, log.checkpoint.head));
    if (TRY(wrapped.signed_size()) < staged)
        return fail(
            Errc::corrupt,
            fmt::format("keys.db does not know that {} entries were signed: it is an older one", staged));
    TRY(rows.rows(size, [](Bytes) { return Result<>{}; }));
    TRY(rows.index());
    TRY(rows.arrivals());
    report.keys = rows.keys();
    report.tokens = rows.tokens();
    return report;
}

}   // namespace

Result<VerifyReport> verify(const VaultPaths& paths, const VerifyOptions& options) {
    auto structure = std::async(std::launch::async, [&] { return check_structure(paths.records()); });
    auto report = check_all(paths, options);
    const auto sound = structure.get();
    if (!report) return report;
    if (!sound) return tl::unexpected(sound.error());
    TRY(check_structure(paths.keys().store()));
    return report;
}

}   // namespace ward::vault
