// SPDX-License-Identifier: Apache-2.0
#include "json/scalar.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>

namespace ward::json::detail {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& rest, char wanted) {
    if (rest.empty() || rest.front() != wanted) return false;
    rest.remove_prefix(1);
    return true;
}

bool take_digits(std::string_view& rest) {
    std::size_t count = 0;
    while (count < rest.size() && is_digit(rest[count])) ++count;
    rest.remove_prefix(count);
    return count > 0;
}

std::optional<std::uint32_t> take_hex4(std::string_view& rest) {
    std::uint32_t unit = 0;
    if (rest.size() < 4) return std::nullopt;
    const auto parsed = std::from_chars(rest.data(), rest.data() + 4, unit, 16);
    if (parsed.ec != std::errc{} || parsed.ptr != rest.data() + 4) return std::nullopt;
    rest.remove_prefix(4);
    return unit;
}

void append_utf8(std::uint32_t point, std::string& out) {
    const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
    if (point < 0x80) return put(point);
    if (point < 0x800) {
        put(0xC0 | point >> 6);
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12);
        put(0x80 | (point >> 6 & 0x3F));
    } else {
        put(0xF0 | point >> 18);
        put(0x80 | (point >> 12 & 0x3F));
        put(0x80 | (point >> 6 & 0x3F));
    }
    put(0x80 | (point & 0x3F));
}

// RFC 8259, section 7: a character outside the basic plane is two escapes, a high and a low surrogate.
bool take_unicode_escape(std::string_view& rest, std::string& out) {
    const auto unit = take_hex4(rest);
    if (!unit || (*unit >= 0xDC00 && *unit <= 0xDFFF)) return false;
    if (*unit < 0xD800 || *unit > 0xDBFF) {
        append_utf8(*unit, out);
        return true;
    }
    if (!take(rest, '\\') || !take(rest, 'u')) return false;
    const auto low = take_hex4(rest);
    if (!low || *low < 0xDC00 || *low > 0xDFFF) return false;
    append_utf8(0x10000 + ((*unit - 0xD800) << 10) + (*low - 0xDC00), out);
    return true;
}

/// A number without rounding: 0.digits times ten to the exponent, the digits beginning and ending with
/// another than 0.
struct Exact {
    bool negative = false;
    std::string digits;
    std::int64_t exponent = 0;
    bool operator==(const Exact&) const = default;
};

Exact exact(std::string_view number) {
    Exact out;
    out.negative = take(number, '-');
    const auto e = std::min(number.find_first_of("eE"), number.size());
    const auto point = std::min(number.substr(0, e).find('.'), e);
    out.digits = number.substr(0, point);
    if (point < e) out.digits += number.substr(point + 1, e - point - 1);
    const auto zeros = std::min(out.digits.find_first_not_of('0'), out.digits.size());
    out.digits.erase(0, zeros);
    out.digits.erase(out.digits.find_last_not_of('0') + 1);
    if (out.digits.empty()) return {};   // zero has no sign and no exponent
    auto spelled = number.substr(std::min(e + 1, number.size()));
    take(spelled, '+');
    // One that a double can hold (in_double_range) fits; a longer one stays 0 and is that of a zero.
    std::from_chars(spelled.data(), spelled.data() + spelled.size(), out.exponent);
    out.exponent += static_cast<std::int64_t>(point) - static_cast<std::int64_t>(zeros);
    return out;
}

}   // namespace

bool is_number(std::string_view token) {
    take(token, '-');
    if (!take(token, '0') && !take_digits(token)) return false;
    if (take(token, '.') && !take_digits(token)) return false;
    if (take(token, 'e') || take(token, 'E')) {
        if (!take(token, '+')) take(token, '-');
        if (!take_digits(token)) return false;
    }
    return token.empty();
}

bool in_double_range(std::string_view number) {
    constexpr std::size_t digits_safe = 300;   // the largest double has 309 digits before the point
    if (number.size() <= digits_safe && number.find_first_of("eE") == std::string_view::npos) return true;
    double value = 0;
    return std::from_chars(number.data(), number.data() + number.size(), value).ec == std::errc{};
}

bool same_number(std::string_view a, std::string_view b) { return exact(a) == exact(b); }

bool unescape(std::string_view inside, std::string& out) {
    while (!inside.empty()) {
        const auto plain = inside.substr(0, inside.find('\\'));
        out += plain;
        inside.remove_prefix(plain.size());
        if (inside.empty()) return true;
        if (inside.size() < 2) return false;
        const char escape = inside[1];
        inside.remove_prefix(2);
        switch (escape) {
            case '"':
            case '\\':
            case '/': out.push_back(escape); break;
            case 'b': out.push_back('\b'); break;
            case 'f': out.push_back('\f'); break;
            case 'n': out.push_back('\n'); break;
            case 'r': out.push_back('\r'); break;
            case 't': out.push_back('\t'); break;
            case 'u':
                if (!take_unicode_escape(inside, out)) return false;
                break;
            default: return false;
        }
    }
    return true;
}

}   // namespace ward::json::detail
