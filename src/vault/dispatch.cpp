// SPDX-License-Identifier: Apache-2.0
#include "vault/dispatch.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/log.hpp"
#include "fhir/capability.hpp"
#include "vault/break_glass.hpp"
#include "vault/conditional.hpp"
#include "vault/export_wish.hpp"
#include "vault/patching.hpp"
#include "vault/reading.hpp"
#include "vault/release.hpp"
#include "vault/searching.hpp"
#include "vault/validating.hpp"
#include "vault/writing.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::Interaction;
using fhir::IssueType;

/// What rests on nothing that another change could overtake: a read, or a new record under a new id.
bool cannot_conflict(Interaction interaction, const AskView& ask) {
    using enum Interaction;
    if (interaction == create) return ask.if_none_exist.empty();
    return interaction != update && interaction != patch && interaction != remove;
}

Permission permission_for(Interaction interaction) {
    using enum Interaction;
    switch (interaction) {
        case create: return Permission::create;
        case update:
        case patch: return Permission::update;
        case remove: return Permission::remove;
        case history_type:
        case search_type: return Permission::search;
        default: return Permission::read;
    }
}

Checked<> check_permission(const Caller& caller, const AskView& ask, const Route& route) {
    using enum Interaction;
    if (route.interaction == capabilities || route.interaction == transaction) return {};
    if (is_about_glass(route.operation)) return {};   // its own rules say who
    if (route.is_of_export()) return {};              // Exports checks what the token and the grant allow
    const auto type = fhir::name_of(route.type);
    // Whether a condition matches tells what a search would, and whether a patch can be applied what a read
    // would.
    const auto& sight = caller.sight;
    if (route.operation == "$validate")   // who writes asks it as well as who reads
        for (const auto permission : {Permission::read, Permission::create, Permission::update})
            if (sight.may_ever(permission, route.type)) return {};
    const bool has_condition = !ask.if_none_exist.empty() || route.is_conditional();
    const bool may_ask = (!has_condition || sight.may_ever(Permission::search, route.type)) &&
                         (route.interaction != patch || sight.may_ever(Permission::read, route.type));
    if (may_ask && sight.may_ever(permission_for(route.interaction), route.type)) return {};
    return fhir::refuse(IssueType::forbidden, fmt::format("the token does not allow {} of {}",
                                                          fhir::code_of(route.interaction), type));
}

Checked<> check_patch(const AskView& ask, const Route& route) {
    const bool patches = route.interaction == Interaction::patch;
    if (patches == ask.patch.exists()) return {};
    return fhir::refuse(IssueType::not_supported,
                        patches ? "PATCH takes a body of type application/json-patch+json"
                                : "only PATCH takes application/json-patch+json",
                        "Content-Type");
}

/// What a request says and this server does not heed is refused: the client may rest on it.
Checked<> check_nothing_ignored(const AskView& ask, const Route& route) {
    using enum Interaction;
    const bool takes_body = route.interaction == create || route.interaction == update ||
                            route.operation == "$validate" || route.operation == "$break-glass" ||
                            route.operation == "$review";
    TRY(check_patch(ask, route));
    if (ask.resource.exists() && ask.resource.kind() != json::Kind::null && !takes_body)
        return fhir::refuse(IssueType::not_supported,
                            "this interaction takes no body; a search takes a form");
    if (!ask.if_none_match.empty() && route.interaction == update && ask.if_none_match != "*")
        return fhir::refuse(IssueType::not_supported, "If-None-Match of an update is * or absent");
    const bool replaces =
        route.interaction == update || route.interaction == patch || route.interaction == remove;
    if (!ask.if_none_exist.empty() && route.interaction != create)
        return fhir::refuse(IssueType::not_supported, "If-None-Exist is for creating");
    if (!ask.if_match.empty() && !replaces)
        return fhir::refuse(IssueType::not_supported, "If-Match is for updating and deleting");
    if (!ask.if_none_match.empty() && route.interaction != update &&
        (replaces || route.interaction == create))
        return fhir::refuse(IssueType::not_supported, "If-None-Match is for reading and updating");
    const auto reads_parameters = {search_type, history_instance, history_type};
    if (std::ranges::find(reads_parameters, route.interaction) != reads_parameters.end() ||
        route.is_conditional() || route.operation == "$validate" || route.is_of_export())
        return {};
    for (const auto& [name, value] : ask.parameters) {
        const bool is_format =
            name == "_format" && (value == "json" || value.find("json") != std::string::npos);
        if (!is_format && name != "_pretty")
            return fhir::refuse(IssueType::not_supported, "this parameter is not supported here", name);
    }
    return {};
}

