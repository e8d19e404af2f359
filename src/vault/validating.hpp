// SPDX-License-Identifier: Apache-2.0
// $validate (R4, resource-operation-validate.html), against the base definitions.
#pragma once

#include <span>
#include <string>

#include "core/form.hpp"
#include "fhir/resource_types.hpp"
#include "json/document.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// Whether a resource could be stored, and whether it is as R4 defines its type. `id` is empty at a type.
/// `body` is the resource, or Parameters with it; `parameters` are those of the address. The answer is an
/// OperationOutcome, with status 200 whatever is wrong with the resource.
fhir::Checked<Reply> validate(Vault& vault, const Caller& caller, fhir::ResourceType type,
                              const std::string& id, json::Value body, std::span<const FormField> parameters,
                              AuditTrail& trail);

}   // namespace ward::vault
