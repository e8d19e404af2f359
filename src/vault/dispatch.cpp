// SPDX-License-Identifier: Apache-2.0
#include "vault/dispatch.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <future>

#include "core/log.hpp"
#include "fhir/capability.hpp"
#include "fhir/outcome.hpp"
#include "vault/break_glass.hpp"
#include "vault/bundle_writer.hpp"
#include "vault/conditional.hpp"
#include "vault/patching.hpp"
#include "vault/reading.hpp"
#include "vault/release.hpp"
#include "vault/searching.hpp"
#include "vault/transaction.hpp"
#include "vault/writing.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::Interaction;
using fhir::IssueType;

constexpr int attempts_max = 16;
constexpr std::size_t batch_entries_max = 2'000;                  // each waits for a commit of its own
constexpr std::size_t answer_bytes_max = std::size_t{64} << 20;   // of a Bundle's answers together
const fhir::Issue too_long_answer{
    IssueType::too_costly, "the answers are too long together; ask for this one alone", {}};
constexpr std::string_view content_type = "application/fhir+json;charset=utf-8";

/// What a client gets who wants to be told and not shown.
std::string done_outcome() {
    return fhir::operation_outcome({IssueType::informational, "done", {}}, fhir::Severity::information);
}

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
    const auto type = fhir::name_of(route.type);
    // Whether a condition matches tells what a search would, and whether a patch can be applied what a read
    // would.
    const auto& sight = caller.sight;
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
                            route.operation == "$break-glass" || route.operation == "$review";
    if (ask.resource.exists() && ask.resource.kind() != json::Kind::null && !takes_body)
        return fhir::refuse(IssueType::not_supported,
                            "this interaction takes no body; a search takes a form");
    TRY(check_patch(ask, route));
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
        route.is_conditional())
        return {};
    for (const auto& [name, value] : ask.parameters) {
        const bool is_format =
            name == "_format" && (value == "json" || value.find("json") != std::string::npos);
        if (!is_format && name != "_pretty")
            return fhir::refuse(IssueType::not_supported, "this parameter is not supported here", name);
    }
    return {};
}

/// Of a change that succeeded.
void answer_as_preferred(const Preferences& prefer, Reply& reply) {
    switch (prefer.returns) {
        case ReturnPreference::unsaid:
        case ReturnPreference::representation: break;
        case ReturnPreference::minimal: reply.body.clear(); break;
        case ReturnPreference::operation_outcome:
            reply.body = done_outcome();
            if (reply.status == 204) reply.status = 200;   // which has a body
    }
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

http::Response response_of(Reply reply) {
    http::Response response{reply.status, std::move(reply.headers), std::move(reply.body)};
    if (!response.body.empty() && response.header("Content-Type").empty())
        response.headers.push_back({"Content-Type", std::string{content_type}});
    return response;
}

fhir::AuditOutcome outcome_of(const fhir::Issue* issue) {
    if (issue == nullptr) return fhir::AuditOutcome::success;
    return status_of(issue->type) < 500 ? fhir::AuditOutcome::minor_failure
                                        : fhir::AuditOutcome::serious_failure;
}

std::vector<std::string_view> views_of(const std::vector<std::string>& texts) {
    return {texts.begin(), texts.end()};
}

/// Waits for what another thread sends.
template <class Act>
http::Response wait_for(const Act& act) {
    std::promise<http::Response> promise;
    auto response = promise.get_future();
    act(Send{
        [promise = std::move(promise)](http::Response sent) mutable { promise.set_value(std::move(sent)); }});
    return response.get();
}

}   // namespace

http::Response response_of(const fhir::Issue& issue) {
    http::Response response{status_of(issue.type), {{"Content-Type", std::string{content_type}}}, {}};
    if (response.status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer realm=\"ward\""});
    if (response.status == 429) response.headers.push_back({"Retry-After", "60"});
    response.body = fhir::operation_outcome(issue);
    return response;
}

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
        return tl::unexpected(allowed.error());
    }
    using enum Interaction;
    const auto changes = {create, update, patch, remove};
    if (std::ranges::find(changes, route.interaction) == changes.end())
        return read_only(caller, ask, route, trail);
    auto reply = TRY(change(caller, ask, route, trail));
    answer_as_preferred(ask.prefer, reply);
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
        case Interaction::operation:
            if (!is_about_glass(route.operation)) return patient_everything(vault_, caller, route.id, trail);
            return operate_on_glass(vault_, caller, {route.operation, route.id, ask.resource}, trail);
        case Interaction::capabilities:
            return Reply{
                200, {}, fhir::capability_statement({vault_.base_url(), release_version, release_date}), {}};
        default: return fhir::refuse(IssueType::not_supported, "this interaction is not supported");
    }
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

http::Response Dispatch::bundle(const Caller& caller, const AskView& ask) {
    const auto bundle = fhir::parse_bundle(ask.resource);
    if (!bundle) return wait_for([&](Send send) { refuse(caller, ask, bundle.error(), std::move(send)); });
    return bundle->type == fhir::BundleType::batch ? batch(caller, *bundle, ask.prefer)
                                                   : transaction(caller, *bundle, ask.prefer);
}

