// SPDX-License-Identifier: Apache-2.0
// All detectors, as one.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "detect/detector.hpp"

namespace ward::detect {

/// Shows events to each detector, and tells each when a minute is over.
class Detectors {
public:
    Detectors();

    /// `seen` is not much earlier than those before it.
    void see(const Seen& seen, Findings& findings);

private:
    std::vector<std::unique_ptr<Detector>> all_;
    std::optional<Time> minute_;   // the next end of one
};

}   // namespace ward::detect
