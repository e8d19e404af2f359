// SPDX-License-Identifier: Apache-2.0
// The grammar of JSON's numbers and strings (RFC 8259, sections 6 and 7).
#pragma once

#include <string>
#include <string_view>

namespace ward::json::detail {

bool is_number(std::string_view token);
/// A number whose value a double can hold, if not always exactly.
bool in_double_range(std::string_view number);
/// Of two numbers, whether their values are the same, however they are spelled: 1.50 and 15e-1.
bool same_number(std::string_view a, std::string_view b);

/// Appends what the inside of a string says. False: an unknown escape, or half a surrogate pair.
bool unescape(std::string_view inside, std::string& out);

}   // namespace ward::json::detail
