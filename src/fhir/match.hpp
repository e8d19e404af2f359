// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/clock.hpp"
#include "fhir/query.hpp"
#include "fhir/values.hpp"
#include "json/document.hpp"

namespace ward::fhir {

/// The exact filter, for resources that an index only suggested. `now` matters to the `ap` prefix only.
bool matches(const Query& query, json::Value resource, Time now);

/// One value against one term of the same kind; other kinds never match.
bool matches(const Term& term, const IndexedValue& value, Time now);

}   // namespace ward::fhir
