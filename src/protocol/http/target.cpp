// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/target.hpp"

#include <algorithm>
#include <array>

#include "protocol/fhir/fhir.hpp"
#include "protocol/file_kind.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::http {
namespace {

constexpr std::size_t name_max = 48;   // of a parameter; a longer one may be a value

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// Numbers, object identifiers, UUIDs and the like, mail addresses. A version (1.0, 2024) stays readable.
bool is_identifier(std::string_view segment) {
    if (segment.find('@') != std::string_view::npos || segment.find("%40") != std::string_view::npos)
        return true;
    const auto digits = static_cast<std::size_t>(std::ranges::count_if(segment, is_digit));
    if (digits == segment.size()) return digits > 4;
    const auto dots = static_cast<std::size_t>(std::ranges::count(segment, '.'));
    if (digits + dots == segment.size()) return segment.size() > 12;
    return digits > 5 && segment.find('.') == std::string_view::npos;
}

/// What stands before an identifier in the interfaces of hospitals: FHIR, DICOMweb, and home-made ones.
bool precedes_identifier(std::string_view segment) {
    constexpr std::array names{"studies", "series", "instances", "mrn", "person", "persons"};
    return fhir::is_resource_type(segment) || starts_ignoring_case(segment, "patient") ||
           std::ranges::any_of(names,
                               [&](std::string_view name) { return equal_ignoring_case(segment, name); });
}

bool is_name(std::string_view text) {
    constexpr std::string_view allowed = "_-.:$[]";
    return !text.empty() && text.size() <= name_max && !is_identifier(text) &&
           std::ranges::all_of(text, [&](char c) {
               return is_letter(c) || is_digit(c) || allowed.find(c) != std::string_view::npos;
           });
}

/// What may be told of a segment that no identifier has to follow: of a document its kind.
std::string readable(std::string_view segment) {
    const auto kind = file_kind(segment);
    const auto stem = segment.substr(0, segment.rfind('.'));
    if (is_document(kind) || (!kind.empty() && is_identifier(stem))) return "{id}." + std::string{kind};
    return std::string{is_identifier(segment) ? std::string_view{"{id}"} : segment};
}

void append_path(std::string_view path, std::string& out) {
    bool follows = false;
    bool first = true;
    while (!path.empty() && out.size() < field_text_max) {
        // RFC 3986, 3.3: parameters of a segment, such as a session's identifier.
        auto rest = take_until(path, '/');
        const auto segment = take_until(rest, ';');
        if (!first) out += '/';
        first = false;
        const bool fixed = segment.empty() || segment.front() == '$' || segment.front() == '_' ||
                           fhir::is_resource_type(segment);
        out += follows && !fixed ? "{id}" : readable(segment);
        follows = precedes_identifier(segment) ||
                  (segment == "_history");   // FHIR R4, http.html#vread: the version's id follows
        if (path.empty() && rest.empty()) break;
    }
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
    std::string out;
    append_path(target.path, out);
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
