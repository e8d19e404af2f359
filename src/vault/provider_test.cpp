// SPDX-License-Identifier: Apache-2.0
#include "vault/provider.hpp"

#include <atomic>
#include <fmt/format.h>
#include <future>
#include <gtest/gtest.h>
#include <thread>

#include "crypto/foreign_signer_test.hpp"
#include "vault/access.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;
using crypto::ForeignSigner;

constexpr Time now{std::chrono::seconds{1'800'000'000}};
constexpr std::string_view issuer = "https://op.example/realm";

/// A provider that is played: what it says, and how often it was asked.
class Played {
public:
    Played() { rotate("k1"); }

    void rotate(std::string id) {
        signers_.push_back({std::move(id), ForeignSigner::p256()});
        keys_ = fmt::format(R"({{"keys":[{{{},"kid":"{}"}}]}})", signers_.back().second.jwk(),
                            signers_.back().first);
    }
    Fetch fetch() {
        return [this](std::string_view url, http::Request request) -> Result<http::Response> {
            ++asked_;
            if (away_) return fail(Errc::unavailable, "connection refused");
            if (url == "https://op.example/realm/.well-known/openid-configuration") return answer(discovery_);
            if (url == "https://op.example/keys") return answer(keys_);
            if (url == "https://op.example/introspect") {
                credentials_ = request.header("Authorization");
                return answer(request.body.starts_with("token=opaque&") ? introspection_
                                                                        : R"({"active":false})");
            }
            ADD_FAILURE() << "asked " << url;
            return fail(Errc::unavailable, "nobody is there");
        };
    }
    std::string token(std::string_view claims, std::size_t signer = 0) {
        const auto& [id, key] = signers_.at(signer);
        const auto header = fmt::format(R"({{"alg":"ES256","typ":"at+jwt","kid":"{}"}})", id);
        const auto text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(claims));
        return text + "." + key.sign(text);
    }
    ProviderSettings settings() {
        return {std::string{issuer}, "https://ward.example/fhir", "roles", "ward", "a secret: +"};
    }

    std::string discovery_ = R"({"issuer":"https://op.example/realm","jwks_uri":"https://op.example/keys",
        "introspection_endpoint":"https://op.example/introspect",
        "token_endpoint":"https://op.example/token"})";
    std::string keys_;
    std::string introspection_;
    std::string credentials_;
    int asked_ = 0;
    bool away_ = false;

private:
    static http::Response answer(const std::string& body) { return {200, {}, body}; }
    std::vector<std::pair<std::string, ForeignSigner>> signers_;
};

std::string claims_with(std::string_view more) {
    return fmt::format(R"({{"iss":"https://op.example/realm","aud":"https://ward.example/fhir","sub":"u-17",
        "client_id":"viewer","exp":1800000600,"iat":1800000000,"scope":"openid user/Patient.rs"{}}})",
                       more);
}

TEST(Provider, ItsTokensSayWhoAndWhy) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    const auto grant = provider.admit(
        played.token(claims_with(R"(,"roles":["nurse"],"fhirUser":"https://ehr.example/fhir/Practitioner/n1",
            "extensions":{"ihe_iua":{"purpose_of_use":[{"code":"TREAT"}]}},"patient":"p1")")),
        now);
    ASSERT_TRUE(grant) << grant.error().what;
    EXPECT_EQ(grant->user, "u-17");
    EXPECT_EQ(grant->client, "viewer");
    EXPECT_EQ(grant->patient, "p1");
    EXPECT_EQ(grant->fhir_user, "Practitioner/n1");
    EXPECT_EQ(grant->roles, std::vector<std::string>{"nurse"});
    EXPECT_EQ(grant->purpose, "TREAT");
    EXPECT_EQ(grant->scopes.size(), 1U);
    EXPECT_EQ(played.asked_, 2) << "discovery and keys, once";
    EXPECT_TRUE(provider.admit(played.token(claims_with("")), now));
    EXPECT_EQ(played.asked_, 2);
}

// RFC 8705, 3.1; the value is that of its example, but for bits that no byte has.
TEST(Provider, ATokenMayBeBoundToACertificateAndToNothingElse) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    const auto bound = [&](std::string_view confirmation) {
        return provider.admit(played.token(claims_with(fmt::format(R"(,"cnf":{})", confirmation))), now);
    };
    const auto grant = bound(R"({"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0"})");
    ASSERT_TRUE(grant) << grant.error().what;
    EXPECT_EQ(grant->certificate->front(), std::byte{0x6f});
    EXPECT_FALSE(provider.admit(played.token(claims_with("")), now)->certificate);
    for (const auto* other :
         {R"({"jkt":"0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"})", R"({"x5t#S256":"bwcK"})", "{}", "null",
          R"({"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg0","jkt":"x"})"})
        EXPECT_EQ(bound(other).error().code, Errc::denied) << other;
}

