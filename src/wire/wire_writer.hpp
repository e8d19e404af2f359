// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>

#include "core/bytes.hpp"

namespace ward {

/// Writes into memory that the caller owns and that never moves, so that secrets are where he put them. A
/// write past the end does nothing and makes the writer `overflowed()` for good.
class WireWriter {
public:
    explicit WireWriter(std::span<std::byte> target) noexcept : target_(target) {}

    /// In network byte order.
    template <std::unsigned_integral T>
    void integer(T value) noexcept {
        std::array<std::byte, sizeof(T)> bytes;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            bytes[i] = static_cast<std::byte>(std::uint64_t{value} >> (8 * (sizeof(T) - 1 - i)) & 255U);
        put(bytes);
    }

    void put(Bytes bytes) noexcept {
        if (bytes.size() > target_.size() - written_) overflowed_ = true;
        if (overflowed_) return;
        std::ranges::copy(bytes, target_.subspan(written_).begin());
        written_ += bytes.size();
    }

    std::size_t written() const noexcept { return written_; }
    bool overflowed() const noexcept { return overflowed_; }

private:
    std::span<std::byte> target_;
    std::size_t written_ = 0;
    bool overflowed_ = false;
};

}   // namespace ward
