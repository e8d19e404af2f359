// SPDX-License-Identifier: Apache-2.0
// The only place in Ward that turns bytes into integers, and back.
#pragma once

#include <concepts>

#include "core/bytes.hpp"

namespace ward {

/// A bounds-checked cursor over untrusted bytes, which it borrows. A read past the end yields zero and
/// makes the reader `truncated()` for good, so a decoder checks once, after the last read.
class WireReader {
public:
    explicit WireReader(Bytes bytes) noexcept : rest_(bytes) {}

    std::uint8_t u8() noexcept { return big_endian<std::uint8_t>(); }
    std::uint16_t u16() noexcept { return big_endian<std::uint16_t>(); }
    std::uint32_t u32() noexcept { return big_endian<std::uint32_t>(); }
    std::uint64_t u64() noexcept { return big_endian<std::uint64_t>(); }

    Bytes take(std::size_t count) noexcept {
        if (count > rest_.size()) {
            truncated_ = true;
            rest_ = {};
            return {};
        }
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    bool truncated() const noexcept { return truncated_; }
    std::size_t remaining() const noexcept { return rest_.size(); }

private:
    template <std::unsigned_integral T>
    T big_endian() noexcept {
        std::uint64_t value = 0;
        for (const auto byte : take(sizeof(T))) value = value << 8 | std::to_integer<std::uint64_t>(byte);
        return static_cast<T>(value);
    }

    Bytes rest_;
    bool truncated_ = false;
};

/// Appends an unsigned integer in network byte order.
template <std::unsigned_integral T>
void append_big_endian(Buffer& buffer, T value) {
    for (std::size_t i = sizeof(T); i-- > 0;)
        buffer.push_back(static_cast<std::byte>(std::uint64_t{value} >> (8 * i) & 255U));
}

}   // namespace ward
