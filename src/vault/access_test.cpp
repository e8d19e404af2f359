// SPDX-License-Identifier: Apache-2.0
#include "vault/access.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "vault/hospital_test.hpp"

namespace ward::vault {
namespace {

using namespace std::chrono_literals;

const crypto::SigningKey& our_key() {
    static const auto key = crypto::SigningKey::generate().value();
    return key;
}

/// A token with these claims, signed by us.
std::string token_of(std::string_view header, std::string_view claims) {
    const auto text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(claims));
    return signed_token(text, our_key().sign(as_bytes(text)));
}

std::string token_for(const TokenWish& wish) {
    const auto text = token_text(wish, "hospital.example", test_start).value();
    return signed_token(text, our_key().sign(as_bytes(text)));
}

Result<std::shared_ptr<const Grant>> admit(std::string_view token, Time now = test_start) {
    Gate gate{our_key().public_key(), "hospital.example"};
    return gate.admit(token, now);
}

constexpr std::string_view header = R"({"alg":"EdDSA","typ":"JWT"})";

TEST(Token, SaysWhoAndWhatUntilItExpires) {
    const auto token = token_for({"user/Patient.rs", "dr.haddad", "ward-round", 60s});
    const auto grant = admit(token, test_start + 59s);
    ASSERT_TRUE(grant);
    EXPECT_EQ((*grant)->user, "dr.haddad");
    EXPECT_EQ((*grant)->client, "ward-round");
    EXPECT_TRUE(Sight{(*grant)->scopes}.may_ever(Permission::read, fhir::ResourceType::patient));
    EXPECT_EQ(admit(token, test_start + 60s).error().code, Errc::denied);
}

TEST(Token, ExpiresAlsoForAGateThatRemembersIt) {
    Gate gate{our_key().public_key(), "hospital.example"};
    const auto token = token_for({"user/Patient.rs", "dr.haddad", "ward-round", 60s});
    EXPECT_TRUE(gate.admit(token, test_start));
    EXPECT_TRUE(gate.admit(token, test_start + 30s));
    EXPECT_FALSE(gate.admit(token, test_start + 61s));
}

TEST(Token, IsRefusedWhenAnyCharacterOfItIsAnother) {
    const auto token = token_for({"user/Patient.rs", "dr.haddad", "ward-round", 60s});
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto altered = token;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(admit(altered)) << "at " << i;
    }
}

TEST(Token, OfAnotherServerOrForAnotherPurposeIsRefused) {
    EXPECT_FALSE(admit(token_of(header,
                                R"({"iss":"other","aud":"ward-vault","iat":1795338000,"exp":1795338600,
          "sub":"x","scope":"system/*.r"})")));
    EXPECT_FALSE(admit(
        token_of(header, R"({"iss":"hospital.example","aud":"mail","iat":1795338000,"exp":1795338600})")));
    EXPECT_FALSE(
        admit(token_of(header, R"({"iss":"hospital.example","aud":"ward-vault"})")));   // never expires
}

// RFC 8725, 3.1: the algorithm is not the token's to choose.
TEST(Token, WithAnotherHeaderIsRefusedEvenIfWeSignedIt) {
    const auto claims =
        R"({"iss":"hospital.example",
      "aud":"ward-vault","iat":1795338000,"exp":1795338600,
          "sub":"x","scope":"system/*.r"})";
    EXPECT_TRUE(admit(token_of(header, claims)));
    EXPECT_FALSE(admit(token_of(R"({"alg":"none"})", claims)));
    EXPECT_FALSE(admit(token_of(R"({"alg":"HS256","typ":"JWT"})", claims)));
}

TEST(Token, IsNotMadeForLongerThanAShift) {
    EXPECT_FALSE(
        token_text({"system/*.r", "x", "y", token_lifetime_max + 1s}, "hospital.example", test_start));
    EXPECT_FALSE(token_text({"system/*.r", "x", "y", 0s}, "hospital.example", test_start));
    EXPECT_FALSE(token_text({"patient/*.r", "x", "y", 60s}, "hospital.example", test_start));
}

TEST(Token, ThatLivesTooLongOrIsNotYetValidIsRefusedWhoeverSignedIt) {
    const auto claims = [](std::int64_t issued, std::int64_t expires) {
        return fmt::format(
            R"({{"iss":"hospital.example","aud":"ward-vault","iat":{},"exp":{},
                "sub":"x","scope":"system/*.r"}})",
            issued, expires);
    };
    const auto now = std::chrono::floor<std::chrono::seconds>(test_start).time_since_epoch().count();
    EXPECT_TRUE(admit(token_of(header, claims(now, now + 600))));
    EXPECT_FALSE(admit(token_of(header, claims(now, now + 100'000))));
    EXPECT_FALSE(admit(token_of(header, claims(now + 3'600, now + 3'700))));
}

}   // namespace
}   // namespace ward::vault