/// The address of a search without `_search`, which its pages share however it was asked.
std::string page_path(const Route& route, const AskView& ask) {
    if (route.interaction != Interaction::search_type) return ask.path;
    const auto type = fhir::name_of(route.type);
    return route.compartment.empty() ? std::string{type}
                                     : fmt::format("Patient/{}/{}", route.compartment, type);
}

/// What is refused before anything was found out is told as it was asked.
void tell_what_was_asked(const AskView& ask, AuditTrail& trail) {
    if (!ask.path.empty()) trail.entities.push_back(ask.path);
    if (!ask.parameters.empty()) trail.add_query(ask.path, write_form(ask.parameters));
    if (!ask.if_none_exist.empty()) trail.add_query(ask.path, ask.if_none_exist);
}

fhir::AuditOutcome outcome_of(const fhir::Issue* issue) {
    if (issue == nullptr) return fhir::AuditOutcome::success;
    return status_of(issue->type) < 500 ? fhir::AuditOutcome::minor_failure
                                        : fhir::AuditOutcome::serious_failure;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

}   // namespace

void Dispatch::perform(const Caller& caller, const AskView& ask, Send send) {
    const auto route = find_route(ask);
    if (!route) return refuse(caller, ask, route.error(), std::move(send));
    if (route->interaction == Interaction::transaction) return send(bundle(caller, ask));
    AuditTrail trail;
    trail.interaction = route->interaction;
    if (cannot_conflict(route->interaction, ask)) {
        auto outcome = interact(caller, ask, *route, trail);
        return conclude(caller, trail, std::move(outcome), std::move(send));
    }
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        trail = {};
        trail.interaction = route->interaction;
        auto outcome = interact(caller, ask, *route, trail);
        if (auto response = conclude_and_wait(caller, trail, std::move(outcome)))
            return send(*std::move(response));
    }
    refuse(caller, ask, {IssueType::transient, "too many changes to this resource at once; try again", {}},
           std::move(send));
}

void Dispatch::refuse(const Caller& caller, const AskView& ask, fhir::Issue issue, Send send) {
    AuditTrail trail;
    if (const auto route = find_route(ask)) trail.interaction = route->interaction;
    tell_what_was_asked(ask, trail);
    conclude(caller, trail, tl::unexpected(std::move(issue)), std::move(send));
}

Checked<Reply> Dispatch::interact(const Caller& caller, const AskView& ask, const Route& route,
                                  AuditTrail& trail) {
    auto allowed = check_permission(caller, ask, route);
    if (allowed) allowed = check_nothing_ignored(ask, route);
    if (!allowed) {
        tell_what_was_asked(ask, trail);
        TRY(check_looked_up(caller.sight));
        return tl::unexpected(allowed.error());
    }
    using enum Interaction;
    const auto changes = {create, update, patch, remove};
    const bool is_change = std::ranges::find(changes, route.interaction) != changes.end();
    auto reply = is_change ? change(caller, ask, route, trail) : read_only(caller, ask, route, trail);
    TRY(check_looked_up(caller.sight));
    if (reply && is_change) answer_as_preferred(ask.prefer, *reply);
    return reply;
}

