// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/path.hpp"

#include <algorithm>

#include "protocol/file_kind.hpp"
#include "protocol/http/target.hpp"
#include "protocol/http/words.hpp"
#include "protocol/text.hpp"

namespace ward::protocol::http {
namespace {

/// `.` and `..`, in the escaped forms too, with which attackers leave a folder.
bool climbs(std::string_view segment) {
    return (segment.empty() || segment.front() == '.' || segment.front() == '%') &&
           percent_decoded(segment, segment.size()).find_first_not_of("./\\") == std::string::npos;
}

/// A version may be in the name of a script: jquery-3.6.0.min.js.
bool has_short_numbers(std::string_view text) {
    return std::ranges::search_n(text, 3, true, [](char c, bool) { return is_digit(c); }).empty();
}

/// A letter and a number are an identifier (p1), but for those of versions: v2.1, r4.
bool is_code(std::string_view text) {
    const bool has_digit = std::ranges::any_of(text, is_digit);
    const bool has_word =
        !std::ranges::search_n(text, 2, true, [](char c, bool) { return is_letter(c); }).empty();
    const bool is_version =
        text.size() > 1 && (lower(text[0]) == 'v' || lower(text[0]) == 'r') && is_digit(text[1]);
    return has_digit && !has_word && !is_version;
}

/// The segment, or {id} instead of what nobody may know.
std::string readable(std::string_view segment) {
    if (climbs(segment)) return std::string{segment};
    // FHIR R4, operations.html: an operation begins with $, as no identifier does.
    if (segment.starts_with('$')) {
        const auto operation = segment.substr(1);
        return has_known_words(operation) && has_few_digits(operation) ? std::string{segment} : "${id}";
    }
    // An ending that nobody knows may be a part of a name.
    const auto kind = file_kind(segment);
    const bool is_file = !kind.empty() && kind != "other";
    const auto stem = is_file ? segment.substr(0, segment.rfind('.')) : segment;
    const bool few = kind == "js" || kind == "css" ? has_short_numbers(stem) : has_few_digits(stem);
    if (few && !is_document(kind) && !is_code(stem) && has_known_words(stem)) return std::string{segment};
    return is_file ? "{id}." + std::string{kind} : "{id}";
}

}   // namespace

std::string path_template(std::string_view path, std::size_t bytes_max) {
    if (path == "*") return "*";   // RFC 9112, 3.2.4
    std::string out;
    for (bool first = true; !path.empty() && out.size() < bytes_max; first = false) {
        // RFC 3986, 3.3: parameters of a segment, such as a session's identifier.
        auto rest = take_until(path, '/');
        if (!first) out += '/';
        out += readable(take_until(rest, ';'));
    }
    return out;
}

}   // namespace ward::protocol::http
