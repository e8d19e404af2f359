// SPDX-License-Identifier: Apache-2.0
// The Prefer header (RFC 7240), as R4, http.html#ops reads it.
#pragma once

#include <cstdint>
#include <string_view>

#include "fhir/query.hpp"

namespace ward::vault {

enum class ReturnPreference : std::uint8_t { unsaid, minimal, representation, operation_outcome };

struct Preferences {
    ReturnPreference returns = ReturnPreference::unsaid;
    /// handling=lenient: a search passes over parameters that nobody knows. Otherwise it is refused.
    fhir::Unknown unknown = fhir::Unknown::refused;
    bool respond_async = false;
    bool operator==(const Preferences&) const = default;
};

/// What is unknown, or of no known value, is ignored, as RFC 7240, section 2 says; of two the first counts.
Preferences parse_preferences(std::string_view header);

}   // namespace ward::vault
