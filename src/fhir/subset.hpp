// SPDX-License-Identifier: Apache-2.0
// Parts of resources, for answers that are asked to be short (R4, search.html#summary, #elements).
#pragma once

#include <string>
#include <vector>

#include "fhir/query.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// True if the query asks for less than the whole of each match.
bool asks_for_part(const Query& query);

/// What `query` asks to see of the resource, marked as SUBSETTED: of its top elements those that are asked
/// for and those that the type must have. `resource` is of the query's type and stored, so it has an id and a
/// meta.
std::string part_of(const Query& query, json::Value resource);

}   // namespace ward::fhir
