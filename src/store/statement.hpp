// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

struct sqlite3_stmt;

namespace ward::store {

/// A compiled statement and whether somebody holds it. Owned by the Database's cache, or, when the same text
/// is in use twice at a time, by its Statement.
struct Prepared {
    explicit Prepared(sqlite3_stmt* statement) : compiled(statement) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
    ~Prepared();

    sqlite3_stmt* compiled;
    bool leased = false;
};

/// A prepared statement on loan from its Database: when it is destroyed it is reset, its bindings cleared,
/// and it goes back. Wrong positions and reading without a row are our own bugs and stop the program.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&& other) noexcept;
    ~Statement();

    /// Binds every parameter, in order: integers, text, Bytes, nullptr, or an optional of one of these.
    /// The values are copied.
    template <class... Values>
    Result<> bind(const Values&... values) {
        return bind_each(Lifetime::copied, values...);
    }

    /// True: there is a row. False: no more.
    Result<bool> step();

    /// Binds every parameter and steps to the end, for a statement that gives no rows. Nothing is copied.
    template <class... Values>
    Result<> run(const Values&... values) {
        auto bound = bind_each(Lifetime::borrowed, values...);
        return bound ? finish() : bound;
    }

    // Columns of the current row, from 0. Text and bytes are borrowed until the next step.
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    Bytes bytes(int column) const;
    bool is_null(int column) const;

    /// Ready to be bound and run again.
    void reset();

private:
    friend class Database;
    enum class Lifetime { copied, borrowed };

    explicit Statement(Prepared& cached);
    explicit Statement(std::unique_ptr<Prepared> single);

    template <class... Values>
    Result<> bind_each([[maybe_unused]] Lifetime lifetime, const Values&... values) {
        begin_binding(sizeof...(Values));
        int position = 0;    // NOLINT(misc-const-correctness): nothing changes it for no values
        bool bound = true;   // NOLINT(misc-const-correctness)
        ((bound = bound && bind_one(++position, values, lifetime)), ...);
        return bound ? Result<>{} : binding_failed();
    }

    template <class Value>
    bool bind_one(int position, const std::optional<Value>& value, Lifetime lifetime) {
        return value ? bind_one(position, *value, lifetime) : bind_null(position);
    }
    bool bind_one(int position, std::nullptr_t, Lifetime) { return bind_null(position); }
    bool bind_one(int position, std::string_view value, Lifetime lifetime) {
        return bind_text(position, value, lifetime);
    }
    bool bind_one(int position, Bytes value, Lifetime lifetime) {
        return bind_bytes(position, value, lifetime);
    }
    template <std::integral Integer>
    bool bind_one(int position, Integer value, Lifetime) {
        static_assert(sizeof(Integer) < 8 || std::signed_integral<Integer>, "SQL integers are signed");
        return bind_integer(position, value);
    }

    void begin_binding(std::size_t count);
    bool bind_null(int position);
    bool bind_integer(int position, std::int64_t value);
    bool bind_text(int position, std::string_view value, Lifetime lifetime);
    bool bind_bytes(int position, Bytes value, Lifetime lifetime);
    Result<> binding_failed() const;
    Result<> finish();
    void release() noexcept;

    std::unique_ptr<Prepared> single_;   // null when the cache owns it
    Prepared* prepared_;                 // null when moved from
    bool on_row_ = false;
};

}   // namespace ward::store