TEST(Provider, WhatIsNotItsIsRefusedWithoutAskingAnybody) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    EXPECT_FALSE(provider.admit(played.token(R"({"iss":"https://other.example","exp":1800000600})"), now));
    EXPECT_FALSE(provider.admit("a.b.c", now));
    EXPECT_FALSE(provider.admit("", now));
    EXPECT_EQ(played.asked_, 0);
}

TEST(Provider, ARotatedKeyIsFoundAndTheOldOneForgotten) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    ASSERT_TRUE(provider.admit(played.token(claims_with("")), now));
    played.rotate("k2");
    EXPECT_TRUE(provider.admit(played.token(claims_with(""), 1), now + 31s));
    EXPECT_FALSE(provider.admit(played.token(claims_with(""), 0), now + 62s)) << "it was withdrawn";
}

TEST(Provider, UnknownKeysAreAskedForOnlyNowAndThen) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    ASSERT_TRUE(provider.admit(played.token(claims_with("")), now));
    const auto asked = played.asked_;
    played.rotate("k2");
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(provider.admit(played.token(claims_with(""), 1), now + 29s));
    EXPECT_EQ(played.asked_, asked) << "a flood of forged tokens reaches nobody";
}

TEST(Provider, ItsKeysAreKeptWhileItIsAway) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    ASSERT_TRUE(provider.admit(played.token(claims_with("")), now));
    played.away_ = true;
    const auto later = fmt::format(R"({{"iss":"{}","aud":"https://ward.example/fhir","sub":"u","exp":{}}})",
                                   issuer, 1'800'000'000 + 3 * 3600);
    EXPECT_TRUE(provider.admit(played.token(later), now + 2h));
}

// Its threads serve those who come with other tokens.
TEST(Provider, ThatHangsHoldsUpNobodyWhoseKeyIsKnown) {
    Played played;
    std::promise<void> let_go;
    const auto gone = let_go.get_future().share();
    std::atomic<bool> hangs = false;
    std::atomic<int> hanging = 0;
    const auto fetch = [&, answer = played.fetch()](std::string_view url,
                                                    http::Request request) -> Result<http::Response> {
        if (!hangs) return answer(url, std::move(request));
        ++hanging;
        gone.wait();
        return fail(Errc::unavailable, "the server did not answer in time");
    };
    Provider provider{played.settings(), fetch};
    ASSERT_TRUE(provider.admit(played.token(claims_with("")), now));
    hangs = true;
    const auto later = fmt::format(R"({{"iss":"{}","aud":"https://ward.example/fhir","sub":"u","exp":{}}})",
                                   issuer, 1'800'000'000 + 3 * 3600);
    for (int i = 0; i < 10; ++i) EXPECT_TRUE(provider.admit(played.token(later), now + 2h));
    std::vector<std::jthread> strangers;
    for (int i = 0; i < 2; ++i) strangers.emplace_back([&] { (void)provider.admit("opaque", now + 2h); });
    while (hanging < 3) std::this_thread::yield();
    EXPECT_EQ(provider.admit("opaque", now + 2h).error().code, Errc::unavailable) << "two are waiting";
    played.rotate("k2");
    EXPECT_EQ(provider.admit(played.token(later, 1), now + 2h).error().code, Errc::unavailable)
        << "it may be the provider's, and is not known to be";
    let_go.set_value();
}

TEST(Provider, WhatItSaysThatIsNoJsonIsItsTrouble) {
    Played played;
    played.discovery_ = "<html>maintenance</html>";
    Provider provider{played.settings(), played.fetch()};
    EXPECT_EQ(provider.admit(played.token(claims_with("")), now).error().code, Errc::unavailable);
    Played other;
    Provider introspecting{other.settings(), other.fetch()};
    other.introspection_ = "<html>maintenance</html>";
    EXPECT_EQ(introspecting.admit("opaque", now).error().code, Errc::unavailable);
}

TEST(Provider, ThatWasNeverThereIsNotARefusalButATrouble) {
    Played played;
    played.away_ = true;
    Provider provider{played.settings(), played.fetch()};
    EXPECT_EQ(provider.admit(played.token(claims_with("")), now).error().code, Errc::unavailable);
}

// OpenID Connect Discovery 1.0, 4.3; and nobody else is connected to.
TEST(Provider, ThatCallsItselfOtherwiseOrSendsElsewhereIsNotBelieved) {
    for (const auto* discovery :
         {R"({"issuer":"https://op.example/realm/","jwks_uri":"https://op.example/keys"})",
          R"({"issuer":"https://op.example/realm","jwks_uri":"https://evil.example/keys"})",
          R"({"issuer":"https://op.example/realm","jwks_uri":"https://op.example:444/keys"})",
          R"({"issuer":"https://op.example/realm","jwks_uri":"https://op.example@evil.example/keys"})",
          R"({"issuer":"https://op.example/realm","jwks_uri":"http://op.example/keys"})", "[]", "nonsense"}) {
        Played played;
        played.discovery_ = discovery;
        Provider provider{played.settings(), played.fetch()};
        EXPECT_FALSE(provider.admit(played.token(claims_with("")), now)) << discovery;
    }
}

TEST(Provider, OpaqueTokensAreAskedAbout) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    played.introspection_ =
        R"({"active":true,"sub":"u-17","client_id":"viewer","aud":"https://ward.example/fhir",
        "scope":"user/Patient.rs","exp":1800003600})";
    const auto grant = provider.admit("opaque", now);
    ASSERT_TRUE(grant) << grant.error().what;
    EXPECT_EQ(grant->user, "u-17");
    EXPECT_LE(grant->expires, now + 60s) << "asked again soon";
    EXPECT_EQ(played.credentials_, "Basic " + to_base64(as_bytes("ward:a+secret%3A+%2B")));
    EXPECT_FALSE(provider.admit("another", now)) << "it is not active";
    played.introspection_ =
        R"({"active":true,"sub":"u-17","aud":"https://other.example","scope":"user/Patient.rs"})";
    EXPECT_FALSE(provider.admit("opaque", now)) << "for another server";
    played.introspection_ = R"({"active":"true","sub":"u-17","aud":"https://ward.example/fhir"})";
    EXPECT_FALSE(provider.admit("opaque", now));
}

