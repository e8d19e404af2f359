// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/database.hpp"

namespace ward::store {

/// A step from one shape of a module's tables to the next. Once released its text never changes; what was
/// wrong is mended by the next one. There is no way back.
///
/// Placeholders stand where SQLite and PostgreSQL differ:
///   {integer}    64 bits: INTEGER, so that a primary key is SQLite's own row number / BIGINT
///   {bytes}      BLOB / BYTEA
///   {strict}     after a table's closing bracket: STRICT / nothing
///   {clustered}  instead of {strict}: rows are kept in the order of the primary key:
///                STRICT, WITHOUT ROWID / nothing
struct Migration {
    std::string_view name;
    std::string_view sql;
};

/// Brings the tables of one module up to date: step n of `steps` has number n, from 1. All missing steps are
/// one transaction. A database that a newer program has changed is refused (conflict), and so is one where a
/// step that was taken is not the step in `steps`.
Result<> migrate(Database& database, std::string_view module, std::span<const Migration> steps);

/// Whether the database holds what `steps` make, and nothing else: a trigger or a view that somebody put
/// there would act in our name. Errc::corrupt names the first difference.
Result<> check_schema(Database& database, std::string_view module, std::span<const Migration> steps);

/// The text with its placeholders as SQLite wants them.
std::string to_sqlite(std::string_view sql);

}   // namespace ward::store
