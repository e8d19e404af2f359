// SPDX-License-Identifier: Apache-2.0
#include "lab/edge/vendor_routine.hpp"

#include <algorithm>

#include "lab/care/floor.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

constexpr double seconds_between_updates = 4 * 3'600;

}   // namespace

void VendorRoutine::begin() {
    const auto& network = story_.network();
    std::vector<int> sites;
    for (const auto& device : network.devices)
        if (device.kind == DeviceKind::vendor_gateway) sites.push_back(device.site);
    const auto count = static_cast<std::uint32_t>(story_.outsiders().vendors.size());
    for (auto day = floor<days>(story_.begin()); day < end_; day += days{1})
        story_.agenda().at(day, [this, day, sites, count] {
            for (const auto site : sites)
                for (std::uint32_t i = 0; i < count; ++i) plan_day(day, VendorId{i}, site);
        });
    for (std::uint32_t i = 0; i < network.devices.size(); ++i)
        for (const auto& vendor : story_.outsiders().vendors)
            if (std::ranges::find(vendor.kinds, network.devices[i].kind) != vendor.kinds.end())
                plan_update(DeviceId{i}, "update." + vendor.domain);
}

/// One or two visits a day at each site in office hours, and now and then one at night.
void VendorRoutine::plan_day(sys_days day, VendorId vendor, int site) {
    const auto put = [&](microseconds from, microseconds until) {
        const Moment at = day + between(*random_, from, until);
        const auto count =
            static_cast<std::size_t>(random_->chance(0.25) ? random_->between(3, 6) : random_->between(1, 2));
        VendorVisit one{.vendor = vendor,
                        .site = site,
                        .machines = machines_of(vendor, site, count, *random_),
                        .minutes = random_->around(18, 1.9)};
        story_.agenda().at(at, [this, one] { visit(one); });
    };
    const double busy = is_weekend(day) ? 0.15 : 1;
    for (int left = random_->between(0, 3); left > 0; --left)
        if (random_->chance(busy)) put(7h, 18h);
    if (random_->chance(0.12)) put(0h, 7h);
    if (random_->chance(0.15)) put(18h, 24h - 1us);
}

std::vector<DeviceId> VendorRoutine::machines_of(VendorId vendor, int site, std::size_t count,
                                                 Random& random) const {
    std::vector<DeviceId> able;
    for (const auto kind : story_.outsiders().at(vendor).kinds)
        std::ranges::copy(story_.network().of(kind, site), std::back_inserter(able));
    return random.sample(std::move(able), count);
}

RemoteWay VendorRoutine::way_to(DeviceId machine) {
    using enum DeviceKind;
    switch (story_.network().at(machine).kind) {
        case building_controller: return random_->chance(0.7) ? RemoteWay::web : RemoteWay::shell;
        case modality:
        case pacs: return random_->chance(0.6) ? RemoteWay::desktop : RemoteWay::shell;
        case interface_engine: return RemoteWay::shell;
        case analyser: return random_->chance(0.5) ? RemoteWay::web : RemoteWay::desktop;
        default: return random_->chance(0.5) ? RemoteWay::shell : RemoteWay::desktop;
    }
}

void VendorRoutine::visit(VendorVisit visit) {
    const auto gateways = story_.network().of(DeviceKind::vendor_gateway, visit.site);
    if (gateways.empty()) return;
    const auto gateway = gateways.front();
    const auto& vendor = story_.outsiders().at(visit.vendor);
    constexpr std::array ways{RemoteWay::web, RemoteWay::web, RemoteWay::desktop, RemoteWay::shell};
    const auto seconds = visit.minutes * 60;
    story_.tell({},
                NetworkUsed{gateway, "",
                            VendorCame{.vendor = visit.vendor,
                                       .from = visit.from ? *visit.from : vendor.address,
                                       .way = ways[(vendor.address + place(visit.vendor)) % ways.size()],
                                       .seconds = seconds}},
                visit.label);
    const auto each = seconds * 0.85 / static_cast<double>(visit.machines.size() + 1);
    auto later = 30.0;
    for (const auto machine : visit.machines) {
        story_.agenda().in(seconds_of(later), [this, visit, gateway, machine, each] {
            const MachineWorkedOn work{.target = machine,
                                       .way = way_to(machine),
                                       .seconds = random_->around(each * 0.8, 1.3),
                                       .login = story_.outsiders().at(visit.vendor).name};
            story_.tell({}, NetworkUsed{gateway, "", work}, visit.label);
        });
        later += each;
    }
}

void VendorRoutine::plan_update(DeviceId device, std::string host) {
    const auto wait = seconds_of(random_->exponential(seconds_between_updates));
    if (story_.now() + wait >= end_) return;
    story_.agenda().in(wait, [this, device, host = std::move(host)]() mutable {
        const bool has_news = random_->chance(0.05);
        const SiteCalled call{
            host, static_cast<std::uint64_t>(random_->around(1'000, 1.7)) + 100,
            static_cast<std::uint64_t>(random_->around(has_news ? 90'000 : 500, 1.8)) + 100};
        story_.tell({}, NetworkUsed{device, "", call});
        plan_update(device, std::move(host));
    });
}

}   // namespace ward::lab
