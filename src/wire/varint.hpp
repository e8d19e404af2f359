// SPDX-License-Identifier: Apache-2.0
// Integers of seven bits a byte, the lowest first; the high bit says that there are more.
#pragma once

#include <cstdint>

#include "wire/wire_reader.hpp"

namespace ward {

inline void append_varint(Buffer& out, std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) out.push_back(static_cast<std::byte>((value & 0x7FU) | 0x80U));
    out.push_back(static_cast<std::byte>(value));
}

/// Zero where the bytes end before it does, as WireReader has it; bits above the 64th are lost.
inline std::uint64_t take_varint(WireReader& in) {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        const std::uint64_t byte = in.u8();
        value |= (byte & 0x7FU) << shift;
        if ((byte & 0x80U) == 0) break;
    }
    return value;
}

// Small numbers of either sign become small numbers.
constexpr std::uint64_t zigzag(std::int64_t value) {
    return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63U);
}
constexpr std::int64_t unzigzag(std::uint64_t value) {
    return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

}   // namespace ward
