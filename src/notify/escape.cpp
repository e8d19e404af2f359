// SPDX-License-Identifier: Apache-2.0
#include "notify/escape.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "core/utf8.hpp"

namespace ward::notify {
namespace {

bool is_printable_ascii(char c) { return c >= ' ' && c <= '~'; }

/// C0, DEL, and C1; the separators of lines and paragraphs, at which some programs break a line.
bool is_control(char32_t c) { return c < ' ' || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029; }

std::string escaped(std::string_view text, std::string_view special) {
    std::string out;
    for (const char c : one_line(text)) {
        if (special.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

}   // namespace

std::string one_line(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto rest = text;
        const auto c = take_code_point(rest);
        const auto size = c ? text.size() - rest.size() : 1;
        out += c && !is_control(*c) ? text.substr(0, size) : std::string_view{" "};
        text.remove_prefix(size);
    }
    return out;
}

std::string_view beginning(std::string_view text, std::size_t bytes_max) {
    if (text.size() <= bytes_max) return text;
    constexpr auto is_within = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; };
    while (bytes_max > 0 && is_within(text[bytes_max])) --bytes_max;
    return text.substr(0, bytes_max);
}

std::string as_parameter(std::string_view text) { return escaped(text, "\"\\]"); }

std::string as_cef_field(std::string_view text) { return escaped(text, "|\\"); }

std::string as_cef_value(std::string_view text) { return escaped(text, "=\\"); }

std::string as_header(std::string_view text, std::size_t name_size) {
    constexpr std::size_t line_max = 500, word_max = 45;   // 45 bytes are 60 characters, and 12 around them
    const auto line = one_line(text);
    // A text that looks like an encoded word would be read as one.
    if (std::ranges::all_of(line, is_printable_ascii) && name_size + 2 + line.size() <= line_max &&
        line.find("=?") == std::string::npos)
        return line;
    std::string out;
    std::string_view rest{line};
    while (!rest.empty()) {
        const auto room = out.empty() ? word_max - std::min<std::size_t>(name_size, 30) : word_max;
        const auto word = beginning(rest, room);
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + to_base64(as_bytes(word)) + "?=";
        rest.remove_prefix(word.size());
    }
    return out;
}

std::string as_quoted_printable(std::string_view text) {
    constexpr std::size_t line_max = 75;   // and "="
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\n') {
            out += "\r\n";
            column = 0;
            continue;
        }
        const bool ends_line = i + 1 == text.size() || text[i + 1] == '\n';
        const bool is_plain = is_printable_ascii(c) && c != '=' && !(c == ' ' && ends_line);
        const std::size_t size = is_plain ? 1 : 3;
        if (column + size > line_max) {
            out += "=\r\n";
            column = 0;
        }
        if (is_plain) {
            out += c;
        } else {
            constexpr std::string_view digits = "0123456789ABCDEF";
            const auto byte = static_cast<unsigned char>(c);
            (out += '=') += digits[byte >> 4U];
            out += digits[byte & 0xfU];
        }
        column += size;
    }
    return out;
}

}   // namespace ward::notify
