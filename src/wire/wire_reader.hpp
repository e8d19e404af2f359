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

    std::uint8_t u8() noexcept { return big_endian<std::uint8_t, 1>(); }
    std::uint16_t u16() noexcept { return big_endian<std::uint16_t, 2>(); }
    std::uint32_t u24() noexcept { return big_endian<std::uint32_t, 3>(); }
    std::uint32_t u32() noexcept { return big_endian<std::uint32_t, 4>(); }
    std::uint64_t u64() noexcept { return big_endian<std::uint64_t, 8>(); }

    // Little-endian, as DICOM, SMB and pcap have it.
    std::uint16_t le16() noexcept { return little_endian<std::uint16_t, 2>(); }
    std::uint32_t le24() noexcept { return little_endian<std::uint32_t, 3>(); }
    std::uint32_t le32() noexcept { return little_endian<std::uint32_t, 4>(); }
    std::uint64_t le64() noexcept { return little_endian<std::uint64_t, 8>(); }

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
    void skip(std::size_t count) noexcept { take(count); }

    /// What was not read yet, without reading it.
    Bytes rest() const noexcept { return rest_; }
    bool truncated() const noexcept { return truncated_; }
    std::size_t remaining() const noexcept { return rest_.size(); }

private:
    template <std::unsigned_integral T, std::size_t size>
    T big_endian() noexcept {
        const auto bytes = take(size);
        if (bytes.empty()) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
        return static_cast<T>(value);
    }

    template <std::unsigned_integral T, std::size_t size>
    T little_endian() noexcept {
        const auto bytes = take(size);
        if (bytes.empty()) return 0;
        std::uint64_t value = 0;
        for (std::size_t i = size; i-- > 0;) value = value << 8 | std::to_integer<std::uint64_t>(bytes[i]);
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

/// Appends an unsigned integer, its lowest byte first.
template <std::unsigned_integral T>
void append_little_endian(Buffer& buffer, T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
        buffer.push_back(static_cast<std::byte>(std::uint64_t{value} >> (8 * i) & 255U));
}

}   // namespace ward
