// SPDX-License-Identifier: Apache-2.0
// What all detectors have in common.
#pragma once

#include <vector>

#include "detect/finding.hpp"
#include "detect/seen.hpp"

namespace ward::detect {

using Findings = std::vector<Finding>;

/// Sees all events, in the order of their time but for a little. Deterministic, and bounded in memory: time
/// comes from the events alone.
class Detector {
public:
    virtual ~Detector() = default;
    virtual void see(const Seen& seen, Findings& findings) = 0;
    /// All events until then were seen: for what is told by their absence. Each minute.
    virtual void pass(Time until, Findings& findings) = 0;
};

}   // namespace ward::detect
