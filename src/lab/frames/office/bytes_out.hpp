// SPDX-License-Identifier: Apache-2.0
// What the encoders of this folder put together: little-endian numbers, as Microsoft's protocols have them,
// and bytes that only who has a key could tell from any others.
#pragma once

#include <concepts>
#include <string_view>

#include "core/bytes.hpp"
#include "lab/random.hpp"
#include "wire/wire_reader.hpp"

namespace ward::lab {

template <std::unsigned_integral T>
void append_little_endian(Buffer& buffer, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        buffer.push_back(static_cast<std::byte>(std::uint64_t{value} >> (8 * i) & 255U));
}

/// UTF-16LE of ASCII.
inline void append_utf16(Buffer& buffer, std::string_view text) {
    for (const char c : text) append_little_endian(buffer, static_cast<std::uint16_t>(c));
}

inline Buffer to_buffer(std::string_view text) {
    const auto bytes = as_bytes(text);
    return {bytes.begin(), bytes.end()};
}

/// What is enciphered, signed or drawn by lot.
inline Buffer opaque(Random& random, std::size_t size) {
    Buffer bytes(size);
    std::uint64_t left = 0;
    for (std::size_t i = 0; i < size; ++i, left >>= 8U) {
        if (i % 8 == 0) left = random.next();
        bytes[i] = static_cast<std::byte>(left & 255U);
    }
    return bytes;
}

}   // namespace ward::lab
