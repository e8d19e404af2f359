// SPDX-License-Identifier: Apache-2.0
#include "tests/attacks/meddler.hpp"

#include <array>
#include <fmt/format.h>
#include <fstream>
#include <map>

#include "core/assert.hpp"
#include "ledger/checkpoint.hpp"
#include "ledger/tile.hpp"
#include "tests/running_ward.hpp"
#include "vault/vault.hpp"

namespace ward::attacks {
namespace {

namespace fs = std::filesystem;

constexpr auto* records_name = "vault/records.db";
constexpr auto* ledger_name = "vault/ledger";
constexpr auto* checkpoint_name = "vault/ledger/checkpoint";
constexpr auto* keys_name = "keys/keys.db";

struct Table {
    std::string_view name, keys;
    std::vector<std::string_view> columns;
};

const std::vector<Table>& tables_of_records() {
    static const std::vector<Table> tables{
        {"version",
         "seq",
         {"seq", "record", "number", "type", "change", "time", "owner", "key", "commitment", "tokens",
          "sealed"}},
        {"token", "token, seq", {"token", "seq"}},
        {"checkpoint", "only", {"size", "note"}},
        {"migration", "module, number", {"module", "number", "name", "sql"}}};
    return tables;
}

/// A handle that does not wait for the disk: the copy is thrown away.
store::Database opened(const fs::path& path) {
    auto database = store::Database::open(path, store::Mode::read_write_create);
    WARD_ASSERT(database.has_value());
    WARD_ASSERT(database->execute("PRAGMA synchronous = OFF").has_value());
    return *std::move(database);
}

std::int64_t count_of(store::Database& database, std::string_view table) {
    auto query = database.prepare(fmt::format("SELECT count(*) FROM {}", table));
    WARD_ASSERT(query->step().value());
    return query->integer(0);
}

std::string condition(std::string_view table, std::string_view keys, std::size_t row) {
    return fmt::format("({0}) = (SELECT {0} FROM {1} ORDER BY {0} LIMIT 1 OFFSET {2})", keys, table, row);
}

void write_whole(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream{path, std::ios::binary | std::ios::trunc} << bytes;
}

}   // namespace

std::size_t Meddler::below(std::size_t count) {
    WARD_ASSERT(count > 0);
    return std::uniform_int_distribution<std::size_t>{0, count - 1}(random_);
}

const std::vector<Meddler::Kind>& Meddler::kinds() {
    using enum Evidence;
    static const std::vector<Kind> kinds{
        {"flip a byte of a column", 30, always, &Meddler::flip_column},
        {"swap a column of two rows", 10, always, &Meddler::swap_column},
        {"swap two rows", 8, always, &Meddler::swap_rows},
        {"delete a row", 8, always, &Meddler::delete_row},
        {"add an index token", 4, always, &Meddler::add_token},
        {"flip a byte of a wrapped key", 4, always, &Meddler::flip_wrapped_key},
        {"swap two wrapped keys", 3, always, &Meddler::swap_wrapped_keys},
        {"delete a wrapped key", 3, always, &Meddler::delete_wrapped_key},
        {"put back records.db", 1, always, &Meddler::put_back_records},
        {"put back keys.db", 1, always, &Meddler::put_back_keys},
        {"put back records.db and the ledger", 1, always, &Meddler::put_back_records_and_ledger},
        {"put back the ledger", 1, if_it_loses, &Meddler::put_back_ledger},
        {"put back the checkpoint", 1, if_it_loses, &Meddler::put_back_checkpoint},
        {"put back the ledger, change a row", 2, always, &Meddler::put_back_ledger_and_change},
        {"put back a tile", 2, always, &Meddler::put_back_tile},
        {"delete a file of the ledger", 3, always, &Meddler::delete_ledger_file},
        {"add a file to the ledger", 2, always, &Meddler::add_ledger_file},
        {"flip a byte of a file", 25, if_it_tells, &Meddler::flip_file_byte},
    };
    return kinds;
}

Meddling Meddler::meddle() {
    std::vector<unsigned> weights;
    for (const auto& kind : kinds()) weights.push_back(kind.weight);
    std::discrete_distribution<std::size_t> choose(weights.begin(), weights.end());
    for (;;) {
        const auto& kind = kinds()[choose(random_)];
        fs::remove_all(copy_);
        fs::copy(store_.now(), copy_, fs::copy_options::recursive);
        if (auto what = (this->*kind.act)()) return {kind.name, kind.evidence, *std::move(what)};
    }
}

/// Nothing when the table's own rules forbid it, or nothing came of it.
std::optional<std::string> Meddler::run(const fs::path& database, const std::string& sql) {
    auto target = opened(database);
    if (!target.execute(sql) || target.changes() == 0) return std::nullopt;
    return sql;
}

std::optional<std::string> Meddler::flip_in(const fs::path& database, std::string_view table,
                                            std::string_view keys, std::string_view column) {
    auto target = opened(database);
    const auto rows = count_of(target, table);
    if (rows == 0) return std::nullopt;
    const auto where = condition(table, keys, below(static_cast<std::size_t>(rows)));
    auto query = target.prepare(
        fmt::format("SELECT typeof({0}), {0}, CAST({0} AS BLOB) FROM {1} WHERE {2}", column, table, where));
    WARD_ASSERT(query->step().value());
    const auto mask = 1 + below(255);
    const bool is_number = query->text(0) == "integer";
    auto number = static_cast<std::uint64_t>(query->integer(1));
    Buffer bytes{query->bytes(2).begin(), query->bytes(2).end()};
    if (bytes.empty()) return std::nullopt;
    const auto place = below(is_number ? 8 : bytes.size());
    number ^= std::uint64_t{mask} << (8 * place);
    bytes[place % bytes.size()] ^= static_cast<std::byte>(mask);
    const bool is_text = query->text(0) == "text";
    query->reset();
    auto update = target.prepare(fmt::format("UPDATE {} SET {} = {} WHERE {}", table, column,
                                             is_text ? "CAST(? AS TEXT)" : "?", where));
    const auto done = is_number ? update->run(static_cast<std::int64_t>(number)) : update->run(Bytes{bytes});
    if (!done || target.changes() != 1) return std::nullopt;
    return fmt::format("byte {} of {}.{}, {}", place, table, column, where);
}

std::optional<std::string> Meddler::flip_column() {
    constexpr std::array<double, 4> weights{12, 4, 1, 1};
    std::discrete_distribution<std::size_t> choose(weights.begin(), weights.end());
    const auto& table = tables_of_records()[choose(random_)];
    return flip_in(copy_ / records_name, table.name, table.keys, table.columns[below(table.columns.size())]);
}

std::optional<std::string> Meddler::swap_column() {
    const auto& table = tables_of_records().front();
    const auto column = table.columns[1 + below(table.columns.size() - 1)];
    auto target = opened(copy_ / records_name);
    const auto rows = static_cast<std::size_t>(count_of(target, table.name));
    const auto first = below(rows), second = below(rows);
    return run(
        copy_ / records_name,
        fmt::format(
            "CREATE TEMP TABLE swapped AS SELECT seq, {0} AS value FROM version WHERE seq IN ({1}, {2});"
            "DROP INDEX version_record;"
            "UPDATE version SET {0} = (SELECT value FROM swapped WHERE swapped.seq <> version.seq)"
            " WHERE seq IN ({1}, {2}) AND (SELECT count(DISTINCT value) FROM swapped) = 2;"
            "CREATE UNIQUE INDEX version_record ON version (record, number);",
            column, first, second));
}

std::optional<std::string> Meddler::swap_rows() {
    auto target = opened(copy_ / records_name);
    const auto rows = static_cast<std::size_t>(count_of(target, "version"));
    const auto first = below(rows), second = below(rows);
    if (first == second) return std::nullopt;
    return run(copy_ / records_name, fmt::format("UPDATE version SET seq = -1 WHERE seq = {0};"
                                                 "UPDATE version SET seq = {0} WHERE seq = {1};"
                                                 "UPDATE version SET seq = {1} WHERE seq = -1;",
                                                 first, second));
}

std::optional<std::string> Meddler::delete_row() {
    constexpr std::array<double, 4> weights{8, 4, 1, 1};
    std::discrete_distribution<std::size_t> choose(weights.begin(), weights.end());
    const auto& table = tables_of_records()[choose(random_)];
    auto target = opened(copy_ / records_name);
    const auto rows = static_cast<std::size_t>(count_of(target, table.name));
    return run(copy_ / records_name, fmt::format("DELETE FROM {} WHERE {}", table.name,
                                                 condition(table.name, table.keys, below(rows))));
}

std::optional<std::string> Meddler::add_token() {
    auto target = opened(copy_ / records_name);
    const auto rows = static_cast<std::size_t>(count_of(target, "version"));
    const auto tokens = static_cast<std::size_t>(count_of(target, "token"));
    // One that stands under other records, or one that nobody has seen.
    const auto token =
        below(2) == 0
            ? fmt::format("(SELECT token FROM token ORDER BY token LIMIT 1 OFFSET {})", below(tokens))
            : std::to_string(static_cast<std::int64_t>(random_()));
    return run(copy_ / records_name,
               fmt::format("INSERT INTO token (token, seq) VALUES ({}, {})", token, below(rows)));
}

// What else is in keys.db is ward-keys' own: its seals, which it opens itself, and its budget.
std::optional<std::string> Meddler::flip_wrapped_key() {
    constexpr std::array<std::string_view, 3> columns{"owner", "key_id", "wrapped"};
    return flip_in(copy_ / keys_name, "data_key", "owner, key_id", columns[below(columns.size())]);
}

std::optional<std::string> Meddler::swap_wrapped_keys() {
    auto target = opened(copy_ / keys_name);
    const auto rows = static_cast<std::size_t>(count_of(target, "data_key"));
    const auto first = below(rows), second = below(rows);
    if (first == second) return std::nullopt;
    return run(copy_ / keys_name,
               fmt::format("CREATE TEMP TABLE swapped AS SELECT owner, wrapped FROM data_key WHERE {} OR {};"
                           "UPDATE data_key SET wrapped = (SELECT wrapped FROM swapped WHERE swapped.owner "
                           "<> data_key.owner)"
                           " WHERE owner IN (SELECT owner FROM swapped);",
                           condition("data_key", "owner, key_id", first),
                           condition("data_key", "owner, key_id", second)));
}

std::optional<std::string> Meddler::delete_wrapped_key() {
    auto target = opened(copy_ / keys_name);
    const auto rows = static_cast<std::size_t>(count_of(target, "data_key"));
    return run(copy_ / keys_name,
               "DELETE FROM data_key WHERE " + condition("data_key", "owner, key_id", below(rows)));
}

std::optional<std::string> Meddler::put_back(const std::vector<std::string>& names) {
    for (const auto& name : names) {
        fs::remove_all(copy_ / name);
        fs::copy(store_.yesterday() / name, copy_ / name, fs::copy_options::recursive);
    }
    return fmt::format("yesterday's {}", names.front());
}

std::optional<std::string> Meddler::put_back_records() { return put_back({records_name}); }
std::optional<std::string> Meddler::put_back_keys() { return put_back({keys_name}); }
std::optional<std::string> Meddler::put_back_ledger() { return put_back({ledger_name}); }
std::optional<std::string> Meddler::put_back_checkpoint() { return put_back({checkpoint_name}); }
std::optional<std::string> Meddler::put_back_records_and_ledger() {
    return put_back({records_name, ledger_name});
}

/// A row that yesterday's ledger does not cover.
std::optional<std::string> Meddler::put_back_ledger_and_change() {
    put_back_ledger();
    const auto covered = ledger::parse_note(read_whole(copy_ / checkpoint_name));
    const auto old_size = ledger::parse_checkpoint(covered->text)->head.size;
    auto target = opened(copy_ / records_name);
    const auto rows = static_cast<std::size_t>(count_of(target, "version"));
    return run(copy_ / records_name, fmt::format("UPDATE version SET time = time + {} WHERE seq = {}",
                                                 1 + below(1'000), old_size + below(rows - old_size)));
}

std::vector<fs::path> Meddler::ledger_files(const fs::path& directory) const {
    std::vector<fs::path> files;
    for (const auto& file : fs::recursive_directory_iterator{directory / ledger_name})
        if (file.is_regular_file()) files.push_back(file.path());
    std::ranges::sort(files);   // the order of a directory is not the seed's
    return files;
}

/// Yesterday's partial tile under the name of today's.
std::optional<std::string> Meddler::put_back_tile() {
    const auto files = ledger_files(store_.yesterday());
    const auto& old = files[below(files.size())];
    auto name = fs::relative(old, store_.yesterday() / ledger_name).string();
    const auto tile = ledger::parse_tile_path(name);
    if (!tile) return std::nullopt;
    const auto partial = name.find(".p/");
    for (const auto& file : ledger_files(copy_)) {
        const auto today = fs::relative(file, copy_ / ledger_name).string();
        const bool same_place = today.substr(0, today.find(".p/")) == name.substr(0, partial);
        if (!same_place || read_whole(file) == read_whole(old)) continue;
        write_whole(file, read_whole(old));
        return fmt::format("{} in the place of {}", name, today);
    }
    return std::nullopt;
}

std::optional<std::string> Meddler::delete_ledger_file() {
    const auto files = ledger_files(copy_);
    const auto& file = files[below(files.size())];
    fs::remove(file);
    return file.string();
}

std::optional<std::string> Meddler::add_ledger_file() {
    constexpr std::array<std::string_view, 4> names{"tile/0/005", "tile/0/001.p/255", "tile/entries/009",
                                                    "tile/0/note.txt"};
    const auto name = names[below(names.size())];
    write_whole(copy_ / ledger_name / name, std::string(32 * 256, 'x'));
    return std::string{name};
}

std::optional<std::string> Meddler::flip_file_byte() {
    auto files = ledger_files(copy_);
    files.push_back(copy_ / "ledger.vkey");
    files.push_back(copy_ / keys_name);
    const auto file = below(2) == 0 ? copy_ / records_name : files[below(files.size())];
    auto bytes = read_whole(file);
    const auto place = below(bytes.size());
    bytes[place] = static_cast<char>(static_cast<unsigned char>(bytes[place]) ^ (1 + below(255)));
    write_whole(file, bytes);
    return fmt::format("byte {} of {}", place, fs::relative(file, copy_).string());
}

Result<std::vector<std::string>> all_rows(const fs::path& directory) {
    std::vector<std::string> all;
    const auto read = [&](const fs::path& path, const Table& table) -> Result<> {
        auto database = TRY(store::Database::open(path, store::Mode::read_only));
        std::string columns;
        for (const auto column : table.columns)
            columns += fmt::format("{}quote({})", columns.empty() ? "" : " || ' ' || ", column);
        auto query = TRY(
            database.prepare(fmt::format("SELECT {} FROM {} ORDER BY {}", columns, table.name, table.keys)));
        while (TRY(query.step())) all.push_back(fmt::format("{} {}", table.name, query.text(0)));
        return {};
    };
    for (const auto& table : tables_of_records()) TRY(read(directory / records_name, table));
    TRY(read(directory / keys_name, {"data_key", "owner, key_id", {"owner", "key_id", "wrapped"}}));
    return all;
}

}   // namespace ward::attacks
