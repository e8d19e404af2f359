// SPDX-License-Identifier: Apache-2.0
// The order that a search asks for (R4, search.html#sort).
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <vector>

#include "json/document.hpp"

namespace ward::fhir {

struct Query;

/// For each key of the search what a resource is sorted by, as text whose bytes sort as the values do;
/// nothing where the resource has no such value.
using SortPosition = std::vector<std::optional<std::string>>;

/// Of several values the one that comes first counts. `resource` is of the query's type.
SortPosition sort_position(const Query& query, json::Value resource);

/// What has no value comes last, whichever way is sorted.
std::strong_ordering compare(const Query& query, const SortPosition& a, const SortPosition& b);

}   // namespace ward::fhir
