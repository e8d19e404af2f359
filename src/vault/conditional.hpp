// SPDX-License-Identifier: Apache-2.0
// Writes to the one resource that a search finds (R4, http.html#cond-update and #cdelete). `criteria` is the
// search without its `?`. What was decided must still hold at the commit.
#pragma once

#include <string>
#include <string_view>

#include "fhir/resource_types.hpp"
#include "json/document.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"
#include "vault/writing.hpp"

namespace ward::vault {

/// What a conditional PUT does if nothing matches.
Otherwise otherwise_put(json::Value resource);

/// Where a conditional PUT goes when its condition found this.
fhir::Checked<Placement> place_conditional(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                           const Condition& condition, json::Value resource,
                                           AuditTrail& trail);

fhir::Checked<Reply> conditional_update(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                        std::string_view criteria, json::Value resource,
                                        const UpdateConditionView& headers, AuditTrail& trail);
fhir::Checked<Reply> conditional_patch(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                       std::string_view criteria, json::Value patch,
                                       std::string_view if_match, AuditTrail& trail);
fhir::Checked<Reply> conditional_remove(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                        std::string_view criteria, std::string_view if_match,
                                        AuditTrail& trail);

}   // namespace ward::vault