TEST(Provider, WithoutAClientIdOpaqueTokensAreRefused) {
    Played played;
    auto settings = played.settings();
    settings.client_id.clear();
    Provider provider{settings, played.fetch()};
    EXPECT_FALSE(provider.admit("opaque", now));
    EXPECT_EQ(played.asked_, 0);
}

TEST(Gate, AdmitsTheProvidersTokensAndAsksAgainAfterAWhile) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    const auto key = crypto::SigningKey::generate().value();
    Gate gate{key.public_key(), "hospital.example", &provider};
    const auto token = played.token(claims_with(""));
    ASSERT_TRUE(gate.admit(token, now));
    played.rotate("k2");   // the key behind the token is withdrawn
    EXPECT_TRUE(gate.admit(token, now + 4min));
    EXPECT_FALSE(gate.admit(token, now + 70min));
    EXPECT_FALSE(gate.admit("opaque-and-unknown", now));
}

TEST(Gate, AsksAgainAboutAnOpaqueTokenForAsLongAsItIsUsed) {
    Played played;
    Provider provider{played.settings(), played.fetch()};
    const auto key = crypto::SigningKey::generate().value();
    Gate gate{key.public_key(), "hospital.example", &provider};
    played.introspection_ = R"({"active":true,"sub":"u-17","aud":"https://ward.example/fhir",
        "scope":"user/Patient.rs","exp":1800003600})";
    ASSERT_TRUE(gate.admit("opaque", now));
    const auto asked = played.asked_;
    EXPECT_TRUE(gate.admit("opaque", now + 50s));
    EXPECT_EQ(played.asked_, asked);
    EXPECT_TRUE(gate.admit("opaque", now + 70s));
    EXPECT_EQ(played.asked_, asked + 1);
    played.introspection_ = R"({"active":false})";
    EXPECT_TRUE(gate.admit("opaque", now + 80s));
    EXPECT_FALSE(gate.admit("opaque", now + 140s)) << "it was taken back";
}

TEST(Gate, WithoutAProviderNobodyElsesTokensAreAdmitted) {
    Played played;
    const auto key = crypto::SigningKey::generate().value();
    Gate gate{key.public_key(), "hospital.example"};
    EXPECT_EQ(gate.admit(played.token(claims_with("")), now).error().code, Errc::denied);
}

}   // namespace
}   // namespace ward::vault
