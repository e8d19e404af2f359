// SPDX-License-Identifier: Apache-2.0
// What software and machines say of themselves. Nobody hinders their owners from writing anything there, so
// that products and versions are told, and no other words.
#pragma once

#include <string>
#include <string_view>

namespace ward::protocol {

/// Of User-Agent and Server (RFC 9110, 10.1.5 and 10.2.4): products with a version, the first one without it,
/// too, and known words. Of a comment what names a system, a model or a serial number: (Windows NT 10.0; SN
/// L4-93).
std::string products_of(std::string_view field);

/// Of what stands where a server tells its version: the number that it begins with, what of the same word has
/// the form of a version, and of a comment behind it the same as above. 15.18 (Debian).
std::string version_of(std::string_view text);

/// Of a greeting, which is anybody's text, known words of products and the versions behind them.
std::string products_in_greeting(std::string_view text);

/// Whether a text that may be somebody's name has the form of a host's or of a machine's.
bool names_machine(std::string_view text);

}   // namespace ward::protocol
