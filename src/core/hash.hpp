// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ward {

/// Joins two words under a secret: the product of both, its halves folded together. Unlike shifts and
/// additions it lets nobody who does not know the secret choose words that collide.
constexpr std::uint64_t folded(std::uint64_t a, std::uint64_t b, std::uint64_t secret) noexcept {
    __extension__ using Wide = unsigned __int128;
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15U;   // never multiplies by zero alone
    const auto product = static_cast<Wide>(a ^ secret) * (b ^ (secret << 32U | secret >> 32U) ^ odd);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

}   // namespace ward
