// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/vendor_deeds.hpp"

#include <algorithm>

#include "lab/care/floor.hpp"
#include "lab/scenario/actors.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// What is looked after from outside.
bool is_looked_after(DeviceKind kind) {
    using enum DeviceKind;
    return kind == modality || kind == analyser || kind == building_controller || kind == pump_gateway ||
           kind == monitor_gateway || kind == pacs || kind == laboratory_system || kind == file_server ||
           kind == ehr_server || kind == interface_engine;
}

}   // namespace

VendorDeeds::Part& VendorDeeds::part_of(const Cast& cast) {
    const auto as = cast.step->word("as");
    return parts_[as.empty() ? "step " + cast.step->id : std::string{as}];
}

/// As many as `sites` says, from `site` on.
Result<std::vector<int>> VendorDeeds::sites_of(const Cast& cast) const {
    const auto first = TRY(site_of(cast, story_));
    std::vector<int> sites;
    for (int site = first; site < first + static_cast<int>(cast.step->number("sites")); ++site) {
        if (story_.network().of(DeviceKind::vendor_gateway, site).empty())
            return tl::unexpected(nobody(*cast.step));
        sites.push_back(site);
    }
    return sites;
}

std::vector<DeviceId> VendorDeeds::any_machines(int site, std::size_t count) {
    std::vector<DeviceId> able;
    const auto& devices = story_.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i)
        if (devices[i].site == site && is_looked_after(devices[i].kind)) able.push_back(DeviceId{i});
    return dice_->sample(std::move(able), count);
}

Result<> VendorDeeds::visit(const Cast& cast) {
    const auto& step = *cast.step;
    const auto sites = TRY(sites_of(cast));
    auto& part = part_of(cast);
    if (!part.vendor)
        part.vendor = VendorId{static_cast<std::uint32_t>(dice_->below(story_.outsiders().vendors.size()))};
    if (step.word("from") == "elsewhere" && !part.from) part.from = any_address_outside(*dice_);
    const auto count = static_cast<std::size_t>(step.number("machines"));
    auto at = cast.at;
    for (const auto site : sites) {
        VendorVisit visit{.vendor = *part.vendor,
                          .site = site,
                          .from = part.from,
                          .machines = routine_.machines_of(*part.vendor, site, count, *dice_),
                          .minutes = step.number("minutes") * dice_->around(1, 1.2),
                          .label = cast.label};
        // Who looks further finds machines of others.
        if (step.word("machines_of") == "any") visit.machines = any_machines(site, count);
        part.machines[site] = visit.machines;
        story_.agenda().at(at, [this, visit] { routine_.visit(visit); });
        at += seconds_of(step.number("minutes_between") * 60 * dice_->around(1, 1.4));
    }
    return {};
}

Result<> VendorDeeds::call_new_site(const Cast& cast) {
    const auto& step = *cast.step;
    const auto sites = TRY(sites_of(cast));
    auto& part = part_of(cast);
    if (part.host.empty()) part.host = any_update_host(*dice_);
    for (const auto site : sites) {
        auto machines = part.machines[site];
        if (machines.empty())
            machines = any_machines(site, static_cast<std::size_t>(step.number("machines")));
        for (const auto machine : machines) {
            const Calls calls{.machine = machine,
                              .host = part.host,
                              .seconds_apart = step.number("seconds_apart") * dice_->around(1, 1.2),
                              .sent = step.number("bytes"),
                              .received = 500,
                              .left = static_cast<int>(dice_->around(step.number("calls"), 1.2)),
                              .label = cast.label};
            const auto wait = seconds_of(dice_->uniform() * step.number("minutes") * 60);
            story_.agenda().at(cast.at + wait, [this, calls] { call_again(calls); });
        }
    }
    return {};
}

void VendorDeeds::call_again(Calls calls) {
    if (calls.left-- <= 0) return;
    const SiteCalled call{calls.host, static_cast<std::uint64_t>(dice_->around(calls.sent, 1.7)) + 100,
                          static_cast<std::uint64_t>(dice_->around(calls.received, 1.8)) + 100};
    story_.tell({}, NetworkUsed{calls.machine, "", call}, calls.label);
    story_.agenda().in(seconds_of(dice_->around(calls.seconds_apart, 1.5)),
                       [this, calls] { call_again(calls); });
}

}   // namespace ward::lab
