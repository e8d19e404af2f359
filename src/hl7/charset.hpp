// SPDX-License-Identifier: Apache-2.0
// From the character set that MSH-18 names (HL7 table 0211) to UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "hl7/fault.hpp"

namespace ward::hl7 {

/// `text` in UTF-8. The set is what its own MSH-18 names, else `fallback`, another name of table 0211; a
/// message that is UTF-8 already is left so, unless it names a set of several bytes a character, and a byte
/// order mark decides before anything else. Escape sequences switch to Japanese where a repetition names it.
/// A Fault at MSH-18 where the set is unknown, or the text is none of it.
Read<std::string> to_utf8(std::string text, std::string_view fallback);

/// Whether a name is one of the table, or is commonly written for one.
bool is_charset(std::string_view name);

/// Loads what conversion needs, while the program may still read files; later calls need none.
Result<> load_charsets();

}   // namespace ward::hl7
