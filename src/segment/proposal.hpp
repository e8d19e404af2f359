// SPDX-License-Identifier: Apache-2.0
// A plan that would have allowed what was seen, and is short enough to be read.
#pragma once

#include <string>
#include <vector>

#include "segment/plan.hpp"
#include "segment/traffic.hpp"

namespace ward::segment {

struct ProposalLimits {
    // A conversation of two zones is proposed if enough hosts begin it, or one does all day long, on so many
    // days or so many times.
    std::size_t clients_min = 2;   // or all that the zone has
    int hours_min = 4;             // of the day
    int days_min = 3;
    std::uint64_t times_min = 5;
    // So many ports, each too rare, are one range: where a port is chosen anew each time.
    std::uint16_t chosen_from = 10'000;
    std::size_t chosen_min = 6;
    int chosen_width_max = 16'384;   // of such a range: what IANA calls dynamic is as wide (RFC 6335)
    // What so many of the zones that speak say to one is allowed to any.
    std::size_t any_min = 4;
    double any_share_min = 0.6;
};

/// What was seen between two zones and is not proposed.
struct LeftOut {
    std::string from;
    std::string to;
    Protocol protocol = Protocol::tcp;
    std::uint16_t port = 0;
    std::uint64_t times = 0;
    std::size_t clients = 0;
    int days = 0;
};

struct Proposal {
    Plan plan;
    std::vector<LeftOut> left_out;   // the most frequent first
};

/// Errc::limit_exceeded where the plan would be one that read_plan() refuses.
Result<Proposal> propose(const Traffic& traffic, const ProposalLimits& limits = {});

/// The plan, then in comments what was left out, the first 500.
std::string to_text(const Proposal& proposal);

}   // namespace ward::segment
