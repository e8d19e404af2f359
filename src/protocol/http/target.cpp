// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/target.hpp"

#include <algorithm>
#include <array>

#include "protocol/http/path.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::http {
namespace {

constexpr std::size_t name_max = 48;   // of a parameter; a longer one may be a value

// FHIR R4, search.html: modifiers, and parameters that a chain or _has may end in.
constexpr std::string_view parameter_words =
    "above active address address-city address-country address-postalcode address-state author "
    "authored authoredon based-on below birthdate category class clinical-status code code-text "
    "code-value-concept code-value-quantity combo-code component-code contains context country date "
    "death-date deceased definition destination effective email encounter end exact family focus "
    "gender general-practitioner given has iterate has-member identifier in in-response-to "
    "instantiates intent issued language lastupdated link location managing-organization "
    "manufacturer medication missing modality name not not-in number onset-date organization "
    "of-type origin owner parent part-of participant patient payor performer period phone phonetic "
    "practitioner priority profile received recorder reference reason-code requester result role "
    "security service-provider source specialty specimen start status subject tag target telecom "
    "text text-advanced title type udi-carrier url value value-concept value-date value-quantity "
    "value-string verification-status version";
constexpr auto parameters = sorted_words<count_words(parameter_words)>(parameter_words);

/// Behind a separator a value may stand: name:Haddad, patient.haddad, p[haddad]. An index is none.
bool is_part_of_name(std::string_view part) {
    while (part.starts_with('_')) part.remove_prefix(1);   // _has:Group:member:_id
    return (part.size() <= 2 && std::ranges::all_of(part, is_digit)) || equal_ignoring_case(part, "id") ||
           is_known_word(part) || holds(parameters, part);
}

}   // namespace

bool is_parameter_name(std::string_view text) {
    constexpr std::string_view separators = ".:$[]";
    if (text.empty() || text.size() > name_max || !has_few_digits(text)) return false;
    const auto first = text.substr(0, text.find_first_of(separators));
    const bool is_plain = std::ranges::all_of(
        first, [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-'; });
    if (!is_plain) return false;
    for (text.remove_prefix(first.size()); !text.empty();) {
        text.remove_prefix(1);
        const auto part = text.substr(0, text.find_first_of(separators));
        if (!is_part_of_name(part)) return false;
        text.remove_prefix(part.size());
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
