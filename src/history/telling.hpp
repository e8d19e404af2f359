// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ward::history {

/// Without what would do something to a terminal: that is shown as `?`, and so is what is no UTF-8.
std::string harmless(std::string_view text);

/// A line of EVE for people: when, what, between whom, and what tells most of it. Bytes of the network that
/// would do something to a terminal are shown as `?`.
std::string telling(std::string_view line);

}   // namespace ward::history
