// SPDX-License-Identifier: Apache-2.0
// Private to this folder: what SQLite's result codes mean to the rest of Ward.
#pragma once

#include <string_view>

#include "core/result.hpp"

struct sqlite3;

namespace ward::store {

Errc to_errc(int sqlite_code);

/// "DOING: what SQLite says". SQLite's messages name tables, columns and SQL tokens, never bound values.
tl::unexpected<Error> sqlite_failure(sqlite3* connection, int code, std::string_view doing);

}   // namespace ward::store
