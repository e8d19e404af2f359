// SPDX-License-Identifier: Apache-2.0
#include "core/form.hpp"

#include <optional>

#include "core/utf8.hpp"

namespace ward {
namespace {

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

void percent_encode(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           c == '-' || c == '.' || c == '_' || c == '*';
        if (plain) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            out += {'%', digits[byte / 16], digits[byte % 16]};
        }
    }
}

}   // namespace

Result<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::is_space) {
            decoded += ' ';
        } else if (text[i] != '%') {
            decoded += text[i];
        } else {
            if (text.size() - i < 3) return fail(Errc::malformed, "percent escape is cut short");
            const auto high = hex_digit(text[i + 1]);
            const auto low = hex_digit(text[i + 2]);
            if (!high || !low) return fail(Errc::malformed, "percent escape is not hexadecimal");
            decoded += static_cast<char>(*high * 16 + *low);
            i += 2;
        }
    }
    if (!is_utf8(decoded)) return fail(Errc::malformed, "text is not UTF-8");
    return decoded;
}

Result<std::vector<FormField>> parse_form(std::string_view form, std::size_t fields_max) {
    std::vector<FormField> fields;
    while (!form.empty()) {
        const auto end = form.find('&');
        const auto piece = form.substr(0, end);
        form = end == std::string_view::npos ? std::string_view{} : form.substr(end + 1);
        if (piece.empty()) continue;
        if (fields.size() == fields_max) return fail(Errc::limit_exceeded, "too many parameters");
        const auto equals = piece.find('=');
        auto name = TRY(percent_decode(piece.substr(0, equals), Plus::is_space));
        const auto rest = equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
        auto value = TRY(percent_decode(rest, Plus::is_space));
        fields.push_back({std::move(name), std::move(value)});
    }
    return fields;
}

std::string write_form(const std::vector<FormField>& fields) {
    std::string form;
    for (const auto& field : fields) {
        if (!form.empty()) form += '&';
        percent_encode(form, field.name);
        form += '=';
        percent_encode(form, field.value);
    }
    return form;
}

}   // namespace ward
