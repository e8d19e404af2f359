// SPDX-License-Identifier: Apache-2.0
#include "vault/door.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "core/text.hpp"
#include "json/writer.hpp"
#include "vault/charts.hpp"

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

std::string Door::smart_configuration() {
    std::string body;
    json::Writer writer{body};
    const auto list = [&](std::string_view name, std::initializer_list<std::string_view> values) {
        writer.key(name).begin_array();
        for (const auto value : values) writer.string(value);
        writer.end_array();
    };
    writer.begin_object();
    const bool has_systems = parts_.clients != nullptr && !parts_.clients->empty();
    if (parts_.provider != nullptr) {
        writer.member("issuer", parts_.provider->issuer());
        // Apps get their tokens from the provider; registered systems from this server.
        if (const auto endpoints = parts_.provider->endpoints(vault_.clock().now())) {
            writer.member_unless_empty("authorization_endpoint", endpoints->authorization);
            writer.member_unless_empty("token_endpoint", endpoints->token);
            writer.member("jwks_uri", endpoints->keys);
        }
        list("response_types_supported", {"code"});
    } else if (has_systems) {
        writer.member("token_endpoint", parts_.token_url);
    }
    list("grant_types_supported", {"authorization_code", "client_credentials"});
    list("token_endpoint_auth_methods_supported", {"private_key_jwt"});
    list("token_endpoint_auth_signing_alg_values_supported", {"RS384", "ES384"});
    list("scopes_supported", {"patient/*.cruds", "user/*.cruds", "system/*.cruds"});
    list("code_challenge_methods_supported", {"S256"});
    list("capabilities", {"client-confidential-asymmetric", "permission-patient", "permission-user",
                          "permission-v1", "permission-v2"});
    writer.end_object();
    return body;
}

}   // namespace ward::vault
