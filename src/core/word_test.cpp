// SPDX-License-Identifier: Apache-2.0
#include "core/word.hpp"

#include <gtest/gtest.h>
#include <random>
#include <string>

namespace ward::word {
namespace {

/// Eight random characters, of few values so that borders are met often.
std::string draw(std::mt19937& random) {
    constexpr std::string_view alphabet{"\x00\x01\x1f\x20\x22\x5c\x7f\x80\x81\xff", 10};
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += alphabet[random() % alphabet.size()];
    return text;
}

TEST(Word, MarksExactlyTheBytesAskedFor) {
    std::mt19937 random{7};
    for (int round = 0; round < 100'000; ++round) {
        const auto text = draw(random);
        const auto word = load(text, 0);
        for (std::size_t i = 0; i < size; ++i) {
            const auto bit = 0x80ULL << (8 * i);
            const auto c = static_cast<unsigned char>(text[i]);
            ASSERT_EQ((zero_bytes(word) & bit) != 0, c == 0);
            ASSERT_EQ((zero_bytes(word ^ of('"')) & bit) != 0, c == '"');
            ASSERT_EQ((bytes_below(word, 0x20) & bit) != 0, c < 0x20);
            ASSERT_EQ((bytes_below(word, 128) & bit) != 0, c < 128);
        }
    }
}

TEST(Word, CountsWhatIsBeforeTheFirstMark) {
    EXPECT_EQ(before_first(zero_bytes(load("abc|efgh", 0) ^ of('|'))), 3u);
    EXPECT_EQ(before_first(0), size);
    EXPECT_EQ(count(zero_bytes(load("|bc||fg|", 0) ^ of('|'))), 4u);
    EXPECT_EQ(count(zero_bytes(load("||||||||", 0) ^ of('|'))), 8u);
}

}   // namespace
}   // namespace ward::word
