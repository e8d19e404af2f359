// SPDX-License-Identifier: Apache-2.0
// What may be told of a file's name. People put patients into names, and into what looks like an ending.
#pragma once

#include <string_view>

namespace ward::protocol {

/// The name's ending in lower case where it is a well-known one (dcm), `other` for any other, for it may be a
/// part of a person's name. Empty without ending.
std::string_view file_kind(std::string_view name);

/// Whether people, and not programmers, name files of such a kind.
bool is_document(std::string_view kind);

}   // namespace ward::protocol
