// SPDX-License-Identifier: Apache-2.0
#include "store/statement.hpp"

#include <sqlite3.h>

#include <utility>

#include "core/assert.hpp"
#include "store/sqlite_error.hpp"

namespace ward::store {

Prepared::~Prepared() {
    WARD_ASSERT(!leased);   // a statement outlived its database
    sqlite3_finalize(compiled);
}

Statement::Statement(Prepared& cached) : prepared_(&cached) {
    WARD_ASSERT(!cached.leased);
    cached.leased = true;
}

Statement::Statement(std::unique_ptr<Prepared> single)
    : single_(std::move(single)), prepared_(single_.get()) {
    prepared_->leased = true;
}

Statement::Statement(Statement&& other) noexcept
    : single_(std::move(other.single_)),
      prepared_(std::exchange(other.prepared_, nullptr)),
      on_row_(std::exchange(other.on_row_, false)) {}

Statement& Statement::operator=(Statement&& other) noexcept {
    if (this != &other) {
        release();
        single_ = std::move(other.single_);
        prepared_ = std::exchange(other.prepared_, nullptr);
        on_row_ = std::exchange(other.on_row_, false);
    }
    return *this;
}

Statement::~Statement() { release(); }

void Statement::release() noexcept {
    if (prepared_ == nullptr) return;
    reset();
    prepared_->leased = false;
    prepared_ = nullptr;
    single_.reset();
}

void Statement::reset() {
    sqlite3_reset(prepared_->compiled);   // repeats the error of the last step, which was returned then
    sqlite3_clear_bindings(prepared_->compiled);
    on_row_ = false;
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(prepared_->compiled);
    on_row_ = code == SQLITE_ROW;
    if (on_row_) return true;
    if (code == SQLITE_DONE) return false;
    auto failure = sqlite_failure(sqlite3_db_handle(prepared_->compiled), code, "run a statement");
    sqlite3_reset(prepared_->compiled);
    return failure;
}

Result<> Statement::finish() {
    Result<bool> more = true;
    while (more && *more) more = step();
    // Before the borrowed values go away.
    reset();
    if (!more) return tl::unexpected(std::move(more).error());
    return {};
}

void Statement::begin_binding(std::size_t count) {
    WARD_ASSERT(prepared_ != nullptr);
    WARD_ASSERT(sqlite3_bind_parameter_count(prepared_->compiled) == static_cast<int>(count));
    sqlite3_reset(prepared_->compiled);   // SQLite binds only what is not running
    on_row_ = false;
}

bool Statement::bind_null(int position) {
    return sqlite3_bind_null(prepared_->compiled, position) == SQLITE_OK;
}

bool Statement::bind_integer(int position, std::int64_t value) {
    return sqlite3_bind_int64(prepared_->compiled, position, value) == SQLITE_OK;
}

bool Statement::bind_text(int position, std::string_view value, Lifetime lifetime) {
    // A null pointer would bind NULL; an empty text is not that.
    const char* start = value.empty() ? "" : value.data();
    return sqlite3_bind_text64(prepared_->compiled, position, start, value.size(),
                               lifetime == Lifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC,
                               SQLITE_UTF8) == SQLITE_OK;
}

bool Statement::bind_bytes(int position, Bytes value, Lifetime lifetime) {
    if (value.empty()) return sqlite3_bind_zeroblob(prepared_->compiled, position, 0) == SQLITE_OK;
    return sqlite3_bind_blob64(prepared_->compiled, position, value.data(), value.size(),
                               lifetime == Lifetime::copied ? SQLITE_TRANSIENT : SQLITE_STATIC) == SQLITE_OK;
}

Result<> Statement::binding_failed() const {
    sqlite3* connection = sqlite3_db_handle(prepared_->compiled);
    return sqlite_failure(connection, sqlite3_errcode(connection), "bind a value");
}

std::int64_t Statement::integer(int column) const {
    WARD_ASSERT(on_row_ && column >= 0 && column < sqlite3_data_count(prepared_->compiled));
    return sqlite3_column_int64(prepared_->compiled, column);
}

std::string_view Statement::text(int column) const { return as_text(bytes(column)); }

Bytes Statement::bytes(int column) const {
    WARD_ASSERT(on_row_ && column >= 0 && column < sqlite3_data_count(prepared_->compiled));
    const void* start = sqlite3_column_blob(prepared_->compiled, column);   // before asking for the length
    const int length = sqlite3_column_bytes(prepared_->compiled, column);
    return {static_cast<const std::byte*>(start), static_cast<std::size_t>(length)};
}

bool Statement::is_null(int column) const {
    WARD_ASSERT(on_row_ && column >= 0 && column < sqlite3_data_count(prepared_->compiled));
    return sqlite3_column_type(prepared_->compiled, column) == SQLITE_NULL;
}

}   // namespace ward::store
