// SPDX-License-Identifier: Apache-2.0
// Pages of histories and searches, and the links that lead on.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/exchange.hpp"
#include "vault/search.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// Which part of a history or search is asked for: the address and its parameters, decoded.
struct PageRequest {
    std::string path;   // below the base, such as "Patient/p1/_history"
    std::vector<FormField> parameters;
    fhir::Unknown unknown = fhir::Unknown::refused;   // what to do about parameters that nobody knows
};

/// What was asked, as an address below the base.
std::string address_of(const PageRequest& page);

/// Puts the first page's parameters in the place of `_page`, and tells where the page begins. Refuses a link
/// that was given to another caller.
fhir::Checked<std::optional<Place>> turn_page(Vault& vault, const Caller& caller, PageRequest& page);

/// "Type/id/_history/3"
std::string version_path(fhir::ResourceType type, std::string_view id, std::int64_t number);

fhir::Checked<std::string> next_url(Vault& vault, const Caller& caller, const PageRequest& page, Place place);

}   // namespace ward::vault
