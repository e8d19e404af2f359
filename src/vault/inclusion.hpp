// SPDX-License-Identifier: Apache-2.0
// _include and _revinclude: what belongs beside the matches of a page (R4, search.html#include).
#pragma once

#include "vault/opener.hpp"
#include "vault/search.hpp"

namespace ward::vault {

/// Fills `found.included`. What the caller may not read is left out without a word; what would take too much
/// to find is refused.
fhir::Checked<> add_included(Opener& opener, const fhir::Query& query, Found& found);

}   // namespace ward::vault
