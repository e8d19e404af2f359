// SPDX-License-Identifier: Apache-2.0
// The tables of desk.db.
#pragma once

#include <span>

#include "desk/retention.hpp"
#include "desk/rows.hpp"
#include "store/database.hpp"
#include "store/migrations.hpp"

namespace ward::desk {

std::span<const store::Migration> desk_migrations();

/// All rows, settled. Errc::corrupt where one is none that was written.
Result<Book> load(store::Database& database);

/// The rows of what leaves, and what belongs to them.
Result<> remove(store::Database& database, const Leaving& leaving);
/// So that no number is given twice.
Result<> keep_given(store::Database& database, const Given& given);

/// Each names in JSON, or is empty.
std::string to_json(const std::vector<std::string>& names);
Result<std::vector<std::string>> parse_names(std::string_view text);

inline std::int64_t to_integer(Time time) { return time.time_since_epoch().count(); }
inline Time to_time(std::int64_t nanoseconds) { return Time{std::chrono::nanoseconds{nanoseconds}}; }

}   // namespace ward::desk
