// SPDX-License-Identifier: Apache-2.0
#include "wire/wire_reader.hpp"

#include <gtest/gtest.h>

namespace ward {
namespace {

TEST(WireReader, ReadsNetworkByteOrder) {
    const auto bytes = from_hex("01020304050607").value();
    WireReader in{bytes};
    EXPECT_EQ(in.u8(), 0x01);
    EXPECT_EQ(in.u16(), 0x0203);
    EXPECT_EQ(in.u32(), 0x04050607U);
    EXPECT_FALSE(in.truncated());
}

TEST(WireReader, ReadsLittleEndianToo) {
    const auto bytes = from_hex("02010504030908070611100f0e0d0c0b0a").value();
    WireReader in{bytes};
    EXPECT_EQ(in.le16(), 0x0102);
    EXPECT_EQ(in.le24(), 0x030405U);
    EXPECT_EQ(in.le32(), 0x06070809U);
    EXPECT_EQ(in.le64(), 0x0a0b0c0d0e0f1011U);
    EXPECT_FALSE(in.truncated());
}

TEST(WireReader, TakesAndSkipsNoMoreThanThereIs) {
    const auto bytes = from_hex("01020304").value();
    WireReader in{bytes};
    in.skip(1);
    EXPECT_EQ(to_hex(in.take(2)), "0203");
    EXPECT_EQ(to_hex(in.rest()), "04");
    EXPECT_TRUE(in.take(2).empty());
    EXPECT_TRUE(in.truncated());
    EXPECT_TRUE(in.take(0).empty());
    EXPECT_TRUE(in.truncated()) << "for good";
}

TEST(WireReader, StaysTruncatedAfterAReadPastTheEnd) {
    const auto bytes = from_hex("0102").value();
    WireReader in{bytes};
    EXPECT_EQ(in.u32(), 0U);
    EXPECT_TRUE(in.truncated());
    EXPECT_EQ(in.u8(), 0);
    EXPECT_EQ(in.remaining(), 0U);
}

TEST(WireWriter, WritesWhatTheReaderReads) {
    Buffer bytes;
    append_big_endian(bytes, std::uint64_t{0x0102030405060708});
    append_big_endian(bytes, std::uint16_t{0xfffe});
    EXPECT_EQ(to_hex(bytes), "0102030405060708fffe");
}

}   // namespace
}   // namespace ward
