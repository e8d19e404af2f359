// SPDX-License-Identifier: Apache-2.0
#include "wire/der.hpp"

#include <gtest/gtest.h>

namespace ward {
namespace {

std::string oid(std::string_view hex) { return oid_text(*from_hex(hex)); }

TEST(Der, ReadsElementsOneAfterTheOther) {
    const auto bytes = *from_hex(
        "020105"
        "0403616263");
    DerReader in{bytes};
    const auto number = in.next();
    ASSERT_TRUE(number);
    EXPECT_EQ(number->tag, der::integer);
    EXPECT_EQ(to_hex(number->content), "05");
    EXPECT_EQ(to_hex(number->whole), "020105");
    EXPECT_FALSE(in.next_if(der::integer));
    const auto text = in.next_if(der::octet_string);
    ASSERT_TRUE(text);
    EXPECT_EQ(as_text(text->content), "abc");
    EXPECT_TRUE(in.empty());
    EXPECT_FALSE(in.next());
}

TEST(Der, ReadsLongLengths) {
    const auto bytes = *from_hex(
        "30820003"
        "020105");
    const auto sequence = DerReader{bytes}.next();
    ASSERT_TRUE(sequence);
    EXPECT_EQ(sequence->content.size(), 3u);
}

TEST(Der, StopsAtWhatIsCutOrIndefinite) {
    const auto cut = *from_hex("0404616263");
    DerReader in{cut};
    EXPECT_FALSE(in.next());
    EXPECT_TRUE(in.empty());
    const auto indefinite = *from_hex("30800000");
    EXPECT_FALSE(DerReader{indefinite}.next());
}

// X.690, 8.19.5, and RFC 8017, appendix A.2.4.
TEST(Der, WritesObjectIdentifiersWithDots) {
    EXPECT_EQ(oid("883703"), "2.999.3");
    EXPECT_EQ(oid("550403"), "2.5.4.3");
    EXPECT_EQ(oid("2a864886f70d01010b"), "1.2.840.113549.1.1.11");
    EXPECT_EQ(oid("ffffffffffffffffffffff7f"), "");
}

}   // namespace
}   // namespace ward
