// SPDX-License-Identifier: Apache-2.0
#include "http/target.hpp"

#include <cstdint>
#include <optional>

namespace ward::http {
namespace {

enum class Plus { is_plus, is_space };

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

// How many bytes the character at the front takes (Unicode 15, table 3-7); 0 if it is ill-formed.
std::size_t character_size(std::string_view text) {
    const auto at = [&](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const auto continues = [&](std::size_t i) { return (at(i) & 0xC0U) == 0x80U; };
    const auto first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned low = first == 0xE0 ? 0xA0 : 0x80;    // shorter forms
        const unsigned high = first == 0xED ? 0x9F : 0xBF;   // surrogates
        return at(1) >= low && at(1) <= high && continues(2) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned high = first == 0xF4 ? 0x8F : 0xBF;   // beyond U+10FFFF
        return at(1) >= low && at(1) <= high && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const auto size = character_size(text);
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

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

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

Result<std::string> decode_path(std::string_view path) {
    // Raw non-ASCII bytes are not allowed in a target (RFC 3986, 2.1); escapes may stand for them.
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (static_cast<unsigned char>(path[i]) >= 0x80) return fail(Errc::malformed, "target is not ASCII");
        const auto escape = path.substr(i, 3);
        if (escape == "%2F" || escape == "%2f") return fail(Errc::malformed, "path holds an encoded slash");
    }
    auto decoded = TRY(percent_decode(path, Plus::is_plus));
    for (const char c : decoded)
        if (is_control(c)) return fail(Errc::malformed, "path holds a control character");
    return decoded;
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

Result<std::vector<Parameter>> parse_form(std::string_view form) {
    std::vector<Parameter> parameters;
    while (!form.empty()) {
        const auto end = form.find('&');
        const auto piece = form.substr(0, end);
        form = end == std::string_view::npos ? std::string_view{} : form.substr(end + 1);
        if (piece.empty()) continue;
        if (parameters.size() == parameters_max) return fail(Errc::limit_exceeded, "too many parameters");
        const auto equals = piece.find('=');
        auto name = TRY(percent_decode(piece.substr(0, equals), Plus::is_space));
        const auto rest = equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
        auto value = TRY(percent_decode(rest, Plus::is_space));
        parameters.push_back({std::move(name), std::move(value)});
    }
    return parameters;
}

Result<Target> parse_target(std::string_view target) {
    if (target == "*") return Target{"*", {}};
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && target.front() != '/') {
        // RFC 9112, 3.2.2: a server accepts absolute-form; its authority is ours or a proxy's mistake.
        const auto authority = target.substr(scheme + 3);
        const auto path = authority.find_first_of("/?");
        target = path == std::string_view::npos ? "/" : authority.substr(path);
        if (target.front() == '?') return fail(Errc::malformed, "target has no path");
    }
    if (target.empty() || target.front() != '/')
        return fail(Errc::malformed, "target does not start with a slash");
    if (target.find('#') != std::string_view::npos) return fail(Errc::malformed, "target has a fragment");

    const auto question = target.find('?');
    auto path = TRY(decode_path(target.substr(0, question)));
    if (question == std::string_view::npos) return Target{std::move(path), {}};
    auto query = TRY(parse_form(target.substr(question + 1)));
    return Target{std::move(path), std::move(query)};
}

std::string write_form(const std::vector<Parameter>& parameters) {
    std::string form;
    for (const auto& parameter : parameters) {
        if (!form.empty()) form += '&';
        percent_encode(form, parameter.name);
        form += '=';
        percent_encode(form, parameter.value);
    }
    return form;
}

}   // namespace ward::http
