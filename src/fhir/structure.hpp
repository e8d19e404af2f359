// SPDX-License-Identifier: Apache-2.0
// What R4's own definitions say that resources and data types are made of, as tables.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ward::fhir {

/// An element of a shape. `types`: what it may be, with `|` between: a type's name; "Reference(A,B)" for one
/// to A or B, "Reference" for one to anything; "@Shape" for elements of its own.
struct ElementRow {
    std::string_view name;   // "value[x]" for a choice of types
    std::uint8_t min;
    bool repeats;
    std::string_view types;
    std::uint16_t values;   // the required value set, counted from 1; 0: none
};

/// A resource type, a data type, or an element that has elements ("Observation.component"). It has those of
/// its base too.
struct ShapeRow {
    std::string_view name;
    std::string_view base;   // a shape; empty for Element and Resource
    std::uint16_t begin;     // in the table of elements
    std::uint16_t size;
};

/// `codes`: a line for each system, which stands first, then its codes, with spaces between.
struct ValueSetRow {
    std::string_view url;
    std::string_view codes;
};

/// The generated tables; shapes are sorted by name.
std::span<const ElementRow> element_rows();
std::span<const ShapeRow> shape_rows();
std::span<const ValueSetRow> value_set_rows();

/// Nothing if there is none of this name: primitive types have no shape.
const ShapeRow* find_shape(std::string_view name);

std::span<const ElementRow> own_elements(const ShapeRow& shape);

/// What a JSON member is.
struct MemberMeaning {
    const ElementRow* element;
    std::string_view type;   // the one of the element's types that it has
};
std::optional<MemberMeaning> meaning_of(const ShapeRow& shape, std::string_view member);

/// Calls `see` with each of the types.
template <class See>
void for_each_type(std::string_view types, See&& see) {
    while (!types.empty()) {
        const auto end = types.find('|');
        see(types.substr(0, end));
        types = end == std::string_view::npos ? std::string_view{} : types.substr(end + 1);
    }
}

/// Whether a value set has the code, in that system or, without one, in any.
bool has_code(const ValueSetRow& set, std::optional<std::string_view> system, std::string_view code);

}   // namespace ward::fhir
