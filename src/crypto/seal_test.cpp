// SPDX-License-Identifier: Apache-2.0
#include "crypto/seal.hpp"

#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace ward::crypto {
namespace {

constexpr std::size_t sealed_chunk = seal_chunk_bytes + seal_tag_bytes;

const SecretBytes& key() {
    static const SecretBytes key = SecretBytes::random(32).value();
    return key;
}

Buffer text(std::size_t size) {
    Buffer text(size);
    for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<std::byte>(i * 31 % 253);
    return text;
}

Buffer sealed_text(std::size_t size) { return seal(key(), as_bytes("record 1"), text(size)).value(); }

/// Opens as the record that `sealed_text` sealed; the outcome without the text.
Errc refusal(Bytes sealed) {
    const auto opened = open(key(), as_bytes("record 1"), sealed);
    EXPECT_FALSE(opened.has_value());
    return opened ? Errc::conflict : opened.error().code;
}

Buffer joined(std::initializer_list<Bytes> pieces) {
    Buffer whole;
    for (const auto piece : pieces) append(whole, piece);
    return whole;
}

TEST(Seal, OpensAsItWas) {
    for (const std::size_t size :
         std::initializer_list<std::size_t>{0, 1, 16, 16383, 16384, 16385, 32768, 100000}) {
        const auto sealed = sealed_text(size);
        EXPECT_EQ(sealed.size(), sealed_size(size));
        EXPECT_EQ(open(key(), as_bytes("record 1"), sealed).value(), text(size)) << size;
    }
}

TEST(Seal, NeverTwiceTheSame) { EXPECT_NE(sealed_text(100), sealed_text(100)); }

TEST(Seal, OpensOnlyWithItsOwnContextAndKey) {
    const auto sealed = sealed_text(100);
    const auto other = SecretBytes::random(32).value();
    EXPECT_EQ(open(key(), as_bytes("record 2"), sealed).error().code, Errc::corrupt);
    EXPECT_EQ(open(key(), as_bytes("record 10"), sealed).error().code, Errc::corrupt);
    EXPECT_EQ(open(key(), {}, sealed).error().code, Errc::corrupt);
    EXPECT_EQ(open(other, as_bytes("record 1"), sealed).error().code, Errc::corrupt);
}

TEST(Seal, RefusesAKeyOfAnotherLength) {
    const auto shorter = SecretBytes::allocate(31).value();
    EXPECT_EQ(seal(shorter, {}, {}).error().code, Errc::denied);
    EXPECT_EQ(open(shorter, {}, sealed_text(0)).error().code, Errc::denied);
}

TEST(Seal, DoesNotOpenWithAnyBitFlipped) {
    auto sealed = sealed_text(40);
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        sealed[bit / 8] ^= mask;
        ASSERT_EQ(refusal(sealed), Errc::corrupt) << bit;
        sealed[bit / 8] ^= mask;
    }
    EXPECT_TRUE(open(key(), as_bytes("record 1"), sealed));
}

TEST(Seal, DoesNotOpenWithARandomBitOfALongOneFlipped) {
    const auto seed = std::random_device{}();
    std::mt19937 random{seed};
    auto sealed = sealed_text(40'000);
    for (int round = 0; round < 300; ++round) {
        const std::size_t bit = random() % (sealed.size() * 8);
        const auto mask = static_cast<std::byte>(1U << bit % 8);
        sealed[bit / 8] ^= mask;
        ASSERT_EQ(refusal(sealed), Errc::corrupt) << "bit " << bit << ", seed " << seed;
        sealed[bit / 8] ^= mask;
    }
}

TEST(Seal, DoesNotOpenTruncatedAnywhere) {
    const auto small = sealed_text(40);
    for (std::size_t size = 0; size < small.size(); ++size)
        ASSERT_EQ(refusal(Bytes{small}.first(size)), Errc::corrupt);

    const auto large = sealed_text(3 * seal_chunk_bytes + 5);
    for (std::size_t chunk = 0; chunk <= 3; ++chunk) {
        const std::size_t boundary = seal_header_bytes + chunk * sealed_chunk;
        for (std::size_t size = boundary - 20; size <= boundary + 20; ++size)
            ASSERT_EQ(refusal(Bytes{large}.first(size)), Errc::corrupt) << size;
    }
}

TEST(Seal, DoesNotOpenWithChunksSwappedLeftOutOrRepeated) {
    const auto sealed = sealed_text(2 * seal_chunk_bytes + 5);
    const auto header = Bytes{sealed}.first(seal_header_bytes);
    const auto first = Bytes{sealed}.subspan(seal_header_bytes, sealed_chunk);
    const auto second = Bytes{sealed}.subspan(seal_header_bytes + sealed_chunk, sealed_chunk);
    const auto last = Bytes{sealed}.subspan(seal_header_bytes + 2 * sealed_chunk);
    EXPECT_TRUE(open(key(), as_bytes("record 1"), joined({header, first, second, last})));
    EXPECT_EQ(refusal(joined({header, second, first, last})), Errc::corrupt);
    EXPECT_EQ(refusal(joined({header, first, last})), Errc::corrupt);
    EXPECT_EQ(refusal(joined({header, second, last})), Errc::corrupt);
    EXPECT_EQ(refusal(joined({header, first, first, last})), Errc::corrupt);
    EXPECT_EQ(refusal(joined({header, first, second, last, last})), Errc::corrupt);
    EXPECT_EQ(refusal(joined({header, last})), Errc::corrupt);
}

TEST(Seal, DoesNotOpenWithAChunkOfAnotherText) {
    const auto one = sealed_text(seal_chunk_bytes);
    const auto two = sealed_text(seal_chunk_bytes);
    EXPECT_EQ(refusal(joined({Bytes{one}.first(seal_header_bytes), Bytes{two}.subspan(seal_header_bytes)})),
              Errc::corrupt);
}

TEST(Seal, LeavesTheTargetAloneWhenItDoesNotOpen) {
    auto sealed = sealed_text(40'000);
    Buffer target = text(10);
    ASSERT_TRUE(open_to(target, key(), as_bytes("record 1"), sealed));
    EXPECT_EQ(target, joined({text(10), text(40'000)}));

    sealed.back() ^= std::byte{1};
    target = text(10);
    EXPECT_FALSE(open_to(target, key(), as_bytes("record 1"), sealed));
    EXPECT_EQ(target, text(10));
}

TEST(Seal, OpensASecretIntoSecretMemory) {
    const auto wrapped = seal(key(), as_bytes("wrap"), as_bytes("a data key")).value();
    EXPECT_EQ(as_text(open_secret(key(), as_bytes("wrap"), wrapped).value().reveal()), "a data key");
    EXPECT_EQ(open_secret(key(), as_bytes("wrong"), wrapped).error().code, Errc::corrupt);
}

TEST(Seal, ThreadsDoNotDisturbEachOther) {
    std::vector<int> wrong(4);
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < wrong.size(); ++i)
            threads.emplace_back([i, &wrong] {
                const auto own = SecretBytes::random(32).value();
                for (std::size_t size = 0; size < 200; ++size) {
                    const auto sealed = seal(own, {}, text(size * i * 37)).value();
                    if (open(own, {}, sealed).value() != text(size * i * 37)) ++wrong[i];
                }
            });
    }
    EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

}   // namespace
}   // namespace ward::crypto
