// SPDX-License-Identifier: Apache-2.0
#include "core/utf8.hpp"

#include <bit>

#include "core/word.hpp"

namespace ward {

std::optional<char32_t> take_code_point(std::string_view& text) {
    if (text.empty()) return {};
    const auto lead = static_cast<unsigned char>(text.front());
    const auto ones = static_cast<unsigned>(std::countl_one(lead));   // 0, or the number of bytes
    if (ones == 1 || ones > 4) return {};
    const std::size_t length = ones == 0 ? 1 : ones;
    if (text.size() < length) return {};
    char32_t code_point = lead & (0xffU >> (ones + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        if ((byte & 0xc0U) != 0x80) return {};
        code_point = code_point << 6 | (byte & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code_point < least[length] || code_point > 0x10ffff) return {};
    if (code_point >= 0xd800 && code_point <= 0xdfff) return {};
    text.remove_prefix(length);
    return code_point;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        // Most text is ASCII.
        std::size_t ascii = 0;
        while (text.size() - ascii >= word::size && (word::load(text, ascii) & word::high_bits) == 0)
            ascii += word::size;
        while (ascii < text.size() && static_cast<unsigned char>(text[ascii]) < 0x80) ++ascii;
        text.remove_prefix(ascii);
        if (!text.empty() && !take_code_point(text)) return false;
    }
    return true;
}

bool is_printable(std::string_view text) {
    while (!text.empty()) {
        const auto c = take_code_point(text);
        if (!c || *c < 0x20 || (*c >= 0x7f && *c < 0xa0)) return false;
    }
    return true;
}

bool is_space(char32_t c) {
    return (c >= 0x9 && c <= 0xd) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

}   // namespace ward
