// SPDX-License-Identifier: Apache-2.0
#include "vault/writing.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "fhir/compartment.hpp"
#include "vault/merges.hpp"
#include "vault/plan.hpp"
#include "vault/reading.hpp"
#include "vault/search.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;
using fhir::ResourceType;

Checked<> check_resource(json::Value resource, const Placement& place) {
    if (!resource.is_object()) return fhir::refuse(IssueType::structure, "the body is no resource");
    const auto type = fhir::name_of(place.type);
    if (resource["resourceType"].text() != type)
        return fhir::refuse(IssueType::invalid, fmt::format("resourceType is not {}", type), "resourceType");
    if (!fhir::is_id(place.id))
        return fhir::refuse(IssueType::value, "an id has 1 to 64 letters, digits, '-' and '.'",
                            fmt::format("{}.id", type));
    if (place.type == ResourceType::patient && merged_into(resource) == place.id)
        return fhir::refuse(IssueType::business_rule, "no patient is replaced by itself", "Patient.link");
    return {};
}

/// R4, binary.html, securityContext: what it names must be a patient, so that who may see the Binary does not
/// hang on another resource, which may change or come later.
Checked<> check_whose_binary(const Draft& draft) {
    if (draft.type != ResourceType::binary) return {};
    const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
    const auto document = TRY_CHECKED(json::Document::parse(draft.json, limits));
    if (!document.root()["securityContext"].exists() ||
        !fhir::patients_of(draft.type, document.root()).empty())
        return {};
    return fhir::refuse(IssueType::not_supported,
                        "Ward keeps a Binary in a patient's chart or in none:"
                        " securityContext has to be a reference to a Patient",
                        "Binary.securityContext");
}

/// Before it is sealed: that may make a patient's key.
Checked<> check_may_write(const Caller& caller, Permission permission, const Draft& draft) {
    if (caller.sight.is_unlimited(permission, draft.type)) return {};
    const json::Limits limits{.bytes_max = BodyLimits{}.json_bytes_max};
    const auto document = TRY_CHECKED(json::Document::parse(draft.json, limits));
    const auto patients = fhir::patients_of(draft.type, document.root());
    if (caller.sight.may(permission, {draft.type, document.root(), patients})) return {};
    return fhir::refuse(IssueType::forbidden,
                        fmt::format("the token does not allow this {}", fhir::name_of(draft.type)));
}

Change change_to(const Placement& place) {
    if (is_there(place.replaces)) return Change::updated;
    return place.id_from == IdFrom::client ? Change::placed : Change::created;
}

/// With keys, a patient has an index: a match that somebody else commits first shows there. Who may not write
/// into a chart makes none.
Checked<> make_charts(Vault& vault, const Caller& caller, ResourceType type,
                      const std::vector<std::string>& patients, const Otherwise& otherwise) {
    if (!otherwise.resource.exists()) return {};
    for (const auto& patient : patients)
        if (caller.sight.may(otherwise.permission, {type, otherwise.resource, std::span{&patient, 1}}))
            TRY_CHECKED(vault.sealer().ensure_keys(patient));
    return {};
}

Checked<Found> search_now(Vault& vault, const Caller& caller, const SearchRequest& request) {
    const auto reader = TRY_CHECKED(vault.readers().take());
    return search(vault.sealer(), *reader, request, caller.sight, vault.clock().now());
}

}   // namespace

Reply reply_with(Vault& vault, int status, ResourceType type, Prepared prepared, AuditTrail& trail) {
    const auto& version = prepared.change.version;
    const auto path = version_path(type, prepared.id, version.number);
    trail.entities = {path};
    trail.add_patients(prepared.patients);
    Reply reply{status, version_headers(version), std::move(prepared.json), {}};
    if (status == 201) reply.headers.push_back({"Location", fmt::format("{}/{}", vault.base_url(), path)});
    reply.changes.versions.push_back(std::move(prepared.change));
    return reply;
}

Checked<Prepared> prepare(Vault& vault, const Caller& caller, Placement place, json::Value resource,
                          const fhir::LinkMap* links) {
    TRY(check_resource(resource, place));
    const auto permission = place.id_from == IdFrom::client ? Permission::update : Permission::create;
    const auto source_dropped = place.id_from == IdFrom::feed ? std::string_view{} : message_source;
    Draft draft;
    draft.type = place.type;
    draft.id = std::move(place.id);
    draft.time = vault.clock().now();
    draft.change = change_to(place);
    draft.replaces = std::move(place.replaces);
    const auto number = fmt::format("{}", draft.replaces ? draft.replaces->version.number + 1 : 1);
    const auto instant = to_instant(draft.time);
    fhir::write_resource(resource, {draft.id, number, instant, links, vault.base_url(), source_dropped},
                         draft.json);
    TRY(check_whose_binary(draft));
    TRY(check_may_write(caller, permission, draft));
    auto change = TRY_CHECKED(vault.sealer().seal(draft));
    return Prepared{std::move(change), std::move(draft.id), std::move(draft.json), std::move(draft.patients)};
}

