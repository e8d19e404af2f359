// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/path.hpp"

#include <algorithm>

#include "protocol/file_kind.hpp"
#include "protocol/http/target.hpp"
#include "protocol/http/words.hpp"
#include "protocol/text.hpp"
#include "protocol/word_list.hpp"

namespace ward::protocol::http {
namespace {

constexpr std::size_t segment_max = 64;   // a longer one is no word

// FHIR R4, operations.html, and those of its guides and of servers.
constexpr std::string_view operation_words =
    "apply batch-delete care-gaps closure collect-data conforms convert data-requirements "
    "davinci-data-export delete-expunge diff docref document evaluate evaluate-measure everything "
    "expand export expunge extract find find-matches generate get-resource-counts "
    "get-ws-binding-token graph graphql implements import inquire lastn lookup "
    "mark-all-resources-for-reindexing match member-match merge meta meta-add meta-delete "
    "next-question package perform-reindexing-pass poll populate populatehtml populatelink "
    "preferred-id process-message purge purge-history questionnaire questionnaire-package reindex "
    "related remove search snapshot stats status submit submit-attachment submit-data subset "
    "subsumes subsumption summary topic-list transform translate trigger-subscription undelete "
    "upload-external-code-system validate validate-code versions";
constexpr auto operations = sorted_words<count_words(operation_words)>(operation_words);

/// Dots and slashes at the beginning, in the escaped forms too, with which attackers leave a folder.
std::string_view climb_of(std::string_view segment) {
    std::size_t end = 0;
    while (end < segment.size()) {
        const std::size_t width = segment[end] == '%' ? 3 : 1;
        const auto character = percent_decoded(segment.substr(end, width), 1);
        if (std::string_view{"./\\"}.find(character) == std::string_view::npos) break;
        end += width;
    }
    return segment.substr(0, std::min(end, segment.size()));
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

/// Of a script or a style they may be a version's: jquery-3.6.0.min.js.
bool has_digits_of_version(std::string_view text) {
    const auto runs = std::ranges::search_n(text, 3, true, [](char c, bool) { return is_digit(c); });
    return runs.empty() && std::ranges::count_if(text, is_digit) <= 4;
}

/// The segment, or {id} instead of what nobody may know.
std::string readable(std::string_view segment) {
    // An ending that nobody knows may be a part of a name.
    const auto kind = file_kind(segment);
    const bool is_file = !kind.empty() && kind != "other";
    const bool is_script = kind == "js" || kind == "css";
    auto stem = is_file ? segment.substr(0, segment.rfind('.')) : segment;
    if (is_script && stem.ends_with(".min")) stem.remove_suffix(4);
    const bool few = is_script ? has_digits_of_version(stem) : has_few_digits(stem);
    const bool is_told = few && !is_code(stem) && has_known_words(stem, Vocabulary::path);
    if (is_told && !is_document(kind)) return std::string{segment};
    return is_file ? "{id}." + std::string{kind} : "{id}";
}

}   // namespace

std::string segment_template(std::string_view segment) {
    if (segment.size() > segment_max) return "{id}";
    if (segment.starts_with('$'))
        return holds(operations, segment.substr(1)) ? std::string{segment} : "${id}";
    const auto climb = climb_of(segment);
    segment.remove_prefix(climb.size());
    return std::string{climb} + (segment.empty() ? std::string{} : readable(segment));
}

std::string path_template(std::string_view path, std::size_t bytes_max) {
    if (path == "*") return "*";   // RFC 9112, 3.2.4
    std::string out;
    for (bool first = true; !path.empty() && out.size() < bytes_max; first = false) {
        // RFC 3986, 3.3: parameters of a segment, such as a session's identifier.
        auto rest = take_until(path, '/');
        const bool hides_climb = rest == "..;";   // from who filters, not from who takes the parameters off
        if (!first) out += '/';
        out += segment_template(take_until(rest, ';'));
        if (hides_climb) out += ';';
    }
    return out;
}

}   // namespace ward::protocol::http
