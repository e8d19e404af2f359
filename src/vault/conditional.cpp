// SPDX-License-Identifier: Apache-2.0
#include "vault/conditional.hpp"

#include <fmt/format.h>

#include "vault/patching.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

/// At most one match.
Checked<Condition> find_one(Vault& vault, const Caller& caller, ResourceType type, std::string_view criteria,
                            const Otherwise& otherwise, AuditTrail& trail) {
    trail.entities = {std::string{fhir::name_of(type)}};
    return find_condition(vault, caller, type, criteria, otherwise, trail);
}

Checked<Reply> resting_on(Condition condition, Checked<Reply> reply) {
    if (reply) reply->changes.observed = std::move(condition.observed);
    return reply;
}

}   // namespace

Otherwise otherwise_put(json::Value resource) {
    return {resource["id"].text().empty() ? Permission::create : Permission::update, resource};
}

Checked<Placement> place_conditional(Vault& vault, const Caller& caller, ResourceType type,
                                     const Condition& condition, json::Value resource, AuditTrail& trail) {
    const auto id = resource["id"].text();
    if (!condition.id.empty()) {
        if (id.empty() || id == condition.id) return Placement{type, condition.id, {}};
        return fhir::refuse(IssueType::invalid, "the id in the resource is not that of the one that matches",
                            fmt::format("{}.id", fhir::name_of(type)));
    }
    if (id.empty()) return Placement{type, uuid_v7(vault.clock().now()), {}, IdFrom::server};
    const auto current = TRY(current_version(vault, caller, {Permission::update}, type, id, trail));
    if (is_there(current))
        return fhir::refuse(IssueType::duplicate, "nothing matches, and there is a resource of this id");
    return Placement{type, std::string{id}, {}};
}

Checked<Reply> conditional_update(Vault& vault, const Caller& caller, ResourceType type,
                                  std::string_view criteria, json::Value resource,
                                  const UpdateConditionView& headers, AuditTrail& trail) {
    auto condition = TRY(find_one(vault, caller, type, criteria, otherwise_put(resource), trail));
    auto place = TRY(place_conditional(vault, caller, type, condition, resource, trail));
    return resting_on(std::move(condition), put(vault, caller, std::move(place), resource, headers, trail));
}

Checked<Reply> conditional_patch(Vault& vault, const Caller& caller, ResourceType type,
                                 std::string_view criteria, json::Value operations, std::string_view if_match,
                                 AuditTrail& trail) {
    auto condition = TRY(find_one(vault, caller, type, criteria, {}, trail));
    if (condition.id.empty()) return fhir::refuse(IssueType::not_found, "nothing matches");
    const auto id = condition.id;
    return resting_on(std::move(condition), patch(vault, caller, type, id, operations, if_match, trail));
}

Checked<Reply> conditional_remove(Vault& vault, const Caller& caller, ResourceType type,
                                  std::string_view criteria, std::string_view if_match, AuditTrail& trail) {
    auto condition = TRY(find_one(vault, caller, type, criteria, {}, trail));
    // R4, http.html#cdelete: as an ordinary delete of what is not there.
    if (condition.id.empty()) return Reply{204, {}, {}, {}};
    const auto id = condition.id;
    return resting_on(std::move(condition), remove(vault, caller, type, id, if_match, trail));
}

}   // namespace ward::vault
