// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace ward::fhir {

/// How a resource's value is to stand to the searched one (R4, search.html#prefix).
enum class Prefix : std::uint8_t { eq, ne, gt, lt, ge, le, sa, eb, ap };

/// Takes a prefix off the front of a search value; `eq` where there is none.
Prefix take_prefix(std::string_view& value);

}   // namespace ward::fhir
