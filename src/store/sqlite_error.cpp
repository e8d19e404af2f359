// SPDX-License-Identifier: Apache-2.0
#include "store/sqlite_error.hpp"

#include <sqlite3.h>

namespace ward::store {

Errc to_errc(int sqlite_code) {
    switch (sqlite_code & 0xff) {   // the primary code; the rest says which kind
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_MISMATCH: return Errc::corrupt;
        case SQLITE_CONSTRAINT: return Errc::conflict;
        case SQLITE_TOOBIG:
        case SQLITE_RANGE: return Errc::limit_exceeded;
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_READONLY: return Errc::denied;
        case SQLITE_NOTFOUND: return Errc::not_found;
        case SQLITE_ERROR:
        case SQLITE_MISUSE: return Errc::malformed;
        default: return Errc::unavailable;   // FULL, IOERR, BUSY, CANTOPEN, NOMEM, …
    }
}

tl::unexpected<Error> sqlite_failure(sqlite3* connection, int code, std::string_view doing) {
    std::string what{doing};
    what += ": ";
    // After a failed open the connection may be missing; then the code has to do.
    const bool told = connection != nullptr && (sqlite3_errcode(connection) & 0xff) == (code & 0xff);
    what += told ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    return fail(to_errc(code), std::move(what));
}

}   // namespace ward::store
