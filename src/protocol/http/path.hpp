// SPDX-License-Identifier: Apache-2.0
// What may be told of a URL's path. People are named in paths, and no list knows all names, so that the rule
// goes by what stands where:
//
// A segment of known words (words of interfaces and of the web, FHIR's types and operations) is always told.
// Another one is told only if it looks as programmers name things (lower case, at most two digits, no
// escapes), and only as long as nothing before it leads to people: no {id}, and no word such as patient,
// chart, search or user. Of a file its kind is told (file_kind.hpp), of a document nothing else. All the rest
// is {id}.
//
// What remains: a name in lower case, alone or first in a path, or behind neutral words only, looks like any
// other word.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol::http {

/// /patients/haddad/labs → /patients/{id}/labs. About `bytes_max` bytes of it.
std::string path_template(std::string_view path, std::size_t bytes_max);

/// A word of interfaces, of programs or of the web, or a type of FHIR.
bool is_known_word(std::string_view word);

/// Whether there are so few digits that it is neither a date nor the number of anything.
bool has_few_digits(std::string_view text);

}   // namespace ward::protocol::http
