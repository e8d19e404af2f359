// SPDX-License-Identifier: Apache-2.0
// What of a name in the DNS somebody registered.
#pragma once

#include <string_view>

namespace ward::detect {

/// Near enough: the last two labels, or three where the second is as short as in co.uk. The list of public
/// suffixes would be exact for a while, and is renewed every few days; a domain that many hosts use is told
/// apart by that, not by its name. Empty for an empty name.
std::string_view domain_of(std::string_view name);

/// The same with one label more; the whole name where there is none.
std::string_view one_label_more(std::string_view name, std::string_view domain);

}   // namespace ward::detect
