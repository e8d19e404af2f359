// SPDX-License-Identifier: Apache-2.0
// The forms of R4's primitive types (datatypes.html#primitive).
#pragma once

#include <string_view>

#include "json/document.hpp"

namespace ward::fhir {

bool is_primitive(std::string_view type);

/// Whether a JSON value is one of this primitive type.
bool has_form(std::string_view type, json::Value value);

}   // namespace ward::fhir
