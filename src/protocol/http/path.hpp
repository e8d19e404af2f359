// SPDX-License-Identifier: Apache-2.0
// What may be told of a URL's path. People are named in paths, so that of a segment only known words are told
// (words.hpp), with at most two digits; of a script or a style, whose version they may be, four. Of a file
// its kind is told, too (file_kind.hpp), of a document nothing else. All the rest is {id}.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol::http {

/// /patients/haddad/labs → /patients/{id}/labs. About `bytes_max` bytes of it.
std::string path_template(std::string_view path, std::size_t bytes_max);

/// One segment, without slash and parameters.
std::string segment_template(std::string_view segment);

}   // namespace ward::protocol::http
