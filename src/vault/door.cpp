// SPDX-License-Identifier: Apache-2.0
#include "vault/door.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.hpp"
#include "json/writer.hpp"
#include "vault/charts.hpp"
#include "vault/smart_configuration.hpp"

namespace ward::vault {
namespace {

using fhir::Checked;
using fhir::IssueType;

constexpr std::string_view bearer = "Bearer ";
constexpr std::string_view assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

Reply oauth_reply(int status, std::string body) {
    return {
        status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body), {}};
}

/// RFC 6749, 5.2.
Reply oauth_error(int status, std::string_view error) {
    std::string body;
    json::Writer writer{body};
    writer.begin_object().member("error", error).end_object();
    return oauth_reply(status, std::move(body));
}

std::string field(const std::vector<FormField>& form, std::string_view name) {
    const auto found = std::ranges::find(form, name, &FormField::name);
    return found == form.end() ? std::string{} : found->value;
}

fhir::Issue issue_of_door(const Error& error) {
    if (error.code == Errc::unavailable)
        return {IssueType::transient, "whose token this is cannot be asked now; try again later", {}};
    return {IssueType::login, error.what, {}};
}

}   // namespace

void Door::grant(const Grant& grant, Caller& caller) {
    caller.user_id = grant.user;
    caller.client_id = grant.client;
    caller.purpose = grant.purpose;
    const policy::Actor actor{grant.user,    grant.client, grant.fhir_user,
                              grant.patient, grant.roles,  grant.purpose};
    auto rules = std::make_shared<HouseRules>(parts_.policy, actor, questions_to(vault_, actor, caller.now),
                                              caller.now);
    caller.sight = Sight{grant.scopes, grant.patient, std::move(rules)};
}

Checked<> Door::admit(const http::Request& request, Caller& caller) {
    const auto authorization = request.header("Authorization");
    if (authorization.empty() && request.peer_certificate && parts_.clients != nullptr) {
        const auto* client = parts_.clients->with_certificate(*request.peer_certificate);
        if (client == nullptr)
            return fhir::refuse(IssueType::login, "the certificate is of no registered system");
        Grant grant;
        grant.user = grant.client = client->id;
        grant.scopes = client->scopes;
        grant.roles = client->roles;
        this->grant(grant, caller);
        return {};
    }
    if (authorization.empty())
        return fhir::refuse(IssueType::login, "a token is needed: Authorization: Bearer TOKEN");
    if (!starts_ignoring_case(authorization, bearer))
        return fhir::refuse(IssueType::login, "only bearer tokens are supported");
    const auto grant = parts_.gate.admit(authorization.substr(bearer.size()), caller.now);
    if (!grant) return tl::unexpected(issue_of_door(grant.error()));
    // RFC 8705, 3: whoever else has the token cannot use it.
    if ((*grant)->certificate && (*grant)->certificate != request.peer_certificate)
        return fhir::refuse(IssueType::login, "the token is bound to a certificate; show that one in TLS");
    this->grant(**grant, caller);
    return {};
}

Result<Reply> Door::token_for(const http::Request& request, Caller& caller) {
    const auto form = parse_form(request.body);
    if (!form) return oauth_error(400, "invalid_request");
    if (field(*form, "grant_type") != "client_credentials") return oauth_error(400, "unsupported_grant_type");
    if (field(*form, "client_assertion_type") != assertion_type) return oauth_error(401, "invalid_client");
    const auto client = parts_.clients->prove(field(*form, "client_assertion"), parts_.token_url, caller.now);
    if (!client && client.error().code == Errc::unavailable) return tl::unexpected(client.error());
    if (!client) return oauth_error(401, "invalid_client");
    caller.user_id = caller.client_id = (*client)->id;
    const auto scope = scope_for(**client, field(*form, "scope"));
    if (!scope) return oauth_error(400, "invalid_scope");
    TokenWish wish{*scope, (*client)->id, (*client)->id, system_token_lifetime};
    wish.roles = (*client)->roles;
    const auto text = TRY(token_text(wish, parts_.issuer, caller.now));
    const auto token = signed_token(text, TRY(parts_.sign(text)));
    std::string body;
    json::Writer writer{body};
    writer.begin_object().member("access_token", token).member("token_type", "bearer");
    writer.key("expires_in").number(system_token_lifetime.count()).member("scope", *scope).end_object();
    return oauth_reply(200, std::move(body));
}

Reply Door::issue_token(const http::Request& request, Caller& caller, AuditTrail& trail) {
    trail.interaction = fhir::Interaction::token;
    if (parts_.clients == nullptr || parts_.clients->empty() || request.method != http::Method::post) {
        trail.withheld = "no system is registered here";
        return oauth_error(request.method == http::Method::post ? 401 : 400, "invalid_request");
    }
    auto reply = token_for(request, caller);
    if (!reply) reply = oauth_error(503, "temporarily_unavailable");
    if (reply->status != 200) trail.withheld = "no token was given";
    return *std::move(reply);
}

http::Response Door::smart_configuration() {
    // It says nothing of any record, so a page of any other site may read it.
    const std::vector<http::Header> headers{{"Content-Type", "application/json"},
                                            {"Access-Control-Allow-Origin", "*"}};
    const bool has_systems = parts_.clients != nullptr && !parts_.clients->empty();
    TokenSources sources{.token_url = has_systems ? std::string_view{parts_.token_url} : std::string_view{}};
    if (parts_.provider == nullptr) return {200, headers, vault::smart_configuration(sources)};
    const auto offer = parts_.provider->offer(vault_.clock().now());
    // A client would take a server that names no place to sign in for one that is open to all.
    if (!offer) return {503, headers, R"({"error":"temporarily_unavailable"})"};
    sources.issuer = parts_.provider->issuer();
    sources.offer = &*offer;
    return {200, headers, vault::smart_configuration(sources)};
}

}   // namespace ward::vault
