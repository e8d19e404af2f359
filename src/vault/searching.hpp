// SPDX-License-Identifier: Apache-2.0
// The search interaction (R4, http.html#search): from a request's parameters to a Bundle.
#pragma once

#include <string>

#include "vault/paging.hpp"

namespace ward::vault {

/// `compartment` is a patient's id, or empty.
fhir::Checked<Reply> search_type(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                 const std::string& compartment, PageRequest page, AuditTrail& trail);

}   // namespace ward::vault