http::Response Dispatch::transaction(const Caller& caller, const fhir::BundleView& bundle,
                                     const Preferences& prefer) {
    AuditTrail trail;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        trail = {};
        trail.interaction = Interaction::transaction;
        auto prepared = prepare_transaction(vault_, caller, bundle, prefer, trail);
        Checked<Reply> outcome = Reply{};
        if (prepared)
            outcome->changes = std::move(prepared->changes);
        else
            outcome = tl::unexpected(prepared.error());
        auto response = conclude_and_wait(caller, trail, std::move(outcome));
        if (!response) continue;
        if (!prepared || response->status != 200) return *std::move(response);

        BundleWriter answer{vault_.base_url(), "transaction-response", caller.now};
        for (const auto& entry : bundle.entries) {
            const auto& done = prepared->outcomes[entry.index];
            if (done.status != 0) {
                const bool fits = answer.size() <= answer_bytes_max;
                const bool tells = prefer.returns == ReturnPreference::operation_outcome;
                answer.response({done.status, done.location, done.etag, done.last_modified,
                                 fits ? std::string_view{done.json} : std::string_view{},
                                 tells ? done_outcome() : std::string{}});
                continue;
            }
            if (answer.size() > answer_bytes_max) {
                answer.response({403, {}, {}, {}, {}, fhir::operation_outcome(too_long_answer)});
                continue;
            }
            const auto got = perform_and_wait(caller, entry, prefer);
            answer.response({got.status,
                             {},
                             got.header("ETag"),
                             {},
                             got.status < 400 ? got.body : std::string_view{},
                             got.status < 400 ? std::string_view{} : got.body});
        }
        return response_of(Reply{200, {}, answer.finish(), {}});
    }
    const fhir::Issue issue{IssueType::transient, "too many changes at once; try again", {}};
    return wait_for([&](Send send) { conclude(caller, trail, tl::unexpected(issue), std::move(send)); });
}

http::Response Dispatch::batch(const Caller& caller, const fhir::BundleView& bundle,
                               const Preferences& prefer) {
    BundleWriter answer{vault_.base_url(), "batch-response", caller.now};
    const auto prefix = vault_.base_url() + "/";
    if (bundle.entries.size() > batch_entries_max) {
        const fhir::Issue issue{
            IssueType::too_costly, fmt::format("a batch has at most {} entries", batch_entries_max), {}};
        AuditTrail trail;
        trail.interaction = Interaction::batch;
        return wait_for([&](Send send) { conclude(caller, trail, tl::unexpected(issue), std::move(send)); });
    }
    for (const auto& entry : bundle.entries) {
        if (answer.size() > answer_bytes_max) {
            answer.response({403, {}, {}, {}, {}, fhir::operation_outcome(too_long_answer)});
            continue;
        }
        const auto done = perform_and_wait(caller, entry, prefer);
        auto location = done.header("Location");
        if (location.starts_with(prefix)) location.remove_prefix(prefix.size());
        const bool failed = done.status >= 400;
        const bool reads = entry.method == fhir::Method::get || !entry.operation.empty();
        const bool shows = !failed && (reads || prefer.returns == ReturnPreference::representation);
        const bool tells = failed || (!reads && prefer.returns == ReturnPreference::operation_outcome);
        answer.response({done.status,
                         location,
                         done.header("ETag"),
                         {},
                         shows ? done.body : std::string_view{},
                         tells ? done.body : std::string_view{}});
    }
    // Each entry was audited by itself; this tells that they came together.
    AuditTrail trail;
    trail.interaction = Interaction::batch;
    return wait_for([&](Send send) {
        conclude(caller, trail, Reply{200, {}, answer.finish(), {}}, std::move(send));
    });
}

http::Response Dispatch::perform_and_wait(const Caller& caller, const fhir::EntryView& entry,
                                          const Preferences& prefer) {
    AskView ask;
    ask.prefer = prefer;
    switch (entry.method) {
        case fhir::Method::get: ask.method = http::Method::get; break;
        case fhir::Method::head: ask.method = http::Method::head; break;
        case fhir::Method::post: ask.method = http::Method::post; break;
        case fhir::Method::put: ask.method = http::Method::put; break;
        case fhir::Method::patch: ask.method = http::Method::patch; break;
        case fhir::Method::remove: ask.method = http::Method::del; break;
    }
    ask.path = entry.url.substr(0, entry.url.find('?'));
    ask.if_match = entry.if_match;
    ask.if_none_match = entry.if_none_match;
    ask.if_none_exist = entry.if_none_exist;
    auto issue = entry.issue;
    std::optional<json::Document> patch;   // that a Binary holds
    if (entry.method != fhir::Method::patch) {
        ask.resource = entry.resource;
    } else if (auto read = patch_in_binary(entry.resource)) {
        ask.patch = patch.emplace(*std::move(read)).root();
    } else if (!issue) {
        issue = std::move(read).error();
    }
    auto parameters = parse_form(entry.query);
    if (!issue && !parameters) issue = fhir::Issue{IssueType::value, parameters.error().what, {}};
    if (!issue && ask.path.empty())
        issue = fhir::Issue{IssueType::not_supported, "a Bundle within a Bundle is not carried out", {}};
    if (issue) return wait_for([&](Send send) { refuse(caller, ask, *std::move(issue), std::move(send)); });
    ask.parameters = *std::move(parameters);
    return wait_for([&](Send send) { perform(caller, ask, std::move(send)); });
}

}   // namespace ward::vault
