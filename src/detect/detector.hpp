// SPDX-License-Identifier: Apache-2.0
// What all detectors have in common.
#pragma once

#include <vector>

#include "detect/finding.hpp"
#include "detect/seen.hpp"
#include "state/kept.hpp"

namespace ward::detect {

using Findings = std::vector<Finding>;

/// Sees all events, in the order in which they are told: of one that lasted, `at` may be an hour before
/// `now`. Deterministic: time comes from the events alone. Bounded in memory, whatever it is shown.
class Detector {
public:
    virtual ~Detector() = default;
    /// `findings` has what others found in the same event.
    virtual void see(const Seen& seen, Findings& findings) = 0;
    /// How many hosts it had to forget to make room for others.
    virtual std::size_t forgotten() const = 0;
    /// Lists what it knows, so that it goes on after a restart as if there had been none.
    virtual void state(state::Kept& kept) = 0;
};

}   // namespace ward::detect
