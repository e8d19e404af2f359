// SPDX-License-Identifier: Apache-2.0
// The interactions that add a version (R4, http.html). What they return takes effect when its changes are
// committed.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "fhir/resource_types.hpp"
#include "fhir/rewrite.hpp"
#include "json/document.hpp"
#include "vault/exchange.hpp"
#include "vault/vault.hpp"

namespace ward::vault {

/// A version ready to be committed, and what it says.
struct Prepared {
    NewVersion change;
    std::string id;
    std::string json;
    std::vector<std::string> patients;
};

/// What a feed writes names in meta.source the message that it rests on; what others write, none.
enum class IdFrom { client, server, feed };
inline constexpr std::string_view message_source = "urn:uuid:";   // and the id of its Binary

/// Where a resource goes, and what it replaces.
struct Placement {
    fhir::ResourceType type{};
    std::string id;
    std::optional<StoredVersion> replaces;   // perhaps a tombstone
    IdFrom id_from = IdFrom::client;
};

/// Seals `resource` as the next version of its place, its links mapped by `links` if given. The resource must
/// be of the type of the place, and such that `caller` may write it.
fhir::Checked<Prepared> prepare(Vault& vault, const Caller& caller, Placement place, json::Value resource,
                                const fhir::LinkMap* links);

/// A tombstone after `current`.
fhir::Checked<Prepared> prepare_removal(Vault& vault, Placement place);

/// What stands there now, tombstone or not; nothing where the caller may not do all of this to it, which the
/// trail tells.
fhir::Checked<std::optional<StoredVersion>> current_version(Vault& vault, const Caller& caller,
                                                            std::initializer_list<Permission> permissions,
                                                            fhir::ResourceType type, std::string_view id,
                                                            AuditTrail& trail);

/// Whether somebody who may not see all there is may place a resource under an id of their choice: no, since
/// the answer would tell which ids are taken.
fhir::Checked<> check_may_place(const Caller& caller, fhir::ResourceType type,
                                const std::optional<StoredVersion>& current);

/// If-Match names the version that is to be replaced (R4, http.html#concurrency); empty asks for nothing.
fhir::Checked<> check_if_match(std::string_view if_match, const std::optional<StoredVersion>& current);

/// The audit trail is only added to: what is there is never replaced or removed through the API.
fhir::Checked<> check_may_change(fhir::ResourceType type, const std::optional<StoredVersion>& current);

/// What a conditional reference, create or update finds: at most one resource.
struct Condition {
    std::string id;   // of the one match; empty if there is none
    std::int64_t number = 0;
    std::vector<Observed> observed;   // must still hold at the commit
};
/// Resources, as "Type/id", that are taken for deleted.
using Gone = std::set<std::string, std::less<>>;
/// What is written if nothing matches; without a resource, nothing.
struct Otherwise {
    Permission permission = Permission::create;
    json::Value resource;
};
/// `criteria` is a search without its `?`. More than one match is refused. What was asked, and whose records
/// were looked at, is in the trail however it ends.
fhir::Checked<Condition> find_condition(Vault& vault, const Caller& caller, fhir::ResourceType type,
                                        std::string_view criteria, const Otherwise& otherwise,
                                        AuditTrail& trail, const Gone& gone = {});

/// The answer to a write, with its change.
Reply reply_with(Vault& vault, int status, fhir::ResourceType type, Prepared prepared, AuditTrail& trail);

/// What a condition matches is shown to a caller who may read it.
fhir::Checked<Reply> create(Vault& vault, const Caller& caller, fhir::ResourceType type, json::Value resource,
                            std::string_view if_none_exist, AuditTrail& trail);

/// A view of the headers that say what must be there, or must not.
struct UpdateConditionView {
    std::string_view if_match;
    std::string_view if_none_match;   // "*": only if there is nothing yet
};
/// Replaces what is at the place, or is the first there; the resource's own id is not looked at.
fhir::Checked<Reply> put(Vault& vault, const Caller& caller, Placement place, json::Value resource,
                         const UpdateConditionView& condition, AuditTrail& trail);
fhir::Checked<Reply> update(Vault& vault, const Caller& caller, fhir::ResourceType type,
                            const std::string& id, json::Value resource, const UpdateConditionView& condition,
                            AuditTrail& trail);
fhir::Checked<Reply> remove(Vault& vault, const Caller& caller, fhir::ResourceType type,
                            const std::string& id, std::string_view if_match, AuditTrail& trail);

}   // namespace ward::vault
