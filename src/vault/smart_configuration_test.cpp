// SPDX-License-Identifier: Apache-2.0
#include "vault/smart_configuration.hpp"

#include <gtest/gtest.h>

namespace ward::vault {
namespace {

json::Document read(const TokenSources& sources) {
    return json::Document::parse(smart_configuration(sources)).value();
}

std::string words(json::Value list) {
    std::string joined;
    for (const auto item : list.items()) joined += std::string{item.text()} + ' ';
    return joined;
}

TEST(SmartConfiguration, SaysWhatTheProviderOffersAndNoMore) {
    const Provider::Offer offer{
        .authorization = "https://op.example/auth",
        .token = "https://op.example/token",
        .keys = "https://op.example/keys",
        .scopes = {"openid", "fhirUser", "launch/patient", "patient/*.rs"},
        .grants = {"implicit", "refresh_token", "client_credentials", "authorization_code"},
        .authentications = {"none", "private_key_jwt"},
        .algorithms = {"ES384"},
        .challenges = {"plain", "S256"},
    };
    const auto said = read({.issuer = "https://op.example", .offer = &offer});
    EXPECT_EQ(said["issuer"].text(), "https://op.example");
    EXPECT_EQ(said["authorization_endpoint"].text(), "https://op.example/auth");
    EXPECT_EQ(said["token_endpoint"].text(), "https://op.example/token");
    EXPECT_EQ(said["jwks_uri"].text(), "https://op.example/keys");
    EXPECT_EQ(words(said["grant_types_supported"]), "authorization_code client_credentials ");
    EXPECT_EQ(words(said["scopes_supported"]), "openid fhirUser launch/patient patient/*.rs ");
    EXPECT_EQ(words(said["code_challenge_methods_supported"]), "S256 ");
    EXPECT_EQ(words(said["capabilities"]),
              "launch-standalone context-standalone-patient sso-openid-connect client-public "
              "client-confidential-asymmetric permission-patient permission-user permission-v1 "
              "permission-v2 ");
}

TEST(SmartConfiguration, APersonCannotSignInWhereThereIsNoProvider) {
    const auto said = read({.token_url = "https://ward.example/token"});
    EXPECT_EQ(said["token_endpoint"].text(), "https://ward.example/token");
    EXPECT_FALSE(said["authorization_endpoint"].exists());
    EXPECT_EQ(words(said["grant_types_supported"]), "client_credentials ");
    EXPECT_EQ(words(read({})["grant_types_supported"]), "");
}

}   // namespace
}   // namespace ward::vault
