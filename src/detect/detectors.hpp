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
    /// `secret` keeps others from choosing addresses that are slow to look up, or that models confuse. By
    /// which it is, few findings of models differ.
    explicit Detectors(std::uint64_t secret);

    void see(Seen seen, Findings& findings);
    std::size_t forgotten() const;

    /// What they know, for restore() of detectors that were just made: docs/formats/watch-state.md.
    void save(state::Writer& out);
    /// The names of those that know nothing all the same, since theirs is not there or of another version.
    /// After Errc::corrupt none is of use.
    Result<std::vector<std::string_view>> restore(state::Reader& in);

private:
    IpAddressHash hash_;
    Hosts hosts_;
    std::vector<std::unique_ptr<Detector>> all_;
};

}   // namespace ward::detect
