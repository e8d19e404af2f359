// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace ward::history {

/// A line of EVE for people: when, what, between whom, and what tells most of it. Bytes of the network that
/// would do something to a terminal are shown as `?`.
std::string telling(std::string_view line);

}   // namespace ward::history
