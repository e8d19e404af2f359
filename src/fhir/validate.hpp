// SPDX-License-Identifier: Apache-2.0
// Whether a resource is what R4's base definitions say: its elements, how often and of which types they are,
// the forms of its primitives, what its references may name, and its required codes. Invariants, profiles,
// slices and codes of other bindings are not looked at.
#pragma once

#include <cstddef>
#include <vector>

#include "fhir/issue.hpp"
#include "json/document.hpp"

namespace ward::fhir {

struct ValidateLimits {
    std::size_t issues_max = 100;   // then it says that there are more, and stops
};

/// What is wrong, each with the FHIRPath of where; empty if nothing is. No issue tells what stands there.
std::vector<Issue> validate(json::Value resource, const ValidateLimits& limits = {});

}   // namespace ward::fhir
