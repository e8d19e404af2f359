// SPDX-License-Identifier: Apache-2.0
#include "fhir/prefix.hpp"

#include <algorithm>
#include <array>

namespace ward::fhir {

Prefix take_prefix(std::string_view& value) {
    constexpr auto prefixes = std::to_array<std::string_view>(
        {"eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap"});   // in the order of Prefix
    const auto found = std::find(prefixes.begin(), prefixes.end(), value.substr(0, 2));
    if (found == prefixes.end()) return Prefix::eq;
    value.remove_prefix(2);
    return static_cast<Prefix>(found - prefixes.begin());
}

}   // namespace ward::fhir