Checked<Reply> Dispatch::change(const Caller& caller, const AskView& ask, const Route& route,
                                AuditTrail& trail) {
    switch (route.interaction) {
        case Interaction::create:
            return create(vault_, caller, route.type, ask.resource, ask.if_none_exist, trail);
        case Interaction::update:
            if (route.is_conditional())
                return conditional_update(vault_, caller, route.type, write_form(ask.parameters),
                                          ask.resource, {ask.if_match, ask.if_none_match}, trail);
            return update(vault_, caller, route.type, route.id, ask.resource,
                          {ask.if_match, ask.if_none_match}, trail);
        case Interaction::patch:
            if (route.is_conditional())
                return conditional_patch(vault_, caller, route.type, write_form(ask.parameters), ask.patch,
                                         ask.if_match, trail);
            return patch(vault_, caller, route.type, route.id, ask.patch, ask.if_match, trail);
        case Interaction::remove:
            if (route.is_conditional())
                return conditional_remove(vault_, caller, route.type, write_form(ask.parameters),
                                          ask.if_match, trail);
            return remove(vault_, caller, route.type, route.id, ask.if_match, trail);
        default: break;
    }
    return fhir::refuse(IssueType::not_supported, "this interaction is not supported");
}

Checked<Reply> Dispatch::read_only(const Caller& caller, const AskView& ask, const Route& route,
                                   AuditTrail& trail) {
    const PageRequest page{page_path(route, ask), ask.parameters, ask.prefer.unknown};
    switch (route.interaction) {
        case Interaction::read: {
            auto reply = TRY(read(vault_, caller, route.type, route.id, trail));
            if (!ask.if_none_match.empty() && reply.headers.front().value == ask.if_none_match) {
                reply.status = 304;
                reply.body.clear();
            }
            return reply;
        }
        case Interaction::vread:
            return read_version(vault_, caller, route.type, route.id, route.version, trail);
        case Interaction::history_instance: return history(vault_, caller, route.type, route.id, page, trail);
        case Interaction::history_type: return type_history(vault_, caller, route.type, page, trail);
        case Interaction::search_type:
            return search_type(vault_, caller, route.type, route.compartment, page, trail);
        case Interaction::operation: return operate(caller, ask, route, trail);
        case Interaction::capabilities:
            return Reply{
                200, {}, fhir::capability_statement({vault_.base_url(), release_version, release_date}), {}};
        default: return fhir::refuse(IssueType::not_supported, "this interaction is not supported");
    }
}

Checked<Reply> Dispatch::operate(const Caller& caller, const AskView& ask, const Route& route,
                                 AuditTrail& trail) {
    if (is_about_glass(route.operation))
        return operate_on_glass(vault_, caller, {route.operation, route.id, ask.resource}, trail);
    if (route.operation == "$validate")
        return validate(vault_, caller, route.type, route.id, ask.resource, ask.parameters, trail);
    if (route.operation == "$export") return start_export(caller, ask, route, trail);
    if (route.operation == "$everything") return patient_everything(vault_, caller, route.id, trail);
    if (ask.method == http::Method::del) return exports_.cancel(caller, route.id, trail);
    if (route.file) return exports_.file(caller, route.id, *route.file, trail);
    return exports_.status(caller, route.id, trail);
}

Checked<Reply> Dispatch::start_export(const Caller& caller, const AskView& ask, const Route& route,
                                      AuditTrail& trail) {
    trail.entities = {ask.path};
    if (!ask.prefer.respond_async)
        return fhir::refuse(IssueType::required, "an export is asynchronous: Prefer: respond-async",
                            "Prefer");
    auto wish = TRY(read_export_wish(route.export_of, route.id, ask.parameters, vault_.base_url()));
    const auto question = ask.parameters.empty() ? std::string{} : "?" + write_form(ask.parameters);
    auto request = fmt::format("{}/{}{}", vault_.base_url(), ask.path, question);
    return exports_.start(caller, std::move(wish), std::move(request), trail);
}

