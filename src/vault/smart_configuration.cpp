// SPDX-License-Identifier: Apache-2.0
#include "vault/smart_configuration.hpp"

#include <algorithm>
#include <vector>

#include "json/writer.hpp"

namespace ward::vault {
namespace {

using Words = std::vector<std::string>;

bool has(const Words& words, std::string_view word) { return std::ranges::find(words, word) != words.end(); }

Words those_of(const Words& words, std::initializer_list<std::string_view> wanted) {
    Words found;
    for (const auto word : wanted)
        if (has(words, word)) found.emplace_back(word);
    return found;
}

void list(json::Writer& writer, std::string_view name, const Words& words) {
    writer.key(name).begin_array();
    for (const auto& word : words) writer.string(word);
    writer.end_array();
}

/// The names of SMART App Launch 2.2, "Capability Sets", for what the provider offers.
Words capabilities_of(const Provider::Offer& offer) {
    const auto& scopes = offer.scopes;
    const auto& methods = offer.authentications;
    Words capabilities;
    const auto add = [&](bool is_offered, std::initializer_list<std::string_view> names) {
        if (is_offered) capabilities.insert(capabilities.end(), names.begin(), names.end());
    };
    add(has(scopes, "launch"), {"launch-ehr", "context-ehr-patient"});
    add(has(scopes, "launch/patient"), {"launch-standalone", "context-standalone-patient"});
    add(has(scopes, "openid") && has(scopes, "fhirUser"), {"sso-openid-connect"});
    add(has(scopes, "offline_access"), {"permission-offline"});
    add(has(methods, "none"), {"client-public"});
    add(has(methods, "client_secret_basic"), {"client-confidential-symmetric"});
    add(has(methods, "private_key_jwt"), {"client-confidential-asymmetric"});
    return capabilities;
}

void write_offer(json::Writer& writer, const Provider::Offer& offer) {
    writer.member_unless_empty("authorization_endpoint", offer.authorization);
    writer.member_unless_empty("token_endpoint", offer.token);
    writer.member("jwks_uri", offer.keys);
    list(writer, "response_types_supported", {"code"});
    list(writer, "grant_types_supported",
         those_of(offer.grants, {"authorization_code", "client_credentials"}));
    list(writer, "token_endpoint_auth_methods_supported", offer.authentications);
    if (!offer.algorithms.empty())
        list(writer, "token_endpoint_auth_signing_alg_values_supported", offer.algorithms);
    if (!offer.scopes.empty()) list(writer, "scopes_supported", offer.scopes);
    // It must be there, and `plain` must not. A provider that says nothing of PKCE may have it all the same.
    if (offer.challenges.empty() || has(offer.challenges, "S256"))
        list(writer, "code_challenge_methods_supported", {"S256"});
}

}   // namespace

std::string smart_configuration(const TokenSources& sources) {
    std::string body;
    json::Writer writer{body};
    writer.begin_object();
    Words capabilities;
    if (sources.offer != nullptr) {
        writer.member("issuer", sources.issuer);
        write_offer(writer, *sources.offer);
        capabilities = capabilities_of(*sources.offer);
    } else {
        const bool has_systems = !sources.token_url.empty();
        if (has_systems) capabilities = {"client-confidential-asymmetric"};
        writer.member_unless_empty("token_endpoint", sources.token_url);
        list(writer, "grant_types_supported", has_systems ? Words{"client_credentials"} : Words{});
        list(writer, "token_endpoint_auth_methods_supported", {"private_key_jwt"});
        list(writer, "token_endpoint_auth_signing_alg_values_supported", {"RS384", "ES384"});
        list(writer, "scopes_supported", {"system/*.cruds"});
        list(writer, "code_challenge_methods_supported", {"S256"});
    }
    for (const auto* permission : {"permission-patient", "permission-user", "permission-v1", "permission-v2"})
        capabilities.emplace_back(permission);
    list(writer, "capabilities", capabilities);
    writer.end_object();
    return body;
}

}   // namespace ward::vault
