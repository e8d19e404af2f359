// SPDX-License-Identifier: Apache-2.0
// What may be told of a URL's path. People are named in paths, so that only known words are told (words.hpp),
// with at most two digits; of a file also its kind (file_kind.hpp), of a document nothing else. All the rest
// is {id}.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol::http {

/// /patients/haddad/labs → /patients/{id}/labs. About `bytes_max` bytes of it.
std::string path_template(std::string_view path, std::size_t bytes_max);

}   // namespace ward::protocol::http
