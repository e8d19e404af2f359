// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/target.hpp"

#include <algorithm>
#include <array>

#include "protocol/http/path.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::http {
namespace {

constexpr std::size_t name_max = 48;   // of a parameter; a longer one may be a value

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool is_name(std::string_view text) {
    constexpr std::string_view allowed = "_-.:$[]";
    return !text.empty() && text.size() <= name_max && has_few_digits(text) &&
           std::ranges::all_of(text, [&](char c) {
               return is_letter(c) || is_digit(c) || allowed.find(c) != std::string_view::npos;
           });
}

}   // namespace

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
        out += name.size() < pair.size() && is_name(name) ? name : std::string_view{"*"};
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
