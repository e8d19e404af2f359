// SPDX-License-Identifier: Apache-2.0
// A plan, made to be asked: of which zone is a host, and may it speak to another?
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "segment/plan.hpp"

namespace ward::segment {

/// Zones of the plan have their places in it, from 0 on; outside(), nowhere() and any() follow.
using ZoneId = std::uint32_t;

class Borders {
public:
    /// The plan is one that read_plan() could have read.
    explicit Borders(Plan plan);

    /// A zone that names the address; else the one of its role; else the one of its network; else outside()
    /// for a public address, and nowhere() for any other. `role` is empty where it is not known.
    ZoneId zone_of(const IpAddress& address, std::string_view role) const;
    bool allows(ZoneId from, ZoneId to, Protocol protocol, std::uint16_t port) const;

    std::string_view name(ZoneId id) const;
    ZoneId id_of(std::string_view name) const;   // nowhere() for a name that is none
    const Plan& plan() const noexcept { return plan_; }
    /// Addresses of that zone by its networks alone, or of outside().
    const Spans& spans(ZoneId id) const { return spans_.at(id); }
    const Zone& zone(ZoneId id) const { return plan_.zones.at(id); }

    ZoneId outside() const noexcept { return static_cast<ZoneId>(plan_.zones.size()); }
    ZoneId nowhere() const noexcept { return outside() + 1; }
    ZoneId any() const noexcept { return outside() + 2; }

private:
    struct Owned {
        Span span;
        ZoneId zone;
    };
    void share_out();

    Plan plan_;
    std::vector<Owned> owned_;   // in order, and none overlaps another
    std::vector<Spans> spans_;
    std::unordered_map<IpAddress, ZoneId, IpAddressHash> named_;   // by address
    std::map<std::string, ZoneId, std::less<>> roles_;
    std::map<std::string, ZoneId, std::less<>> names_;
    std::map<std::tuple<ZoneId, ZoneId, Protocol>, std::vector<Ports>> allowed_;
};

}   // namespace ward::segment
