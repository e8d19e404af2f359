// SPDX-License-Identifier: Apache-2.0
#include "wire/der.hpp"

#include <gtest/gtest.h>

namespace ward {
namespace {

Buffer bytes(std::string_view hex) { return *from_hex(hex); }

TEST(DerFraming, WalksValuesOneAfterAnother) {
    const auto input = bytes("02010504026162300302017f");
    DerReader in{input};
    EXPECT_EQ(der_integer(*in.take(der::integer)), 5);
    EXPECT_FALSE(in.take(der::integer));
    EXPECT_EQ(as_text(*in.take(der::octet_string)), "ab");
    DerReader inner{*in.take(der::sequence)};
    EXPECT_EQ(der_integer(*inner.find(der::integer)), 127);
    EXPECT_TRUE(in.empty());
}

TEST(DerFraming, ReadsLengthsOfUpToFourBytes) {
    const auto head = decode_der_head(bytes("308400010000"));
    ASSERT_TRUE(std::holds_alternative<Decoded<DerHead>>(head));
    EXPECT_EQ(std::get<0>(head).message.content_size, 65536u);
    EXPECT_EQ(std::get<0>(head).consumed, 6u);
}

TEST(DerFraming, RefusesIndefiniteLengthsAndLongTags) {
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_der(bytes("3080"))));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_der(bytes("30850000000001"))));
    EXPECT_TRUE(std::holds_alternative<Malformed>(decode_der(bytes("1f8101"))));
}

TEST(DerFraming, EachPrefixNeedsMore) {
    const auto whole = bytes("30820003020105");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto result = decode_der(Bytes{whole}.first(size));
        ASSERT_TRUE(std::holds_alternative<NeedMore>(result)) << size;
        EXPECT_LE(size + std::get<NeedMore>(result).at_least, whole.size());
    }
}

TEST(DerFraming, IntegersAreSigned) {
    EXPECT_EQ(der_integer(bytes("ff7b")), -133);
    EXPECT_EQ(der_integer(bytes("00ff")), 255);
    EXPECT_FALSE(der_integer(bytes("010203040506070809")));
}

}   // namespace
}   // namespace ward
