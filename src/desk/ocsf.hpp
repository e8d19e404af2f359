// SPDX-License-Identifier: Apache-2.0
// Findings in the Open Cybersecurity Schema Framework, version 1.4.0: class 2004, Detection Finding.
#pragma once

#include "desk/standing.hpp"
#include "desk/telling.hpp"

namespace ward::desk {

/// A line for each finding of the case: docs/formats/cases.md. What the schema has no place for is under
/// `unmapped`.
std::string to_ocsf(const Book& book, const Standing& standing, const Words& words, const DeskLimits& limits);

}   // namespace ward::desk
