// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/target.hpp"

#include <algorithm>
#include <array>

#include "protocol/http/path.hpp"
#include "protocol/http/words.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::http {
namespace {

constexpr std::size_t name_max = 48;   // of a parameter; a longer one may be a value

}   // namespace

bool is_parameter_name(std::string_view text) {
    constexpr std::string_view separators = ".:$[]";
    if (text.size() > name_max || !has_few_digits(text)) return false;
    for (bool first = true; first || !text.empty(); first = false) {
        const auto part = text.substr(0, text.find_first_of(separators));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        // items[0][name]
        const bool is_index = !first && std::ranges::all_of(part, is_digit);
        if (!is_index && !has_known_words(part, Vocabulary::parameters)) return false;
    }
    return true;
}

bool is_authority(std::string_view text) {
    const auto is_in = [](std::string_view part, std::string_view others) {
        return std::ranges::all_of(part, [&](char c) {
            return is_letter(c) || is_digit(c) || others.find(c) != std::string_view::npos;
        });
    };
    const auto end = text.starts_with('[') ? text.find(']') : text.find(':');
    const auto host = text.substr(0, end);
    auto port = end == std::string_view::npos ? std::string_view{} : text.substr(end);
    if (port.starts_with(']')) port.remove_prefix(1);
    const bool has_port =
        port.size() > 1 && port.front() == ':' && number(port.substr(1)).value_or(1 << 16) < 1 << 16;
    return !host.empty() && is_in(host, host.starts_with('[') ? "[:." : "-._") && (port.empty() || has_port);
}

Target split_target(std::string_view target) {
    Target parts;
    const auto scheme = target.find("://");
    if (scheme != std::string_view::npos && scheme < 16 && target.find('/') > scheme) {
        target.remove_prefix(scheme + 3);
        const auto end = std::min(target.find_first_of("/?#"), target.size());
        parts.authority = target.substr(0, end);
        target.remove_prefix(end);
        if (const auto at = parts.authority.rfind('@'); at != std::string_view::npos) {
            parts.has_user = true;
            parts.authority.remove_prefix(at + 1);
        }
    }
    target = target.substr(0, target.find('#'));
    parts.path = take_until(target, '?');
    parts.query = target;
    return parts;
}

std::string template_of(const Target& target) {
    auto out = path_template(target.path, field_text_max);
    if (target.path.ends_with('/') && !out.ends_with('/')) out += '/';
    char separator = '?';
    for (auto query = target.query; !query.empty() && out.size() < field_text_max; separator = '&') {
        const auto pair = take_until(query, '&');
        const auto name = pair.substr(0, pair.find('='));
        out += separator;
        // Without `=` there is no telling a name from a value.
        out += name.size() < pair.size() && is_parameter_name(name) ? name : std::string_view{"*"};
    }
    return out;
}

bool has_secret(std::string_view query) {
    constexpr std::array secrets{"password",     "passwd",  "pwd",    "token",
                                 "access_token", "api_key", "apikey", "secret"};
    while (!query.empty()) {
        auto pair = take_until(query, '&');
        const auto name = take_until(pair, '=');
        if (pair.empty()) continue;
        if (std::ranges::any_of(secrets, [&](std::string_view s) { return equal_ignoring_case(name, s); }))
            return true;
    }
    return false;
}

std::string percent_decoded(std::string_view text, std::size_t bytes_max) {
    std::string out;
    while (!text.empty() && out.size() < bytes_max) {
        const auto code =
            text.front() == '%' && text.size() > 2 ? number(text.substr(1, 2), 16) : std::nullopt;
        out += code ? static_cast<char>(*code) : text.front();
        text.remove_prefix(code ? 3 : 1);
    }
    return out;
}

}   // namespace ward::protocol::http
