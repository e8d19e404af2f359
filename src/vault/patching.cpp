// SPDX-License-Identifier: Apache-2.0
#include "vault/patching.hpp"

#include <fmt/format.h>

#include "json/patch.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

constexpr json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};

/// R4, http.html#patch: a patch that cannot be applied is a 422.
fhir::Issue issue_of_patch(const Error& error) {
    const auto type = error.code == Errc::conflict         ? IssueType::processing
                      : error.code == Errc::limit_exceeded ? IssueType::too_costly
                                                           : IssueType::structure;
    return {type, error.what, {}};
}

}   // namespace

Checked<json::Document> patched_resource(Vault& vault, const Placement& place, json::Value patch) {
    const auto& current = place.replaces;
    if (!current) return fhir::refuse(IssueType::not_found, "there is no such resource");
    if (!is_there(current))
        return fhir::refuse(IssueType::deleted,
                            fmt::format("deleted in version {}", current->version.number));
    const auto body = TRY_CHECKED(vault.sealer().open(*current));
    const auto before = TRY_CHECKED(json::Document::parse(body.json.reveal(), limits));
    auto text = json::patched(before.root(), patch);
    if (!text) return tl::unexpected(issue_of_patch(text.error()));
    auto after = json::Document::parse(*std::move(text), limits);
    if (!after) return tl::unexpected(issue_of_patch(after.error()));
    if ((*after)["resourceType"].text() != fhir::name_of(place.type) || (*after)["id"].text() != place.id)
        return fhir::refuse(IssueType::processing, "a patch changes neither resourceType nor id");
    return *std::move(after);
}

Checked<json::Document> patch_in_binary(json::Value binary) {
    if (binary["resourceType"].text() != "Binary" ||
        binary["contentType"].text() != "application/json-patch+json")
        return fhir::refuse(IssueType::not_supported,
                            "a PATCH takes a Binary with contentType application/json-patch+json");
    const auto bytes = from_base64(binary["data"].text());
    if (!bytes) return fhir::refuse(IssueType::value, "the data of the Binary is no base64");
    auto patch = json::Document::parse(std::string{as_text(*bytes)}, limits);
    if (!patch) return fhir::refuse(IssueType::structure, patch.error().what);
    return *std::move(patch);
}

Checked<Reply> patch(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                     json::Value patch, std::string_view if_match, AuditTrail& trail) {
    trail.entities = {fmt::format("{}/{}", fhir::name_of(type), id)};
    Placement place{type, id, {}};
    place.replaces =
        TRY(current_version(vault, caller, {Permission::update, Permission::read}, type, id, trail));
    TRY(check_if_match(if_match, place.replaces));
    TRY(check_may_change(type, place.replaces));
    const auto resource = TRY(patched_resource(vault, place, patch));
    auto prepared = TRY(prepare(vault, caller, std::move(place), resource.root(), nullptr));
    return reply_with(vault, 200, type, std::move(prepared), trail);
}

}   // namespace ward::vault
