// SPDX-License-Identifier: Apache-2.0
// Events in, findings and their cases out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "detect/detectors.hpp"
#include "watch/cases.hpp"

namespace ward::watch {

struct Counts {
    std::uint64_t events = 0;
    std::uint64_t refused = 0;   // lines that are no events
};

/// Over events that were kept, one JSON object a line: Ward's, or Suricata's EVE.
class Watch {
public:
    static constexpr std::size_t line_bytes_max = std::size_t{1} << 20U;

    /// A line without its end. What is no event is counted, and passed over.
    void take(std::string_view line);

    const Counts& counts() const noexcept { return counts_; }
    /// All findings so far, one JSON object a line, each with the case it is in: docs/formats/findings.md.
    std::string findings_json() const;
    std::size_t findings() const noexcept { return findings_.size(); }

private:
    detect::Detectors detectors_;
    detect::Findings findings_;
    Cases cases_;
    Counts counts_;
};

}   // namespace ward::watch
