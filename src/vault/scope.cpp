// SPDX-License-Identifier: Apache-2.0
#include "vault/scope.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ward::vault {
namespace {

constexpr std::string_view letters = "cruds";   // bit n of Permission is letter n
constexpr std::size_t scopes_max = 256;

/// SMART v2 `cruds` subsets, in order and each once; v1 `read`, `write` and `*` as the specification maps
/// them.
Result<std::uint8_t> parse_permissions(std::string_view text) {
    if (text == "*") return std::uint8_t{0b11111};
    if (text == "read") return std::uint8_t{0b10010};
    if (text == "write") return std::uint8_t{0b01101};
    std::uint8_t permissions = 0;
    std::size_t next = 0;
    for (const char letter : text) {
        const auto place = letters.find(letter, next);
        if (place == std::string_view::npos)
            return fail(Errc::malformed, "permissions are not a subset of 'cruds'");
        permissions = static_cast<std::uint8_t>(permissions | 1U << place);
        next = place + 1;
    }
    if (permissions == 0) return fail(Errc::malformed, "permissions are missing");
    return permissions;
}

bool is_type_name(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
    return text == "*" || (!text.empty() && std::ranges::all_of(text, is_letter));
}

/// `rest` is what follows `system/` or `user/`.
Result<Scope> parse_resource_scope(std::string_view rest) {
    const auto dot = rest.find('.');
    if (dot == std::string_view::npos || !is_type_name(rest.substr(0, dot)))
        return fail(Errc::malformed, "expected TYPE.PERMISSIONS after the slash");
    if (rest.find('?') != std::string_view::npos)
        return fail(Errc::denied, "scopes restricted by a query are not supported yet");
    const auto permissions = TRY(parse_permissions(rest.substr(dot + 1)));
    return Scope{std::string{rest.substr(0, dot)}, permissions};
}

}   // namespace

Result<std::vector<Scope>> parse_scopes(std::string_view text) {
    std::vector<Scope> scopes;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (scopes.size() == scopes_max) return fail(Errc::limit_exceeded, "too many scopes");
        if (word.starts_with("patient/"))
            return fail(Errc::denied, fmt::format("scope '{}': patient scopes are not supported yet", word));
        const std::size_t prefix = word.starts_with("system/") ? 7 : word.starts_with("user/") ? 5 : 0;
        if (prefix == 0) continue;
        auto scope = parse_resource_scope(word.substr(prefix));
        if (!scope) return fail(scope.error().code, fmt::format("scope '{}': {}", word, scope.error().what));
        scopes.push_back(*std::move(scope));
    }
    return scopes;
}

bool allows(const std::vector<Scope>& scopes, std::string_view resource_type, Permission permission) {
    return std::ranges::any_of(scopes, [&](const Scope& scope) {
        return (scope.permissions & static_cast<std::uint8_t>(permission)) != 0 &&
               (scope.resource_type == "*" || scope.resource_type == resource_type);
    });
}

}   // namespace ward::vault
