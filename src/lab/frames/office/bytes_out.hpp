// SPDX-License-Identifier: Apache-2.0
// What the encoders of this folder put together: little-endian numbers, as Microsoft's protocols have them,
// and bytes that only who has a key could tell from any others.
#pragma once

#include <array>
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
inline void append_opaque(Buffer& buffer, Random& random, std::size_t size) {
    const auto end = buffer.size() + size;
    while (buffer.size() < end) {
        const auto drawn = random.next();
        std::array<std::byte, sizeof(drawn)> bytes;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<std::byte>(drawn >> (8 * i) & 255U);
        append(buffer, bytes);
    }
    buffer.resize(end);
}

inline Buffer opaque(Random& random, std::size_t size) {
    Buffer bytes;
    bytes.reserve(size + sizeof(std::uint64_t));
    append_opaque(bytes, random, size);
    return bytes;
}

}   // namespace ward::lab
