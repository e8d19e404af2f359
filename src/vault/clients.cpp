// SPDX-License-Identifier: Apache-2.0
#include "vault/clients.hpp"

#include <algorithm>
#include <fmt/format.h>

#include "crypto/hash.hpp"
#include "jose/token.hpp"

namespace ward::vault {
namespace {

/// Of the one certificate in a PEM text (RFC 7468).
Result<Digest> fingerprint_of(std::string_view pem) {
    constexpr std::string_view begin = "-----BEGIN CERTIFICATE-----", end = "-----END CERTIFICATE-----";
    const auto from = pem.find(begin), to = pem.find(end);
    std::string body;
    if (from != std::string_view::npos && to != std::string_view::npos && from < to)
        for (const char c : pem.substr(from + begin.size(), to - from - begin.size()))
            if (c != '\n' && c != '\r') body += c;
    const auto der = from_base64(body);
    if (!der || der->empty()) return fail(Errc::malformed, "certificate is not one certificate in PEM");
    return crypto::sha256(*der);
}

Result<RegisteredClient> read_client(json::Value entry) {
    RegisteredClient client;
    client.id = entry["client_id"].text();
    if (client.id.empty() || client.id.size() > 128)
        return fail(Errc::malformed, "client_id is missing or too long");
    client.scope = entry["scope"].text();
    client.scopes = TRY(parse_scopes(client.scope));
    for (const auto& scope : client.scopes)
        if (scope.reach != Reach::system) return fail(Errc::malformed, "a system has system/ scopes only");
    for (const auto role : entry["roles"].items()) client.roles.emplace_back(role.text());
    if (entry["jwks"].exists()) {
        client.keys = TRY(jose::KeySet::read(entry["jwks"]));
        if (client.keys.keys().empty()) return fail(Errc::malformed, "jwks has no key that Ward can use");
    }
    if (entry["certificate"].exists()) {
        client.certificate_pem = entry["certificate"].text();
        client.certificate = TRY(fingerprint_of(client.certificate_pem));
    }
    for (const auto member : entry.members()) {
        constexpr auto known =
            std::to_array<std::string_view>({"certificate", "client_id", "jwks", "roles", "scope"});
        if (std::ranges::find(known, member.key) == known.end())
            return fail(Errc::malformed, fmt::format("'{}' is not known", member.key));
    }
    return client;
}

/// Whether `held` gives all that `wanted` would.
bool includes(const Scope& held, const Scope& wanted) {
    const bool types = held.resource_type == "*" || held.resource_type == wanted.resource_type;
    const bool permissions = (held.permissions & wanted.permissions) == wanted.permissions;
    const bool same = held.text == wanted.text;
    return same || (held.reach == wanted.reach && types && permissions && !held.only);
}

}   // namespace

Result<std::vector<RegisteredClient>> Clients::parse(std::string_view text) {
    if (text.size() > file_bytes_max) return fail(Errc::limit_exceeded, "the list of clients is too long");
    const auto document = TRY(json::Document::parse(std::string{text}));
    const auto entries = document["clients"];
    if (!entries.is_array()) return fail(Errc::malformed, "the list of clients has an array 'clients'");
    if (entries.size() > clients_max) return fail(Errc::limit_exceeded, "too many clients");
    std::vector<RegisteredClient> clients;
    for (const auto entry : entries.items()) {
        auto client = read_client(entry);
        if (!client)
            return fail(client.error().code,
                        fmt::format("client {}: {}", clients.size() + 1, client.error().what));
        if (std::ranges::find(clients, client->id, &RegisteredClient::id) != clients.end())
            return fail(Errc::malformed,
                        fmt::format("client {}: the client_id is there twice", clients.size() + 1));
        clients.push_back(*std::move(client));
    }
    return clients;
}

std::string Clients::certificates_pem() const {
    std::string all;
    for (const auto& client : registered_)
        if (client.certificate) all += client.certificate_pem + "\n";
    return all;
}

const RegisteredClient* Clients::with_certificate(const Digest& certificate) const {
    const auto found =
        std::ranges::find(registered_, std::optional{certificate}, &RegisteredClient::certificate);
    return found == registered_.end() ? nullptr : &*found;
}

// SMART App Launch 2.2, "Client Authentication: Asymmetric": RS384 or ES384, iss and sub are the client, aud
// is the token endpoint, exp at most five minutes away, jti once.
Result<const RegisteredClient*> Clients::prove(std::string_view assertion, std::string_view url, Time now) {
    const auto token = TRY(jose::read_token(assertion));
    const auto claims = token.claims.root();
    const auto client = std::ranges::find(registered_, claims["iss"].text(), &RegisteredClient::id);
    if (client == registered_.end() || claims["sub"].text() != client->id)
        return fail(Errc::denied, "no such client");
    TRY(jose::verify(client->keys, token));
    TRY(jose::check_claims(claims, {.issuer = client->id,
                                    .audience = url,
                                    .now = now,
                                    .lifetime_max = std::chrono::seconds{assertion_lifetime_max}}));
    const auto jti = claims["jti"].text();
    if (jti.empty() || jti.size() > 256) return fail(Errc::denied, "the assertion has no jti");
    TRY(take_once(fmt::format("{}\n{}", client->id, jti),
                  *jose::time_of(claims["exp"]) + std::chrono::minutes{2}, now));
    return &*client;
}

Result<> Clients::take_once(std::string jti, Time expires, Time now) {
    const Lock lock{mutex_};
    if (taken_.size() >= remembered_max)
        std::erase_if(taken_, [now](const auto& taken) { return taken.second < now; });
    if (taken_.size() >= remembered_max) return fail(Errc::unavailable, "too many assertions at once");
    const auto [at, is_new] = taken_.try_emplace(std::move(jti), expires);
    if (!is_new && at->second >= now) return fail(Errc::denied, "the assertion was used before");
    at->second = expires;
    return {};
}

Result<std::string> scope_for(const RegisteredClient& client, std::string_view wanted) {
    if (wanted.empty()) return client.scope;
    const auto scopes = TRY(parse_scopes(wanted));
    std::string granted;
    for (const auto& scope : scopes) {
        if (!std::ranges::any_of(client.scopes, [&](const Scope& held) { return includes(held, scope); }))
            return fail(Errc::denied, "the client is not registered for this scope");
        granted += (granted.empty() ? "" : " ") + scope.text;
    }
    if (granted.empty()) return fail(Errc::denied, "the scope names no resource");
    return granted;
}

}   // namespace ward::vault
