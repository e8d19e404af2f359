// SPDX-License-Identifier: Apache-2.0
// Vendors at work from outside: technicians come in by the site's vendor gateway and go on to what they look
// after; and what they look after calls for updates.
#pragma once

#include <vector>

#include "lab/story.hpp"

namespace ward::lab {

struct VendorVisit {
    VendorId vendor{};
    int site = 0;
    std::optional<Address> from{};   // none: where its technicians are
    std::vector<DeviceId> machines;
    double minutes = 20;
    std::uint32_t label = 0;
};

/// Borrows the story, and lives as long as the agenda runs.
class VendorRoutine {
public:
    VendorRoutine(Story& story, Moment end)
        : story_(story), end_(end), random_(story.dice("vendor routine")) {}

    /// Puts the days on the agenda.
    void begin();
    /// From now on: in by the gateway, then to one machine after the other.
    void visit(VendorVisit visit);
    /// Some of what a vendor looks after at a site.
    std::vector<DeviceId> machines_of(VendorId vendor, int site, std::size_t count, Random& random) const;

private:
    void plan_day(std::chrono::sys_days day, VendorId vendor, int site);
    void plan_update(DeviceId device, std::string host);
    RemoteWay way_to(DeviceId machine);

    Story& story_;
    Moment end_;
    Dice random_;
};

}   // namespace ward::lab
