// SPDX-License-Identifier: Apache-2.0
// A plan as rules of a firewall between the zones.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "segment/borders.hpp"
#include "segment/talk.hpp"

namespace ward::segment {

enum class Enforcement : std::uint8_t {
    drop,    // what is outside the plan
    count,   // it passes: to see what would be dropped
};

/// Zones of which somebody has a role, and the addresses that are of them for that alone.
using Placed = std::map<ZoneId, std::vector<IpAddress>>;

/// From `device` events; what an address was said to be last holds.
class Placing {
public:
    static constexpr std::size_t hosts_max = 100'000;

    void see(const Seen& seen);
    Placed placed(const Borders& borders) const;

private:
    std::map<IpAddress, std::string> roles_;
};

/// A table for `nft -f` (nftables 1.0): docs/formats/segmentation.md says what is in it. Errc::not_found
/// where a zone has roles, and nobody of it was placed.
Result<std::string> nftables(const Borders& borders, const Placed& placed, Enforcement enforcement);

}   // namespace ward::segment
