// SPDX-License-Identifier: Apache-2.0
// Text as Microsoft's protocols carry it.
#pragma once

#include <string>

#include "protocol/text.hpp"
#include "wire/wire_reader.hpp"

namespace ward::protocol {

inline void append_utf8(std::string& text, std::uint32_t point) {
    const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | (point >> shift & 0x3fU)); };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xc0U | point >> 6U);
        tail(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xe0U | point >> 12U);
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xf0U | point >> 18U);
        tail(12);
        tail(6);
        tail(0);
    }
}

/// UTF-16LE as UTF-8, up to its first NUL and of at most about `bytes_max` bytes. An unpaired surrogate is
/// left to the writer of the event, who replaces what is not UTF-8.
inline std::string from_utf16le(Bytes bytes, std::size_t bytes_max = field_text_max) {
    std::string text;
    WireReader in{bytes};
    while (in.remaining() >= 2 && text.size() < bytes_max) {
        std::uint32_t unit = in.le16();
        if (unit == 0) break;
        if ((unit & 0xfc00U) == 0xd800U && in.remaining() >= 2)
            unit = 0x10000U + ((unit & 0x3ffU) << 10U) + (in.le16() & 0x3ffU);
        append_utf8(text, unit);
    }
    return text;
}

}   // namespace ward::protocol
