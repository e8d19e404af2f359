// SPDX-License-Identifier: Apache-2.0
// Addresses where anybody may write anything.
#pragma once

#include <algorithm>
#include <string_view>

namespace ward::protocol {

/// Whether a text has the form of an IP address, perhaps with a port (RFC 3986, 3.2.2): such a text names
/// nobody.
inline bool is_address(std::string_view text) {
    constexpr std::size_t bytes_max = 47;
    const bool is_v6 = std::ranges::count(text, ':') > 1;
    const std::string_view allowed = is_v6 ? "0123456789abcdefABCDEF:.[]" : "0123456789.:";
    return text.size() <= bytes_max && text.find_first_not_of(allowed) == std::string_view::npos &&
           (is_v6 || std::ranges::count(text, '.') == 3);
}

}   // namespace ward::protocol
