// SPDX-License-Identifier: Apache-2.0
// Which fields of an event are found without reading all of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/postings.hpp"
#include "history/scalar.hpp"

namespace ward::history {

/// `address`: also by the prefixes that it is in. `name`: also by the domains that it is in, `*.example`.
enum class Reach : std::uint8_t { whole, address, name };

struct IndexedField {
    std::string_view path;
    Reach by = Reach::whole;
    std::int64_t since = 1;   // the generation of the index that had it first, as it is now
};

/// Of what is written now. To be raised with each change of a field or of its keys: what an older index does
/// not have is then not looked for in it.
constexpr std::int64_t index_generation = 1;

/// The one list; docs/formats/event-query.md shows it.
std::span<const IndexedField> indexed_fields();

/// A name for several fields: whichever of them has the value.
struct Several {
    std::string_view name;
    std::vector<std::string_view> paths;
};
std::span<const Several> several_fields();

/// Appends the key of each indexed value of an event, some twice.
void append_keys(json::Value event, std::vector<Key>& out);

/// Nothing for a field that is not in the index.
const IndexedField* find_indexed(std::string_view path);

/// What an event must have one of, so that `path` has the value. Nothing: the index does not know.
std::optional<std::vector<Key>> keys_of(std::string_view path, std::string_view value);
std::optional<std::vector<Key>> keys_of(std::string_view path, const Prefix& prefix);
/// The same for every name that ends with a point and `domain`.
std::optional<std::vector<Key>> keys_below(std::string_view path, std::string_view domain);

}   // namespace ward::history
