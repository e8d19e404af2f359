// SPDX-License-Identifier: Apache-2.0
// What others wrote, made harmless for the formats that it is put in. Texts are UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace ward::notify {

/// On one line: each control character becomes a space.
std::string one_line(std::string_view text);
/// Its beginning, of so many bytes at most, with no character cut in two.
std::string_view beginning(std::string_view text, std::size_t bytes_max);

/// RFC 5424, 6.3.3: what stands between the quotes of a parameter.
std::string as_parameter(std::string_view text);

/// ArcSight Common Event Format: a field of the header, and a value of the extension.
std::string as_cef_field(std::string_view text);
std::string as_cef_value(std::string_view text);

/// The value of a header of a mail, behind its name of so many characters: itself where it is short ASCII,
/// else RFC 2047's encoded words, folded.
std::string as_header(std::string_view text, std::size_t name_size);
/// RFC 2045, 6.7, of text whose lines end in \n; comes with CRLF.
std::string as_quoted_printable(std::string_view text);

}   // namespace ward::notify
