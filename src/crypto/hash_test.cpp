// SPDX-License-Identifier: Apache-2.0
#include "crypto/hash.hpp"

#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/derive.hpp"
#include "crypto/password.hpp"
#include "crypto/sign.hpp"

namespace ward::crypto {
namespace {

// FIPS 180-4's examples, as NIST publishes them.
TEST(Sha256, MatchesTheExamplesOfTheStandard) {
    EXPECT_EQ(to_hex(sha256(as_bytes("abc"))),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(to_hex(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(to_hex(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))),
              "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
}

TEST(Sha256, AnyCutGivesTheSameDigest) {
    const std::string message(200, 'm');
    Sha256 hash;
    for (std::size_t cut = 0; cut <= message.size(); ++cut) {
        hash.update(as_bytes(message).first(cut)).update(as_bytes(message).subspan(cut));
        ASSERT_EQ(hash.finish(), sha256(as_bytes(message))) << cut;   // and `hash` is as new each time
    }
}

TEST(Sha256, ACopyGoesItsOwnWay) {
    Sha256 first;
    first.update(as_bytes("a"));
    Sha256 second = first;
    first.update(as_bytes("bc"));
    second.update(as_bytes("b"));
    EXPECT_EQ(first.finish(), sha256(as_bytes("abc")));
    EXPECT_EQ(second.finish(), sha256(as_bytes("ab")));
}

TEST(HmacSha256, OneKeyServesSeveralThreads) {
    const auto keyed = HmacSha256::with_key(as_bytes("an invented key")).value();
    const auto expected = hmac_sha256(as_bytes("an invented key"), as_bytes("token"));
    std::vector<int> wrong(4);
    {
        std::vector<std::jthread> threads;
        for (auto& count : wrong)
            threads.emplace_back([&] {
                for (int i = 0; i < 2000; ++i) count += keyed(as_bytes("token")) == expected ? 0 : 1;
            });
    }
    EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

TEST(Derive, EachLabelAndKeyGivesItsOwn) {
    const auto key = SecretBytes::copy_of(as_bytes("0123456789abcdef0123456789abcdef")).value();
    const auto other = SecretBytes::copy_of(as_bytes("0123456789abcdef0123456789abcdeF")).value();
    const auto hex = [](const SecretBytes& secret) { return to_hex(secret.reveal()); };
    const auto record = derive(key, "record").value();
    EXPECT_EQ(record.size(), 32U);
    EXPECT_EQ(hex(record), hex(derive(key, "record").value()));
    EXPECT_NE(hex(record), hex(derive(key, "index").value()));
    EXPECT_NE(hex(record), hex(derive(other, "record").value()));
}

// RFC 8032, section 7.1, test 2.
TEST(SigningKey, SignsAsTheRfcDoes) {
    const auto seed = from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value();
    const auto key = SigningKey::from_seed(SecretBytes::copy_of(seed).value()).value();
    EXPECT_EQ(to_hex(key.public_key().value),
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const auto signature = key.sign(as_bytes("\x72"));
    EXPECT_EQ(to_hex(signature.value),
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
              "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    EXPECT_TRUE(verify(key.public_key(), as_bytes("\x72"), signature));
    EXPECT_FALSE(verify(key.public_key(), as_bytes("\x73"), signature));
}

TEST(SigningKey, IsFreshWhenGeneratedAndRefusesAnotherSeedLength) {
    EXPECT_NE(SigningKey::generate().value().public_key(), SigningKey::generate().value().public_key());
    EXPECT_EQ(SigningKey::from_seed(SecretBytes::allocate(31).value()).error().code, Errc::denied);
}

constexpr Argon2Cost cheap{.passes = 3, .memory_kib = 64};

TEST(Password, DependsOnTheTextTheSaltAndTheCosts) {
    const auto password = SecretBytes::copy_of(as_bytes("correct horse")).value();
    const auto other = SecretBytes::copy_of(as_bytes("correct hors")).value();
    const auto hex = [](const SecretBytes& text, const PasswordSalt& salt, Argon2Cost cost) {
        return to_hex(key_from_password(text, salt, cost).value().reveal());
    };
    const auto key = hex(password, {}, cheap);
    EXPECT_EQ(key.size(), 64U);
    EXPECT_EQ(hex(password, {}, cheap), key);
    EXPECT_NE(hex(other, {}, cheap), key);
    EXPECT_NE(hex(password, {std::byte{1}}, cheap), key);
    EXPECT_NE(hex(password, {}, {.passes = 4, .memory_kib = 64}), key);
    EXPECT_NE(hex(password, {}, {.passes = 3, .memory_kib = 72}), key);
}

// As hash-wasm 4.13 computes it, another implementation of RFC 9106.
TEST(Password, MatchesAnotherImplementation) {
    const auto password = SecretBytes::copy_of(as_bytes("correct horse")).value();
    PasswordSalt salt{};
    for (unsigned i = 0; i < salt.size(); ++i) salt[i] = static_cast<std::byte>(0x11 * i);
    EXPECT_EQ(to_hex(key_from_password(password, salt, cheap).value().reveal()),
              "c17e60fad3639e348836f1c9be097f2f1e9af91699b4ad99f90ee776ab48fa45");
}

TEST(Password, RefusesCostsThatProtectNothingOrEatTheMachine) {
    const auto password = SecretBytes::copy_of(as_bytes("correct horse")).value();
    const auto refused = [&password](Argon2Cost cost) {
        return key_from_password(password, {}, cost).error().code;
    };
    EXPECT_EQ(refused({.passes = 0, .memory_kib = 64}), Errc::limit_exceeded);
    EXPECT_EQ(refused({.passes = 65, .memory_kib = 64}), Errc::limit_exceeded);
    EXPECT_EQ(refused({.passes = 3, .memory_kib = 7}), Errc::limit_exceeded);
    EXPECT_EQ(refused({.passes = 3, .memory_kib = 5U << 20}), Errc::limit_exceeded);
    EXPECT_EQ(key_from_password(SecretBytes{}, {}, cheap).error().code, Errc::denied);
    EXPECT_EQ(key_from_password(SecretBytes::allocate(4097).value(), {}, cheap).error().code,
              Errc::limit_exceeded);
}

}   // namespace
}   // namespace ward::crypto
