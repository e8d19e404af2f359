// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace ward::crypto {

/// Fills from the kernel's generator, drawn in blocks per thread; bytes given out are wiped from the block,
/// and a forked child never sees its parent's block. Aborts when the kernel has no randomness to give.
void random_bytes(std::span<std::byte> target);

template <std::size_t size>
std::array<std::byte, size> random_array() {
    std::array<std::byte, size> bytes;
    random_bytes(bytes);
    return bytes;
}

}   // namespace ward::crypto
