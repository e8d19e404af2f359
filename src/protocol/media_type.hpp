// SPDX-License-Identifier: Apache-2.0
// Media types, as mail and HTTP write them.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol {

/// "Text/HTML; charset=utf-8" → text/html (RFC 6838, 4.2); nothing where its first half is no type of IANA's:
/// it may be anybody's words.
std::string media_type(std::string_view content_type);

}   // namespace ward::protocol
