// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ward {

/// Takes the first code point off `text`, or nothing when it is empty or not UTF-8: too long, a surrogate, or
/// past U+10FFFF (RFC 3629, section 3).
std::optional<char32_t> take_code_point(std::string_view& text);

bool is_utf8(std::string_view text);

/// UTF-8 on one line that moves no cursor: without control characters, those beyond ASCII included.
bool is_printable(std::string_view text);

/// The Unicode property White_Space.
bool is_space(char32_t code_point);

}   // namespace ward
