// SPDX-License-Identifier: Apache-2.0
#include "crypto/foreign_key.hpp"

#include <gtest/gtest.h>

#include "crypto/foreign_signer_test.hpp"

namespace ward::crypto {
namespace {

Buffer decoded(std::string_view text) { return from_base64url(text).value(); }

// RFC 7515, appendix A.3.
const auto x = decoded("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU");
const auto y = decoded("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
constexpr std::string_view message =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb29"
    "0Ijp0cnVlfQ";
const auto signature =
    decoded("DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q");

TEST(ForeignKey, VerifiesWhatTheStandardSigned) {
    const auto key = ForeignKey::p256(x, y).value();
    EXPECT_TRUE(key.verify(ForeignAlgorithm::es256, as_bytes(message), signature));
    EXPECT_FALSE(key.verify(ForeignAlgorithm::es256, as_bytes(message.substr(1)), signature));
    auto altered = signature;
    altered.back() ^= std::byte{1};
    EXPECT_FALSE(key.verify(ForeignAlgorithm::es256, as_bytes(message), altered));
}

TEST(ForeignKey, CanOnlyWhatItsOwnKindCan) {
    const auto key = ForeignKey::p256(x, y).value();
    for (const auto other : {ForeignAlgorithm::rs256, ForeignAlgorithm::rs384, ForeignAlgorithm::es384}) {
        EXPECT_FALSE(key.can(other));
        EXPECT_FALSE(key.verify(other, as_bytes(message), signature));
    }
}

TEST(ForeignKey, TakesNoSignatureOfAnotherSize) {
    const auto key = ForeignKey::p256(x, y).value();
    EXPECT_FALSE(key.verify(ForeignAlgorithm::es256, as_bytes(message), {}));
    EXPECT_FALSE(key.verify(ForeignAlgorithm::es256, as_bytes(message), Bytes{signature}.first(63)));
    auto longer = signature;
    longer.insert(longer.begin(), std::byte{0});
    EXPECT_FALSE(key.verify(ForeignAlgorithm::es256, as_bytes(message), longer));
}

TEST(ForeignKey, IsNoPointOffTheCurveAndNoOtherSize) {
    auto off = y;
    off.back() ^= std::byte{1};
    EXPECT_FALSE(ForeignKey::p256(x, off));
    EXPECT_FALSE(ForeignKey::p384(x, y));
    EXPECT_FALSE(ForeignKey::p256(Bytes{x}.first(31), y));
    EXPECT_FALSE(ForeignKey::p256({}, {}));
    EXPECT_FALSE(ForeignKey::p256(Buffer(32), Buffer(32)));
}

TEST(ForeignKey, IsNoSmallRsaKey) {
    const auto exponent = decoded("AQAB");
    const auto jwk = ForeignSigner::rsa().jwk();
    const auto begin = jwk.find(R"("n":")") + 5;
    const auto modulus = decoded(std::string_view{jwk}.substr(begin, jwk.find('"', begin) - begin));
    ASSERT_EQ(modulus.size(), 256U);
    EXPECT_TRUE(ForeignKey::rsa(modulus, exponent));
    EXPECT_FALSE(ForeignKey::rsa(Bytes{modulus}.first(255), exponent));
    EXPECT_FALSE(ForeignKey::rsa(Buffer(1025, std::byte{0xff}), exponent));
    EXPECT_FALSE(ForeignKey::rsa(modulus, decoded("AQ")));        // 1: anybody can sign
    EXPECT_FALSE(ForeignKey::rsa(modulus, decoded("AQAAAAE")));   // 5 bytes
    EXPECT_FALSE(ForeignKey::rsa(modulus, decoded("Ag")));
    EXPECT_FALSE(ForeignKey::rsa({}, {}));
}

}   // namespace
}   // namespace ward::crypto
