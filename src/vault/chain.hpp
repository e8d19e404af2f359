// SPDX-License-Identifier: Apache-2.0
// Searches that look at what a resource names, or at what names it (R4, search.html#chaining, #has). Each is
// a search of its own under the same rules and with the same caller's eyes: what they may not see matches
// nothing on the way either.
#pragma once

#include "vault/opener.hpp"
#include "vault/search.hpp"

namespace ward::vault {

/// Puts filters on ids in the place of the chains. False if one leads to nothing, so that nothing can match.
/// Refuses chains, in both directions, over types that the caller may not search.
fhir::Checked<bool> resolve_chains(Opener& opener, SearchRequest& request);

/// Whether for each reverse chain some resource names this one.
fhir::Checked<bool> passes_reverses(Opener& opener, const fhir::Query& query, const OpenedRecord& record);

/// The filter that only resources pass which name Type/id in this parameter.
fhir::Filter naming(const fhir::SearchParameter& reference, fhir::ResourceType type, std::string_view id);

/// In whose charts to look for what names a record: a patient's own, or those in which the record is.
std::vector<std::string> charts_of(const StoredVersion& row, const Body& body);

/// Refuses when the searches along links open more than one request may.
fhir::Checked<> check_effort(const Opener& opener);

}   // namespace ward::vault
