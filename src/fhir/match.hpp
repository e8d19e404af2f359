// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "fhir/query.hpp"
#include "fhir/values.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// The exact filter, for resources that an index only suggested: type and filters, not the chains, which are
/// about other resources. `now` matters to the `ap` prefix only.
bool matches(const Query& query, json::Value resource, Time now);

/// One filter of a query, on a resource of that type.
bool matches(const Filter& filter, ResourceType type, json::Value resource, Time now);

/// One value against one term of the same kind; other kinds never match.
bool matches(const Term& term, const Value& value, Time now);

}   // namespace ward::fhir
