// SPDX-License-Identifier: Apache-2.0
// When two values are the same, to the index and to a filter alike.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/address.hpp"
#include "core/function_ref.hpp"
#include "json/document.hpp"

namespace ward::history {

/// An address as RFC 5952 spells it; any other text in lower case, where it is ASCII.
std::string canonical_text(std::string_view text);
/// Of a number of JSON, so that 443, 443.0 and 4.43e2 are one; nothing for what is none.
std::optional<std::string> canonical_number(std::string_view spelling);
/// Of a string, a number or a boolean; nothing for anything else.
std::optional<std::string> canonical(json::Value value);

/// Addresses that begin with the same bits. All of an address: one.
struct Prefix {
    IpAddress address;   // the bits behind are zero
    unsigned bits = 0;

    bool holds(const IpAddress& other) const noexcept;
};

/// `10.20.0.0/16`; nothing for anything else.
std::optional<Prefix> parse_prefix(std::string_view text);
Prefix prefix_of(const IpAddress& address, unsigned bits);
std::string to_text(const Prefix& prefix);

/// Shows every value that a path of names leads to, such as dns.answers.rdata: through each element of an
/// array. `see` says whether to go on; the answer, whether it always did.
bool each_value(json::Value value, std::string_view path, FunctionRef<bool(json::Value)> see);

}   // namespace ward::history
