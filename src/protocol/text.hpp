// SPDX-License-Identifier: Apache-2.0
// What events keep of text.
#pragma once

#include <string>
#include <string_view>

#include "core/text.hpp"

namespace ward::protocol {

/// The longest text that an event keeps of one field.
inline constexpr std::size_t field_text_max = 256;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// A copy of at most `bytes_max` bytes.
inline std::string clipped(std::string_view text, std::size_t bytes_max = field_text_max) {
    return std::string{text.substr(0, bytes_max)};
}

/// A code as tables of a standard list it, or nothing: what is longer or has blanks may be somebody's words.
inline std::string_view code_in(std::string_view text) {
    constexpr std::size_t code_max = 20;
    const auto in_codes = [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
    };
    for (const char c : text)
        if (!in_codes(c)) return {};
    return text.size() <= code_max ? text : std::string_view{};
}

}   // namespace ward::protocol
