// SPDX-License-Identifier: Apache-2.0
// All detectors, as one.
#pragma once

#include <memory>
#include <vector>

#include "detect/detector.hpp"
#include "detect/hosts.hpp"

namespace ward::detect {

class Detectors {
public:
    /// `secret` keeps others from choosing addresses that are slow to look up; findings do not depend on it.
    explicit Detectors(std::uint64_t secret);

    void see(Seen seen, Findings& findings);
    std::size_t forgotten() const;

private:
    Hosts hosts_;
    std::vector<std::unique_ptr<Detector>> all_;
};

}   // namespace ward::detect
