// SPDX-License-Identifier: Apache-2.0
#include "jose/token.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "crypto/foreign_signer_test.hpp"

namespace ward::jose {
namespace {

using namespace std::chrono_literals;
using crypto::ForeignSigner;

constexpr Time now{std::chrono::seconds{1'800'000'000}};
const std::string good_claims =
    R"({"iss":"https://op.example","aud":["other","ward"],"exp":1800000600,"iat":1800000000})";

std::string token_of(std::string_view header, std::string_view claims, const ForeignSigner& signer) {
    const auto text = to_base64url(as_bytes(header)) + "." + to_base64url(as_bytes(claims));
    return text + "." + signer.sign(text);
}

KeySet set_of(std::initializer_list<std::string> keys) {
    std::string text;
    for (const auto& key : keys) text += (text.empty() ? "{" : ",{") + key + "}";
    return KeySet::parse(R"({"keys":[)" + text + "]}").value();
}

Result<> verified(const KeySet& keys, std::string_view text) {
    const auto token = TRY(read_token(text));
    return verify(keys, token);
}

Result<> claims_hold(std::string_view claims, Time at = now) {
    const auto document = json::Document::parse(std::string{claims}).value();
    return check_claims(document.root(), {.issuer = "https://op.example", .audience = "ward", .now = at});
}

TEST(ForeignToken, IsKnownByTheKeyThatItNames) {
    const auto rsa = ForeignSigner::rsa();
    const auto p256 = ForeignSigner::p256(), p384 = ForeignSigner::p384();
    const auto keys = set_of({rsa.jwk() + R"(,"kid":"r")", p256.jwk() + R"(,"kid":"e")",
                              p384.jwk() + R"(,"kid":"f","alg":"ES384")"});
    EXPECT_TRUE(verified(keys, token_of(R"({"alg":"RS256","kid":"r"})", good_claims, rsa)));
    EXPECT_TRUE(verified(keys, token_of(R"({"alg":"ES256","kid":"e"})", good_claims, p256)));
    EXPECT_TRUE(verified(keys, token_of(R"({"alg":"ES384","kid":"f"})", good_claims, p384)));
    EXPECT_TRUE(verified(keys, token_of(R"({"alg":"ES384"})", good_claims, p384))) << "without a kid";
    EXPECT_FALSE(verified(keys, token_of(R"({"alg":"ES256","kid":"r"})", good_claims, p256)));
    EXPECT_FALSE(
        verified(keys, token_of(R"({"alg":"ES256","kid":"e"})", good_claims, ForeignSigner::p256())));
}

// RFC 8725, 2.1: what forgers try.
TEST(ForeignToken, DoesNotChooseItsAlgorithm) {
    const auto rsa = ForeignSigner::rsa();
    const auto keys = set_of({rsa.jwk()});
    for (const auto* header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"HS256"})",
                               R"({"alg":"PS256"})", R"({"alg":"EdDSA"})", R"({"alg":"ES256"})",
                               R"({"alg":"RS384"})", R"({"alg":["RS256"]})", R"({})", R"("RS256")"}) {
        EXPECT_FALSE(verified(keys, token_of(header, good_claims, rsa))) << header;
    }
    const auto unsigned_text = token_of(R"({"alg":"RS256"})", good_claims, rsa);
    EXPECT_FALSE(verified(keys, unsigned_text.substr(0, unsigned_text.rfind('.') + 1)));
}

TEST(ForeignToken, BringsNoKeyOfItsOwn) {
    const auto forger = ForeignSigner::p256();
    const auto keys = set_of({ForeignSigner::p256().jwk()});
    const auto header = fmt::format(R"({{"alg":"ES256","jwk":{{{}}}}})", forger.jwk());
    EXPECT_FALSE(verified(keys, token_of(header, good_claims, forger)));
}

TEST(ForeignToken, WithAnExtensionIsNotUnderstood) {
    const auto signer = ForeignSigner::p256();
    const auto keys = set_of({signer.jwk()});
    EXPECT_FALSE(
        verified(keys, token_of(R"({"alg":"ES256","crit":["b64"],"b64":false})", good_claims, signer)));
}

TEST(ForeignToken, IsRefusedWhenAnyCharacterOfItIsAnother) {
    const auto signer = ForeignSigner::p256();
    const auto keys = set_of({signer.jwk()});
    const auto token = token_of(R"({"alg":"ES256"})", good_claims, signer);
    ASSERT_TRUE(verified(keys, token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto altered = token;
        altered[i] = altered[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verified(keys, altered)) << "at " << i;
    }
}

TEST(ForeignToken, HasALimit) {
    EXPECT_FALSE(read_token(std::string(token_bytes_max + 1, 'A')));
    EXPECT_FALSE(read_token(""));
    EXPECT_FALSE(read_token(".."));
    EXPECT_FALSE(read_token("a.b.c.d.e"));   // encrypted
}

TEST(Claims, HoldForTheirTimeWithALittleSkew) {
    EXPECT_TRUE(claims_hold(good_claims));
    EXPECT_TRUE(claims_hold(good_claims, now + 659s));
    EXPECT_FALSE(claims_hold(good_claims, now + 660s));
    EXPECT_TRUE(claims_hold(good_claims, now - 60s));
    EXPECT_FALSE(claims_hold(good_claims, now - 61s));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":"ward","exp":1800600000})"))
        << "for a week";
    EXPECT_FALSE(
        claims_hold(R"({"iss":"https://op.example","aud":"ward","exp":1800000600,"nbf":1800000061})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":"ward"})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":"ward","exp":"1800000600"})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":"ward","exp":1e300})"));
}

TEST(Claims, AreOfThisIssuerForThisServer) {
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example/","aud":"ward","exp":1800000600})"));
    EXPECT_FALSE(claims_hold(R"({"aud":"ward","exp":1800000600})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":"wards","exp":1800000600})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","exp":1800000600})"));
    EXPECT_FALSE(claims_hold(R"({"iss":"https://op.example","aud":{"ward":1},"exp":1800000600})"));
}

TEST(Claims, OfAnIdTokenOrALogoutAreNotThoseOfAnAccessToken) {
    const auto signer = ForeignSigner::p256();
    const auto is_access = [&](std::string_view header, std::string_view claims) {
        return check_is_access_token(read_token(token_of(header, claims, signer)).value()).has_value();
    };
    EXPECT_TRUE(is_access(R"({"alg":"ES256","typ":"at+jwt"})", "{}"));
    EXPECT_TRUE(is_access(R"({"alg":"ES256","typ":"application/at+jwt"})", "{}"));
    EXPECT_TRUE(is_access(R"({"alg":"ES256"})", "{}"));
    EXPECT_FALSE(is_access(R"({"alg":"ES256","typ":"logout+jwt"})", "{}"));
    EXPECT_FALSE(is_access(R"({"alg":"ES256","typ":"JWT"})", R"({"nonce":"x"})"));
    EXPECT_FALSE(is_access(R"({"alg":"ES256","typ":"JWT"})", R"({"events":{}})"));
}

}   // namespace
}   // namespace ward::jose