Checked<Prepared> prepare_removal(Vault& vault, Placement place) {
    auto body = TRY_CHECKED(vault.sealer().open(*place.replaces));
    Draft draft;
    draft.type = place.type;
    draft.id = std::move(place.id);
    draft.time = vault.clock().now();
    draft.change = Change::deleted;
    draft.patients = std::move(body.patients);
    draft.replaces = std::move(place.replaces);
    auto change = TRY_CHECKED(vault.sealer().seal(draft));
    return Prepared{std::move(change), std::move(draft.id), {}, std::move(draft.patients)};
}

Checked<std::optional<StoredVersion>> current_version(Vault& vault, const Caller& caller,
                                                      std::initializer_list<Permission> permissions,
                                                      ResourceType type, std::string_view id,
                                                      AuditTrail& trail) {
    const auto& sight = caller.sight;
    const auto reader = TRY_CHECKED(vault.readers().take());
    const auto record = vault.sealer().pseudonyms().record(fhir::number_of(type), id);
    auto row = TRY_CHECKED(Records{*reader}.current(record));
    const auto is_unlimited = [&](Permission one) { return sight.is_unlimited(one, type); };
    if (!row || std::ranges::all_of(permissions, is_unlimited)) return row;
    const auto body = TRY(open_for(sight, vault.sealer(), *reader, *row));
    bool may = body.has_value();
    for (const auto one : permissions) may = may && TRY(may_with(vault, *reader, sight, one, *row, *body));
    if (body) trail.add_patients(body->patients);
    if (may) return row;
    trail.withheld = "the caller may not do this to this resource";
    return std::optional<StoredVersion>{};
}

Checked<> check_may_place(const Caller& caller, ResourceType type,
                          const std::optional<StoredVersion>& current) {
    if (is_there(current) || caller.sight.is_unlimited(Permission::update, type)) return {};
    return fhir::refuse(IssueType::not_found, "there is no such resource");
}

Checked<> check_if_match(std::string_view if_match, const std::optional<StoredVersion>& current) {
    if (if_match.empty()) return {};
    const auto wanted = version_of_etag(if_match);
    if (wanted == 0)
        return fhir::refuse(IssueType::value, "If-Match is no version such as W/\"3\"", "If-Match");
    if (!is_there(current) || current->version.number != wanted)
        return fhir::refuse(IssueType::conflict, "the current version is another one than If-Match names",
                            "If-Match");
    return {};
}

Checked<> check_may_change(ResourceType type, const std::optional<StoredVersion>& current) {
    if (type != ResourceType::audit_event || !current) return {};
    return fhir::refuse(IssueType::business_rule, "an AuditEvent is never changed or removed");
}

Checked<Condition> find_condition(Vault& vault, const Caller& caller, ResourceType type,
                                  std::string_view criteria, const Otherwise& otherwise, AuditTrail& trail,
                                  const Gone& gone) {
    trail.add_query(fhir::name_of(type), criteria);
    const auto parameters = parse_form(criteria);
    if (!parameters) return fhir::refuse(IssueType::value, parameters.error().what);
    SearchRequest request;
    request.query = TRY(fhir::parse_query(type, *parameters, {vault.base_url(), {}}));
    request.only = caller.sight.only_patient(type);
    if (!fhir::is_about_one_resource(request.query))
        return fhir::refuse(IssueType::not_supported, "a condition cannot look at other resources");
    if (request.query.filters.empty())   // any resource of the type would match
        return fhir::refuse(IssueType::required, "this needs an id, or a search that finds one resource");
    if (!fhir::says_only_what_matches(request.query))
        return fhir::refuse(IssueType::not_supported, "a condition says nothing of how matches are shown");
    trail.add_patients(fhir::patients_in_query(request.query));
    request.count = 2 + gone.size();
    auto found = TRY(search_now(vault, caller, request));
    if (found.matches.empty() && !found.is_watched) {
        const auto patients = patients_of_request(request);
        TRY(make_charts(vault, caller, type, patients, otherwise));
        found = TRY(search_now(vault, caller, request));
        const bool is_in_charts = !patients.empty() && fhir::in_patient_compartment(type);
        if (!found.is_watched && !is_in_charts)
            return fhir::refuse(IssueType::too_costly,
                                "a condition needs a parameter that is indexed, such as identifier");
    }
    for (const auto& match : found.matches) trail.add_patients(match.body.patients);
    std::erase_if(found.matches, [&](const Match& match) {
        return gone.contains(fmt::format("{}/{}", fhir::name_of(type), match.body.id));
    });
    if (found.matches.size() > 1)
        return fhir::refuse(
            IssueType::multiple_matches,
            fmt::format("a condition on {} matches more than one resource", fhir::name_of(type)));
    if (found.next)
        return fhir::refuse(IssueType::too_costly, "a condition must name what it looks for more closely");
    Condition condition;
    condition.observed = std::move(found.observed);
    if (!found.matches.empty()) {
        auto& match = found.matches.front();
        condition.id = std::move(match.body.id);
        condition.number = match.row.version.number;
    }
    return condition;
}

