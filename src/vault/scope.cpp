// SPDX-License-Identifier: Apache-2.0
#include "vault/scope.hpp"

#include <algorithm>
#include <array>
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

// What a restriction may not have: parameters that steer an answer rather than say something of a resource,
// and those that look at other resources.
bool is_about_the_resource(std::string_view name) {
    constexpr auto own =
        std::to_array<std::string_view>({"_id", "_lastUpdated", "_profile", "_security", "_tag"});
    const auto code = name.substr(0, name.find(':'));
    if (code.find('.') != std::string_view::npos) return false;
    return !code.starts_with('_') || std::ranges::find(own, code) != own.end();
}

// What `ap` lets through depends on the time at which it is asked.
bool is_approximate(const fhir::Filter& filter) {
    const auto has_prefix = [](const fhir::Term& term) {
        const auto is_ap = [](const auto& one) {
            if constexpr (requires { one.prefix; }) return one.prefix == fhir::Prefix::ap;
            return false;
        };
        return std::visit(is_ap, term);
    };
    const auto has_term = [&](const auto& terms) { return std::ranges::any_of(terms, has_prefix); };
    return has_term(filter.any_of) || std::ranges::any_of(filter.combinations, has_term);
}

Result<fhir::Query> parse_restriction(std::string_view type_name, std::string_view form) {
    const auto type = fhir::resource_type(type_name);
    if (!type) return fail(Errc::denied, "a restriction needs a resource type");
    const auto parameters = TRY(parse_form(form));
    if (parameters.empty()) return fail(Errc::malformed, "the restriction is empty");
    for (const auto& [name, value] : parameters)
        if (!is_about_the_resource(name))
            return fail(Errc::denied, fmt::format("'{}' cannot restrict a scope", name));
    auto query = fhir::parse_query(*type, parameters);
    if (!query) return fail(Errc::denied, query.error().diagnostics);
    if (!fhir::is_about_one_resource(*query))
        return fail(Errc::denied, "a restriction cannot look at other resources");
    if (std::ranges::any_of(query->filters, is_approximate))
        return fail(Errc::denied, "a restriction cannot be approximate ('ap')");
    return *std::move(query);
}

/// `rest` is what follows the slash.
Result<Scope> parse_resource_scope(Reach reach, std::string_view rest) {
    const auto question = std::min(rest.find('?'), rest.size());
    const auto head = rest.substr(0, question);
    const auto dot = head.find('.');
    if (dot == std::string_view::npos || !is_type_name(head.substr(0, dot)))
        return fail(Errc::malformed, "expected TYPE.PERMISSIONS after the slash");
    const auto type = head.substr(0, dot);
    Scope scope{reach, std::string{type}, TRY(parse_permissions(head.substr(dot + 1))), {}, {}};
    if (question < rest.size()) scope.only = TRY(parse_restriction(type, rest.substr(question + 1)));
    return scope;
}

std::optional<Reach> reach_of(std::string_view context) {
    if (context == "patient") return Reach::patient;
    if (context == "user") return Reach::user;
    if (context == "system") return Reach::system;
    return std::nullopt;
}

}   // namespace

Result<std::vector<Scope>> parse_scopes(std::string_view text) {
    std::vector<Scope> scopes;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto word = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (scopes.size() == scopes_max) return fail(Errc::limit_exceeded, "too many scopes");
        const auto slash = std::min(word.find('/'), word.size());
        const auto reach = reach_of(word.substr(0, slash));
        if (!reach || slash == word.size()) continue;
        auto scope = parse_resource_scope(*reach, word.substr(slash + 1));
        if (!scope) return fail(scope.error().code, fmt::format("scope '{}': {}", word, scope.error().what));
        scope->text = word;
        scopes.push_back(*std::move(scope));
    }
    return scopes;
}

bool gives(const Scope& scope, std::string_view resource_type, Permission permission) {
    return (scope.permissions & static_cast<std::uint8_t>(permission)) != 0 &&
           (scope.resource_type == "*" || scope.resource_type == resource_type);
}

}   // namespace ward::vault
