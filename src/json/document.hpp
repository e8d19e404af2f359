// SPDX-License-Identifier: Apache-2.0
// Strict RFC 8259 JSON, read once into a table of nodes that keeps the exact spelling of the source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace ward::json {

struct Limits {
    std::size_t bytes_max = std::size_t{32} << 20;
    std::size_t nodes_max = std::size_t{2} << 20;   // 40 bytes of memory each
    std::size_t depth_max = 64;                     // nested objects and arrays
};

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

namespace detail {
struct Tree;
}

class Items;
class Members;

/// A view of one value in a Document, valid as long as that Document lives (moving it is fine).
/// A default-made Value, and what a lookup did not find, is null and does not exist.
class Value {
public:
    Value() = default;

    Kind kind() const noexcept;
    bool exists() const noexcept { return tree_ != nullptr; }
    bool is_object() const noexcept { return kind() == Kind::object; }
    bool is_array() const noexcept { return kind() == Kind::array; }
    bool is_string() const noexcept { return kind() == Kind::string; }

    /// The member of that name; a Value that does not exist if this is no object or has none.
    Value operator[](std::string_view key) const noexcept;

    /// The elements of an array; nothing for any other kind.
    Items items() const noexcept;
    /// The members of an object in their order; nothing for any other kind.
    Members members() const noexcept;
    /// Number of elements or members.
    std::size_t size() const noexcept;

    /// The unescaped text of a string; empty for any other kind.
    std::string_view text() const noexcept;
    /// The bytes of the source that this value is, from its first to its last.
    std::string_view raw() const noexcept;
    /// True if raw() has no white space between its tokens.
    bool is_compact() const noexcept;
    std::optional<double> number() const noexcept;
    std::optional<bool> boolean() const noexcept;
    /// Where in the source this value begins, for error messages.
    std::size_t offset() const noexcept;

private:
    friend class Document;
    friend class Items;
    friend class Members;
    Value(const detail::Tree& tree, std::uint32_t node) noexcept : tree_(&tree), node_(node) {}

    const detail::Tree* tree_ = nullptr;
    std::uint32_t node_ = 0;
};

struct Member {
    std::string_view key;       // unescaped
    std::string_view raw_key;   // as in the source, with its quotes
    Value value;
};

/// A view of an array's elements.
class Items {
public:
    class Iterator {
    public:
        using value_type = Value;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Value operator*() const noexcept { return {*tree_, node_}; }
        Iterator& operator++() noexcept;
        void operator++(int) noexcept { ++*this; }
        bool operator==(const Iterator& other) const noexcept { return node_ == other.node_; }

    private:
        friend class Items;
        Iterator(const detail::Tree* tree, std::uint32_t node) noexcept : tree_(tree), node_(node) {}
        const detail::Tree* tree_ = nullptr;
        std::uint32_t node_ = 0;
    };

    Iterator begin() const noexcept { return {tree_, begin_}; }
    Iterator end() const noexcept { return {tree_, end_}; }

private:
    friend class Value;
    const detail::Tree* tree_ = nullptr;
    std::uint32_t begin_ = 0;
    std::uint32_t end_ = 0;
};

/// A view of an object's members.
class Members {
public:
    class Iterator {
    public:
        using value_type = Member;
        using difference_type = std::ptrdiff_t;
        Iterator() = default;
        Member operator*() const noexcept;
        Iterator& operator++() noexcept;
        void operator++(int) noexcept { ++*this; }
        bool operator==(const Iterator& other) const noexcept { return node_ == other.node_; }

    private:
        friend class Members;
        Iterator(const detail::Tree* tree, std::uint32_t node) noexcept : tree_(tree), node_(node) {}
        const detail::Tree* tree_ = nullptr;
        std::uint32_t node_ = 0;
    };

    Iterator begin() const noexcept { return {tree_, begin_}; }
    Iterator end() const noexcept { return {tree_, end_}; }

private:
    friend class Value;
    const detail::Tree* tree_ = nullptr;
    std::uint32_t begin_ = 0;
    std::uint32_t end_ = 0;
};

/// Owns a text and the table of its values. Immutable; may be read from several threads.
class Document {
public:
    /// Refuses what RFC 8259 refuses, and: duplicate keys, invalid UTF-8, unpaired surrogates, numbers past
    /// the range of a double, and whatever exceeds `limits` (Errc::limit_exceeded; else Errc::malformed).
    /// Errors name the byte where it is, and never say what is there: it may be a patient's.
    static Result<Document> parse(std::string text, Limits limits = {});

    Document(Document&&) noexcept;
    Document& operator=(Document&&) noexcept;
    ~Document();

    Value root() const noexcept;
    Value operator[](std::string_view key) const noexcept { return root()[key]; }
    const std::string& source() const noexcept;

private:
    explicit Document(std::unique_ptr<detail::Tree> tree) noexcept;
    std::unique_ptr<detail::Tree> tree_;
};

/// The same JSON: members in any order, numbers by their spelling.
bool equal(Value a, Value b);

}   // namespace ward::json
