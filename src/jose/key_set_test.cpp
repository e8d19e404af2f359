// SPDX-License-Identifier: Apache-2.0
#include "jose/key_set.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

#include "crypto/foreign_signer_test.hpp"

namespace ward::jose {
namespace {

using crypto::ForeignSigner;

std::size_t count_of(const std::string& keys) {
    return KeySet::parse(R"({"keys":[)" + keys + "]}").value().keys().size();
}

TEST(KeySet, TakesKeysThatVerifyAndPassesOverOthers) {
    const auto ec = ForeignSigner::p256().jwk(), rsa = ForeignSigner::rsa().jwk();
    EXPECT_EQ(count_of("{" + ec + "},{" + rsa + "}"), 2U);
    EXPECT_EQ(count_of("{" + ec + R"(,"use":"enc"})"), 0U);
    EXPECT_EQ(count_of("{" + ec + R"(,"key_ops":["sign"]})"), 0U);
    EXPECT_EQ(count_of("{" + ec + R"(,"key_ops":["verify"],"use":"sig","alg":"ES256"})"), 1U);
    EXPECT_EQ(
        count_of(R"({"kty":"oct","k":"c2VjcmV0","alg":"HS256"},{"kty":"OKP","crv":"Ed25519","x":"AA"},3)"),
        0U);
    EXPECT_EQ(count_of("{" + ForeignSigner::rsa(1024).jwk() + "}"), 0U);
}

// RFC 8725, 3.1: algorithm confusion begins with a key that is used with another algorithm than its own.
TEST(KeySet, AKeyIsForTheAlgorithmThatItNames) {
    const auto rsa = ForeignSigner::rsa().jwk();
    const auto set = KeySet::parse(R"({"keys":[{)" + rsa + R"(,"alg":"RS384"}]})").value();
    EXPECT_TRUE(set.keys().front().can(Algorithm::rs384));
    EXPECT_FALSE(set.keys().front().can(Algorithm::rs256));
    for (const auto* other : {"ES256", "HS256", "none", "PS256"})
        EXPECT_EQ(count_of("{" + rsa + R"(,"alg":")" + other + "\"}"), 0U) << other;
}

TEST(KeySet, HasALimit) {
    const auto ec = "{" + ForeignSigner::p256().jwk() + "}";
    auto keys = ec;
    for (std::size_t i = 1; i < KeySet::keys_max; ++i) keys += "," + ec;
    EXPECT_EQ(count_of(keys), KeySet::keys_max);
    EXPECT_EQ(KeySet::parse(R"({"keys":[)" + keys + "," + ec + "]}").error().code, Errc::limit_exceeded);
    EXPECT_EQ(KeySet::parse(std::string(KeySet::text_bytes_max + 1, ' ')).error().code, Errc::limit_exceeded);
    EXPECT_EQ(KeySet::parse("{}").error().code, Errc::malformed);
}

// Google's vectors of ECDSA as JOSE spells it: the keys come as JWK too.
TEST(Wycheproof, EcdsaP256InTheFormOfJose) {
    const auto* folder = std::getenv("WARD_SHARED_DATA");
    const std::filesystem::path shared =
        folder != nullptr ? std::filesystem::path{folder}
                          : std::filesystem::path{WARD_SOURCE_DIR}.parent_path() / "shared/data";
    std::ifstream file{shared / "vectors/wycheproof/ecdsa_secp256r1_sha256_p1363_test.json"};
    if (!file) GTEST_SKIP() << "the shared vectors are not there";
    const auto vectors = json::Document::parse({std::istreambuf_iterator<char>{file}, {}}).value();
    int verified = 0, refused = 0;
    for (const auto group : vectors["testGroups"].items()) {
        const auto jwk = group["publicKeyJwk"];
        const auto text =
            jwk.exists() ? R"({"keys":[)" + std::string{jwk.raw()} + "]}" : std::string{R"({"keys":[]})"};
        const auto set = KeySet::parse(text).value();
        for (const auto test : group["tests"].items()) {
            if (set.keys().empty()) continue;
            const auto message = from_hex(test["msg"].text()).value();
            const auto signature = from_hex(test["sig"].text()).value_or(Buffer{});
            const bool valid = test["result"].text() == "valid";
            EXPECT_EQ(set.keys().front().key.verify(Algorithm::es256, message, signature), valid)
                << test["tcId"].raw();
            ++(valid ? verified : refused);
        }
    }
    EXPECT_GT(verified, 50);
    EXPECT_GT(refused, 50);
}

}   // namespace
}   // namespace ward::jose
