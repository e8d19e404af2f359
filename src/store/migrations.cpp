// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ward::store {

namespace {
constexpr std::string_view bookkeeping =
    "CREATE TABLE IF NOT EXISTS migration ("
    " module TEXT NOT NULL, number {integer} NOT NULL, name TEXT NOT NULL, sql TEXT NOT NULL,"
    " PRIMARY KEY (module, number)) {clustered}";

std::string describe(std::string_view module, std::int64_t number) {
    return "migration " + std::to_string(number) + " of " + std::string{module};
}

/// How many steps were taken, all of which must be the ones we know.
Result<std::size_t> steps_taken(Database& database, std::string_view module,
                                std::span<const Migration> steps) {
    auto query = TRY(database.prepare("SELECT number, sql FROM migration WHERE module = ? ORDER BY number"));
    TRY(query.bind(module));
    std::size_t taken = 0;
    while (TRY(query.step())) {
        const auto number = query.integer(0);
        const auto expected = static_cast<std::int64_t>(taken) + 1;
        if (number != expected) return fail(Errc::corrupt, describe(module, expected) + " is missing");
        if (taken == steps.size())
            return fail(Errc::conflict, "the database was made by a newer program: this one does not know " +
                                            describe(module, number));
        if (query.text(1) != steps[taken].sql)
            return fail(Errc::conflict, "the database was made by another program: " +
                                            describe(module, number) + " has another text there");
        ++taken;
    }
    return taken;
}

/// What describes a database: each object of its schema, and each step that was taken. A line each, with the
/// name that a reader can find it by.
struct Trait {
    std::string name, text;
    bool operator==(const Trait&) const = default;
};

Result<std::vector<Trait>> traits_of(Database& database) {
    auto query = TRY(database.prepare(
        "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_schema"
        " UNION ALL SELECT 'migration ' || number || ' of ' || module, name || ': ' || sql FROM migration"
        " ORDER BY 1, 2"));
    std::vector<Trait> traits;
    while (TRY(query.step())) traits.push_back({std::string{query.text(0)}, std::string{query.text(1)}});
    return traits;
}
}   // namespace

std::string to_sqlite(std::string_view sql) {
    struct Dialect {
        std::string_view placeholder, text;
    };
    constexpr std::array dialect{Dialect{"{integer}", "INTEGER"}, Dialect{"{bytes}", "BLOB"},
                                 Dialect{"{strict}", "STRICT"},
                                 Dialect{"{clustered}", "STRICT, WITHOUT ROWID"}};
    std::string text{sql};
    for (const auto& [placeholder, replacement] : dialect) {
        for (auto at = text.find(placeholder); at != std::string::npos;
             at = text.find(placeholder, at + replacement.size()))
            text.replace(at, placeholder.size(), replacement);
    }
    return text;
}

Result<> migrate(Database& database, std::string_view module, std::span<const Migration> steps) {
    auto transaction = TRY(Transaction::begin(database));
    TRY(database.execute(to_sqlite(bookkeeping)));
    for (auto taken = TRY(steps_taken(database, module, steps)); taken < steps.size(); ++taken) {
        const auto number = static_cast<std::int64_t>(taken) + 1;
        if (auto changed = database.execute(to_sqlite(steps[taken].sql)); !changed)
            return fail(changed.error().code, describe(module, number) + ": " + changed.error().what);
        auto record =
            TRY(database.prepare("INSERT INTO migration (module, number, name, sql) VALUES (?, ?, ?, ?)"));
        TRY(record.run(module, number, steps[taken].name, steps[taken].sql));
    }
    return transaction.commit();
}

Result<> check_schema(Database& database, std::string_view module, std::span<const Migration> steps) {
    auto model = TRY(Database::open({}, Mode::in_memory));
    TRY(migrate(model, module, steps));
    const auto wanted = TRY(traits_of(model));
    const auto found = traits_of(database);
    if (!found)
        return fail(found.error().code == Errc::unavailable ? Errc::unavailable : Errc::corrupt,
                    "its schema cannot be read: " + found.error().what);
    const auto [want, have] = std::ranges::mismatch(wanted, *found);
    if (want == wanted.end() && have == found->end()) return {};
    if (want == wanted.end() || (have != found->end() && have->name < want->name))
        return fail(Errc::corrupt, have->name + " does not belong there");
    const bool is_there = have != found->end() && have->name == want->name;
    return fail(Errc::corrupt, want->name + (is_there ? " is another" : " is missing"));
}

}   // namespace ward::store
