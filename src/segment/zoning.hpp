// SPDX-License-Identifier: Apache-2.0
// Zones for hosts of which nobody has said yet where they belong.
#pragma once

#include <vector>

#include "segment/plan.hpp"
#include "segment/traffic.hpp"

namespace ward::segment {

/// A zone for each run of networks (/24) whose hosts are mostly of one kind, and for those that stand apart
/// in a network of others, by their addresses. IPv6 networks (/64) go where their devices are by IPv4. The
/// same hosts give the same zones, in the same order. There may be more than a plan can hold.
std::vector<Zone> zones_of(const Traffic& traffic);

}   // namespace ward::segment