Checked<Reply> create(Vault& vault, const Caller& caller, ResourceType type, json::Value resource,
                      std::string_view if_none_exist, AuditTrail& trail) {
    trail.entities = {std::string{fhir::name_of(type)}};
    Condition condition;
    if (!if_none_exist.empty()) {
        condition =
            TRY(find_condition(vault, caller, type, if_none_exist, {Permission::create, resource}, trail));
    }
    if (!condition.id.empty()) {
        // Who may search and not read is told that there is one, and which.
        auto existing = read(vault, caller, type, condition.id, trail);
        if (!existing && existing.error().type != IssueType::not_found) return existing;
        if (!existing) existing = Reply{200, {{"ETag", etag_of(condition.number)}}, {}, {}};
        trail.withheld.clear();
        existing->headers.push_back(
            {"Location",
             fmt::format("{}/{}", vault.base_url(), version_path(type, condition.id, condition.number))});
        return existing;
    }
    auto prepared = TRY(
        prepare(vault, caller, {type, uuid_v7(vault.clock().now()), {}, IdFrom::server}, resource, nullptr));
    auto reply = reply_with(vault, 201, type, std::move(prepared), trail);
    reply.changes.observed = std::move(condition.observed);
    return reply;
}

Checked<Reply> put(Vault& vault, const Caller& caller, Placement place, json::Value resource,
                   const UpdateConditionView& condition, AuditTrail& trail) {
    const auto type = place.type;
    place.replaces = TRY(current_version(vault, caller, {Permission::update}, type, place.id, trail));
    if (place.id_from == IdFrom::client) TRY(check_may_place(caller, type, place.replaces));
    const bool replaces = is_there(place.replaces);
    TRY(check_if_match(condition.if_match, place.replaces));
    TRY(check_may_change(type, place.replaces));
    if (!condition.if_none_match.empty() && replaces)
        return fhir::refuse(IssueType::conflict, "there is such a resource already", "If-None-Match");
    auto prepared = TRY(prepare(vault, caller, std::move(place), resource, nullptr));
    return reply_with(vault, replaces ? 200 : 201, type, std::move(prepared), trail);
}

Checked<Reply> update(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                      json::Value resource, const UpdateConditionView& condition, AuditTrail& trail) {
    trail.entities = {fmt::format("{}/{}", fhir::name_of(type), id)};
    if (resource["id"].text() != id)
        return fhir::refuse(IssueType::invalid, "the id in the resource is not the one in the address",
                            fmt::format("{}.id", fhir::name_of(type)));
    return put(vault, caller, {type, id, {}}, resource, condition, trail);
}

Checked<Reply> remove(Vault& vault, const Caller& caller, ResourceType type, const std::string& id,
                      std::string_view if_match, AuditTrail& trail) {
    trail.entities = {fmt::format("{}/{}", fhir::name_of(type), id)};
    auto current = TRY(current_version(vault, caller, {Permission::remove}, type, id, trail));
    TRY(check_if_match(if_match, current));
    TRY(check_may_change(type, current));
    // R4, http.html#delete: there is nothing to do, and that is no error.
    if (!is_there(current)) return Reply{204, {}, {}, {}};
    auto prepared = TRY(prepare_removal(vault, {type, id, std::move(current)}));
    return reply_with(vault, 204, type, std::move(prepared), trail);
}

}   // namespace ward::vault
