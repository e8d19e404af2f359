// SPDX-License-Identifier: Apache-2.0
// The command `segment`: which zones there are, and who may speak to whom.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace ward::watch {

enum class SegmentAction : std::uint8_t {
    none,   // another command
    propose,
    check,
    matrix,
    nftables,
};

struct SegmentOptions {
    SegmentAction chosen = SegmentAction::none;
    std::string plan;
    std::vector<std::string> files;   // of events
    std::string from;                 // whose events they are; empty: as each line shows
    std::string output;               // a file; empty is standard output
    bool json = false;
    bool csv = false;
    bool observe = false;   // count what is outside the plan, and drop nothing
};

inline constexpr const char* segment_title = "Propose, check and export who may speak to whom";

/// Makes `app` the command `segment`.
void add_segment(CLI::App& app, SegmentOptions& options);

}   // namespace ward::watch
