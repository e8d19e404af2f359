// SPDX-License-Identifier: Apache-2.0
#include "vault/body.hpp"

#include <gtest/gtest.h>

#include "vault/version.hpp"

namespace ward::vault {
namespace {

const crypto::SecretBytes& key() {
    static const auto made = crypto::SecretBytes::random(32).value();
    return made;
}

Version some_version() {
    Version version;
    version.record.value.fill(std::byte{1});
    version.owner.value.fill(std::byte{2});
    version.key.value.fill(std::byte{3});
    version.type = 103;
    version.number = 7;
    return version;
}

const std::vector<std::string> patients{"p1", "p2"};
const std::string json = R"({"resourceType":"Patient","id":"p1"})";

TEST(Body, ComesBackAsItWas) {
    const auto bound = row_binding(some_version());
    const auto sealed = seal_body(key(), bound, {"p1", patients, json});
    const auto body = open_body(key(), bound, sealed->sealed);
    ASSERT_TRUE(body);
    EXPECT_EQ(body->id, "p1");
    EXPECT_EQ(body->patients, patients);
    EXPECT_EQ(body->json.reveal(), json);
}

TEST(Body, OpensInItsOwnRowOnly) {
    const auto version = some_version();
    const auto sealed = seal_body(key(), row_binding(version), {"p1", patients, json});
    const auto opens_as = [&](auto change) {
        auto other = version;
        change(other);
        return open_body(key(), row_binding(other), sealed->sealed).has_value();
    };
    EXPECT_TRUE(opens_as([](Version&) {}));
    EXPECT_FALSE(opens_as([](Version& v) { v.number = 8; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.type = 93; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.change = Change::deleted; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.time += std::chrono::milliseconds{1}; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.record.value[15] = {}; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.owner.value[0] = {}; }));
    EXPECT_FALSE(opens_as([](Version& v) { v.key.value[0] = {}; }));
}

TEST(Body, TheSameTextIsNeverTheSameBytesOrCommitment) {
    const auto bound = row_binding(some_version());
    const auto one = seal_body(key(), bound, {"p1", patients, json});
    const auto two = seal_body(key(), bound, {"p1", patients, json});
    EXPECT_NE(one->sealed, two->sealed);
    EXPECT_NE(one->commitment, two->commitment);
}

TEST(Body, BeyondItsLimitsIsRefused) {
    const auto bound = row_binding(some_version());
    const std::vector<std::string> crowd(BodyLimits{}.patients_max + 1, "p");
    EXPECT_EQ(seal_body(key(), bound, {"p1", crowd, json}).error().code, Errc::malformed);
    const std::string long_json(BodyLimits{}.json_bytes_max + 1, ' ');
    EXPECT_EQ(seal_body(key(), bound, {"p1", patients, long_json}).error().code, Errc::malformed);
}

TEST(Leaf, ChangesWithEveryColumn) {
    auto version = some_version();
    version.sealed = Buffer(10);
    version.tokens = {1, 2};
    const auto leaf = leaf_of(version);
    EXPECT_EQ(leaf.size(), leaf_bytes);
    const auto differs = [&](auto change) {
        auto other = version;
        change(other);
        return leaf_of(other) != leaf;
    };
    EXPECT_TRUE(differs([](Version& v) { v.tokens = {1, 3}; }));
    EXPECT_TRUE(differs([](Version& v) { v.tokens = {1}; }));
    EXPECT_TRUE(differs([](Version& v) { v.sealed[9] = std::byte{1}; }));
    EXPECT_TRUE(differs([](Version& v) { v.sealed.push_back({}); }));
    EXPECT_TRUE(differs([](Version& v) { v.commitment[0] = std::byte{1}; }));
    EXPECT_TRUE(differs([](Version& v) { v.time += std::chrono::milliseconds{1}; }));
}

TEST(Tokens, AreReadBackInOrderOnly) {
    EXPECT_EQ(decode_tokens(encode_tokens({-5, 0, 9})).value(), (std::vector<Token>{-5, 0, 9}));
    EXPECT_FALSE(decode_tokens(encode_tokens({9, 0})));
    auto truncated = encode_tokens({1, 2});
    truncated.pop_back();
    EXPECT_FALSE(decode_tokens(truncated));
    EXPECT_FALSE(decode_tokens({}));
}

}   // namespace
}   // namespace ward::vault
