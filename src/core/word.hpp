// SPDX-License-Identifier: Apache-2.0
// Eight characters at a time, as one integer: what scanning text costs a byte at a time costs an eighth here.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace ward::word {

inline constexpr std::size_t size = 8;
inline constexpr std::uint64_t ones = 0x0101010101010101U;
inline constexpr std::uint64_t high_bits = 0x8080808080808080U;

constexpr std::uint64_t of(char c) { return ones * static_cast<unsigned char>(c); }

/// The eight characters at `at`, which must be there. The first one is the lowest byte.
inline std::uint64_t load(std::string_view text, std::size_t at) {
    std::array<char, size> bytes;
    std::copy_n(text.data() + at, size, bytes.begin());
    const auto word = std::bit_cast<std::uint64_t>(bytes);
    if constexpr (std::endian::native == std::endian::big) return __builtin_bswap64(word);
    return word;
}

/// The high bit of each byte that is zero, and of no other.
constexpr std::uint64_t zero_bytes(std::uint64_t word) {
    return ~(((word & ~high_bits) + ~high_bits) | word | ~high_bits);
}

/// The high bit of each byte below `limit`, which is at most 128, and of no other.
constexpr std::uint64_t bytes_below(std::uint64_t word, unsigned limit) {
    return ~(((word & ~high_bits) + ones * (128 - limit)) | word) & high_bits;
}

/// How many characters are before the first one that is marked.
constexpr std::size_t before_first(std::uint64_t marks) {
    return static_cast<std::size_t>(std::countr_zero(marks)) / 8;
}

/// How many are marked. Without the processor's own instruction for it, which not every one has.
constexpr std::size_t count(std::uint64_t marks) {
    return static_cast<std::size_t>((marks >> 7U) * ones >> 56U);
}

}   // namespace ward::word