/// One AuditEvent, or where there are more patients than one can be about, one for each group of them. Where
/// the entities are many too, the first tells them and the others name the first.
Result<> Dispatch::add_audit(const Caller& caller, const AuditTrail& trail, const fhir::Issue* issue,
                             ChangeSet& changes) {
    constexpr auto step = static_cast<std::ptrdiff_t>(BodyLimits{}.patients_max);
    constexpr std::size_t entities_repeated_max = 2'000;
    auto part = trail;
    auto id = uuid_v7(caller.now);
    for (auto rest = trail.patients.begin();;) {
        const auto end = rest + std::min(step, trail.patients.end() - rest);
        part.patients.assign(rest, end);
        changes.versions.push_back(TRY(audit_event(id, caller, part, issue)));
        if (end == trail.patients.end()) return {};
        rest = end;
        if (part.entities.size() > entities_repeated_max) {
            part.entities = {fmt::format("AuditEvent/{}", id)};
            part.query.clear();
        }
        id = uuid_v7(caller.now);
    }
}

Result<NewVersion> Dispatch::audit_event(const std::string& id, const Caller& caller, const AuditTrail& trail,
                                         const fhir::Issue* issue) {
    const auto patients = views_of(trail.patients);
    const auto entities = views_of(trail.entities);
    fhir::AuditFactsView facts;
    facts.id = id;
    facts.version_id = "1";
    facts.time = caller.now;
    facts.interaction = trail.interaction;
    facts.outcome = outcome_of(issue);
    if (issue != nullptr) facts.outcome_description = issue->diagnostics;
    if (!trail.withheld.empty()) {
        facts.outcome = fhir::AuditOutcome::minor_failure;
        facts.outcome_description = trail.withheld;
    }
    facts.user_id = caller.user_id;
    facts.client_id = caller.client_id;
    facts.purpose = caller.purpose;
    facts.client_address = caller.address;
    facts.server_url = vault_.base_url();
    facts.source_site = site_;
    facts.patients = patients;
    facts.entities = entities;
    facts.query = trail.query;
    std::string json;
    fhir::write_audit_event(facts, json);
    return vault_.sealer().seal_audit(id, json, trail.patients, caller.now);
}

void Dispatch::conclude(const Caller& caller, const AuditTrail& trail, Checked<Reply> outcome, Send send) {
    ChangeSet changes;
    if (outcome) changes = std::move(outcome->changes);
    const auto audited = add_audit(caller, trail, outcome ? nullptr : &outcome.error(), changes);
    if (!audited) {
        log::error("request was not answered because it could not be audited",
                   {{"reason", audited.error().what}});
        return send(response_of(issue_of({Errc::unavailable, {}})));
    }
    auto response = outcome ? response_of(*std::move(outcome)) : response_of(outcome.error());
    vault_.commit(std::move(changes),
                  [response = std::move(response), send = std::move(send)](Result<> done) mutable {
                      if (done) return send(std::move(response));
                      log::error("request was not answered because its audit was not stored",
                                 {{"reason", done.error().what}});
                      send(response_of(issue_of({Errc::unavailable, {}})));
                  });
}

/// Nothing if another change came first: the interaction must be done anew.
std::optional<http::Response> Dispatch::conclude_and_wait(const Caller& caller, const AuditTrail& trail,
                                                          Checked<Reply> outcome) {
    ChangeSet changes;
    if (outcome) changes = std::move(outcome->changes);
    const auto audited = add_audit(caller, trail, outcome ? nullptr : &outcome.error(), changes);
    if (!audited) {
        log::error("request was not answered because it could not be audited",
                   {{"reason", audited.error().what}});
        return response_of(issue_of({Errc::unavailable, {}}));
    }
    const auto done = vault_.commit_and_wait(changes);
    if (done) return outcome ? response_of(*std::move(outcome)) : response_of(outcome.error());
    if (done.error().code == Errc::conflict) return std::nullopt;
    log::error("change was not stored", {{"reason", done.error().what}});
    return response_of(issue_of({Errc::unavailable, {}}));
}

}   // namespace ward::vault
