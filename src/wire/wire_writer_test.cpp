// SPDX-License-Identifier: Apache-2.0
#include "wire/wire_writer.hpp"

#include <gtest/gtest.h>

#include "wire/wire_reader.hpp"

namespace ward {
namespace {

TEST(WireWriter, WritesWhatTheReaderReads) {
    std::array<std::byte, 32> memory{};
    WireWriter out{memory};
    out.integer(std::uint8_t{1});
    out.integer(std::uint16_t{0x0203});
    out.integer(std::uint32_t{0x04050607});
    out.integer(std::uint64_t{0x08090a0b0c0d0e0f});
    out.put(as_bytes("xyz"));
    EXPECT_EQ(to_hex(Bytes{memory}.first(out.written())), "0102030405060708090a0b0c0d0e0f78797a");

    WireReader in{memory};
    EXPECT_EQ(in.u8(), 1);
    EXPECT_EQ(in.u16(), 0x0203);
    EXPECT_EQ(in.u32(), 0x04050607U);
    EXPECT_EQ(in.u64(), 0x08090a0b0c0d0e0fU);
    EXPECT_EQ(as_text(in.take(3)), "xyz");
}

TEST(WireWriter, WritesNothingMoreOnceItOverflowed) {
    std::array<std::byte, 3> memory{};
    WireWriter out{memory};
    out.integer(std::uint16_t{0x0102});
    out.integer(std::uint16_t{0x0304});
    out.integer(std::uint8_t{5});   // would fit
    EXPECT_TRUE(out.overflowed());
    EXPECT_EQ(out.written(), 2U);
    EXPECT_EQ(to_hex(memory), "010200");
}

}   // namespace
}   // namespace ward
