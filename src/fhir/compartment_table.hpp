// SPDX-License-Identifier: Apache-2.0
// CompartmentDefinition/patient as a table, in the generated source beside the search parameters.
#pragma once

#include <span>
#include <string_view>

namespace ward::fhir {

struct CompartmentRow {
    std::string_view type;
    std::string_view parameter;
};

/// Sorted by type; within a type in the order of the definition.
std::span<const CompartmentRow> compartment_rows();

}   // namespace ward::fhir
