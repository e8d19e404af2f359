// SPDX-License-Identifier: Apache-2.0
#include "history/block.hpp"

#include <gtest/gtest.h>

namespace ward::history {
namespace {

Block two_events() {
    return {
        .marks = {{.microseconds = 1'772'409'600'196'498, .sequence = 7, .publisher = 1, .line_bytes = 2},
                  {.microseconds = 1'772'409'600'196'400, .sequence = 3, .publisher = 2, .line_bytes = 7}},
        .lines = R"({}{"a":1})"};
}

TEST(Block, IsReadAsItWasWritten) {
    const auto block = two_events();
    const auto read = decode_block(encode_block(block));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(*read, block);
}

TEST(Block, CanBeginWithALaterEvent) {
    const auto block = two_events();
    const auto read = decode_block(encode_block(block, 1, 2));
    ASSERT_TRUE(read) << read.error().what;
    EXPECT_EQ(read->marks, std::vector{block.marks[1]});
    EXPECT_EQ(read->lines, R"({"a":1})");
}

TEST(Block, AnyOtherByteIsNoticed) {
    const auto whole = encode_block(two_events());
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto damaged = whole;
        damaged[i] ^= std::byte{0x10};
        const auto read = decode_block(damaged);
        EXPECT_TRUE(!read || *read == two_events()) << "byte " << i;
        EXPECT_FALSE(decode_block(Bytes{whole}.first(i))) << "cut at " << i;
    }
}

}   // namespace
}   // namespace ward::history
