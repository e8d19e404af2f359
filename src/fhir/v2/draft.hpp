// SPDX-License-Identifier: Apache-2.0
// A resource in the making: JSON whose members can be added in any order, before any of it is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ward::fhir::v2 {

class Draft;

/// A view of one place in a Draft, which must outlive it. Making a place costs nothing in the output: what
/// holds no value is not written, because FHIR knows no empty objects or arrays.
class Place {
public:
    /// The member of that name, made if it is absent. Names are borrowed for ever: literals only.
    Place operator[](std::string_view name) const;
    /// One more element of an array.
    Place append() const;
    /// The first element of an array, made if there is none.
    Place first() const;
    /// `a.b[].c`: members, where `[]` stands for one more element. A literal, as names are.
    Place at(std::string_view path) const;

    void text(std::string_view text) const;
    /// The member of that name, unless the text is empty.
    void set(std::string_view name, std::string_view text) const {
        if (!text.empty()) (*this)[name].text(text);
    }
    /// Numbers, booleans, and what is written in code as JSON.
    void json(std::string_view json) const;
    /// Forgets what is there.
    void clear() const;

    /// Does the member of that name hold a value?
    bool has(std::string_view name) const;
    bool holds_value() const;
    /// Has the array an element whose member of that name says `text`?
    bool has_element(std::string_view name, std::string_view text) const;

private:
    friend class Draft;
    Place(Draft& draft, std::uint32_t node) noexcept : draft_(&draft), node_(node) {}

    Draft* draft_;
    std::uint32_t node_;
};

class Draft {
public:
    Draft();
    Place root() noexcept { return {*this, 0}; }
    /// About how long it is, written.
    std::size_t size_hint() const noexcept { return texts_.size() + nodes_.size() * 20; }
    /// Appends the members of the root, each after a comma, without braces.
    void write_members(std::string& out) const;

private:
    friend class Place;
    enum class Kind : std::uint8_t { nothing, object, array, text, json };
    struct Node {
        std::string_view name;
        std::uint32_t first = 0;   // children; 0, the root, is nobody's child
        std::uint32_t last = 0;
        std::uint32_t next = 0;
        std::uint32_t begin = 0;   // of its text in texts_
        std::uint32_t size = 0;
        Kind kind = Kind::nothing;
    };

    std::uint32_t add(std::uint32_t parent, std::string_view name);
    std::uint32_t find(std::uint32_t parent, std::string_view name) const;
    void put(std::uint32_t node, Kind kind, std::string_view text);
    bool holds_value(std::uint32_t node) const;
    std::string_view text_of(const Node& node) const;
    void write(std::uint32_t node, std::string& out) const;

    std::vector<Node> nodes_;
    std::string texts_;
};

}   // namespace ward::fhir::v2
