// SPDX-License-Identifier: Apache-2.0
// PATCH (R4, http.html#patch), as JSON Patch.
#pragma once

#include <string>
#include <string_view>

#include "fhir/resource_types.hpp"
#include "json/document.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"
#include "vault/writing.hpp"

namespace ward::vault {

/// What the patch makes of what `place` replaces. It must still be a resource of this type and id. For who
/// may read that: whether a patch can be applied tells what stands there.
fhir::Checked<json::Document> patched_resource(Vault& vault, const Placement& place, json::Value patch);

/// The JSON Patch that an entry of a Bundle carries (R4, http.html#trules): a Binary of that content type.
fhir::Checked<json::Document> patch_in_binary(json::Value binary);

fhir::Checked<Reply> patch(Vault& vault, const Caller& caller, fhir::ResourceType type, const std::string& id,
                           json::Value patch, std::string_view if_match, AuditTrail& trail);

}   // namespace ward::vault
