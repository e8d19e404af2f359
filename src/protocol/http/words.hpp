// SPDX-License-Identifier: Apache-2.0
// The words that may be told of a URL. People are named in paths and in the names of parameters, and no list
// knows all names; so these lists know the words of programs, of the web, of hospitals and of FHIR, and
// nothing else is told. Words that are people's names, too, are left out where they can be missed.
#pragma once

#include <cstdint>
#include <string_view>

namespace ward::protocol::http {

enum class Vocabulary : std::uint8_t { path, parameters };   // parameters have all words of paths, too

/// Whether all words of `text` are known ones, and there is one: they end at `-`, `_`, `.`, a digit, or where
/// a capital follows a small letter (patientId). A single letter is a word, but in a path only one of them:
/// several spell a name. Case does not matter.
bool has_known_words(std::string_view text, Vocabulary vocabulary);

/// Whether there are so few digits that it is neither a date nor the number of anything.
bool has_few_digits(std::string_view text);

}   // namespace ward::protocol::http
