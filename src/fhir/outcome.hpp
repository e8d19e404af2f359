// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "fhir/issue.hpp"

namespace ward::fhir {

enum class Severity : std::uint8_t { fatal, error, warning, information };

/// An OperationOutcome, compact.
std::string operation_outcome(const Issue& issue, Severity severity = Severity::error);
std::string operation_outcome(std::span<const Issue> issues, Severity severity);

}   // namespace ward::fhir
