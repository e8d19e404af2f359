// SPDX-License-Identifier: Apache-2.0
// The interactions that change nothing (R4, http.html). Each fills the audit trail with what it opened.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fhir/resource_types.hpp"
#include "vault/exchange.hpp"
#include "vault/paging.hpp"
#include "vault/search.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// Whether the caller may do this with a version. A tombstone says nothing that a restriction or a consent
/// could be about: whoever may do it with what was removed may do it with the tombstone.
fhir::Checked<bool> may_with(Vault& vault, store::Database& reader, const Sight& sight, Permission permission,
                             const StoredVersion& row, const Body& body);

/// What the caller may not see is answered as what is not there; the trail tells the difference.
fhir::Checked<Reply> read(Vault& vault, const Caller& caller, fhir::ResourceType type, const std::string& id,
                          AuditTrail& trail);
fhir::Checked<Reply> read_version(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                  const std::string& id, std::int64_t number, AuditTrail& trail);

fhir::Checked<Reply> history(Vault& vault, const Caller& caller, fhir::ResourceType type,
                             const std::string& id, PageRequest page, AuditTrail& trail);
fhir::Checked<Reply> type_history(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                  PageRequest page, AuditTrail& trail);

/// Patient/$everything: what `caller` may read of a patient's chart, in one Bundle.
fhir::Checked<Reply> patient_everything(Vault& vault, const Caller& caller, const std::string& patient,
                                        AuditTrail& trail);

}   // namespace ward::vault
