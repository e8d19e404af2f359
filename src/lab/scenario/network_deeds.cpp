// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/network_deeds.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "lab/offers.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t smb_port = 445;

}   // namespace

Result<NetworkDeeds::Calls> NetworkDeeds::calls_of(const Cast& cast) {
    const auto& step = *cast.step;
    Calls calls{
        .label = cast.label, .actor = TRY(actors_.actor_of(cast)), .host = some_host(step.deed == "upload")};
    if (!step.word("host").empty()) calls.host = step.word("host");
    return calls;
}

Result<> NetworkDeeds::call_home(const Cast& cast) {
    const auto& step = *cast.step;
    auto calls = TRY(calls_of(cast));
    calls.seconds_apart = step.number("seconds_apart");
    calls.factor = step.number("jitter");
    calls.sent = step.number("bytes");
    calls.received = 400;
    calls.left = static_cast<int>(step.number("minutes") * 60 / calls.seconds_apart);
    story_.agenda().at(cast.at, [this, calls] { call_again(calls); });
    return {};
}

Result<> NetworkDeeds::upload(const Cast& cast) {
    const auto& step = *cast.step;
    auto calls = TRY(calls_of(cast));
    const auto parts = step.number("parts");
    calls.seconds_apart = step.number("minutes") * 60 / parts;
    calls.factor = 1.6;
    calls.sent = step.number("megabytes") * 1e6 / parts;
    calls.received = 350;
    calls.left = static_cast<int>(parts);
    story_.agenda().at(cast.at, [this, calls] { call_again(calls); });
    return {};
}

void NetworkDeeds::call_again(Calls calls) {
    if (calls.left-- <= 0) return;
    const SiteCalled call{calls.host, static_cast<std::uint64_t>(dice_->around(calls.sent, 1.6)),
                          static_cast<std::uint64_t>(dice_->around(calls.received, 1.6))};
    story_.tell({}, NetworkUsed{calls.actor.machine, calls.actor.account, call}, calls.label);
    story_.agenda().in(seconds_of(dice_->around(calls.seconds_apart, calls.factor)),
                       [this, calls] { call_again(calls); });
}

/// Where files are kept for others, or a program's maker may be.
std::string NetworkDeeds::some_host(bool is_for_files) {
    constexpr auto places = std::to_array<std::string_view>({"eu", "us", "eu-west", "files", "up", "store"});
    constexpr auto bays =
        std::to_array<std::string_view>({"filebay", "cloudcrate", "sendlarge", "megashelf"});
    constexpr auto parts = std::to_array<std::string_view>({"api", "cdn", "events", "update", "telemetry"});
    constexpr auto makers = std::to_array<std::string_view>(
        {"softcare", "driverhub", "printworks", "fontwell", "edgeloft", "plugspace", "toolpath", "viewkit"});
    if (is_for_files) return fmt::format("{}.{}.example", dice_->pick(places), dice_->pick(bays));
    return fmt::format("{}{}.{}.example", dice_->pick(parts), dice_->between(1, 9), dice_->pick(makers));
}

/// All of a VLAN's block up to a little behind its last machine, or so many, in a row.
std::vector<Address> NetworkDeeds::targets_of(const Cast& cast, const Device& from, Vlan vlan) {
    Address last = 0;
    for (const auto& device : story_.network().devices)
        if (device.vlan == vlan && device.site == from.site) last = std::max(last, device.address);
    std::vector<Address> targets;
    const auto first = (last & 0xffff'f000) + 2;
    const auto most = static_cast<Address>(cast.step->number_if_any("addresses").value_or(last + 12 - first));
    for (auto target = first; target < first + most; ++target)
        if (target != from.address) targets.push_back(target);
    return targets;
}

Result<> NetworkDeeds::sweep_port(const Cast& cast) {
    const auto port = cast.step->number("port");
    const auto actor = TRY(actors_.actor_of(cast));
    const auto& from = story_.network().at(actor.machine);
    auto vlan = from.vlan;
    if (!cast.step->word("among").empty())
        vlan = story_.network().at(TRY(actors_.machine_of(cast, "among"))).vlan;
    const auto targets = targets_of(cast, from, vlan);
    const auto apart = cast.step->number("minutes") * 60 / static_cast<double>(targets.size() + 1);
    auto at = cast.at;
    for (const auto target : targets) {
        at += seconds_of(dice_->exponential(apart));
        story_.agenda().at(at, [this, cast, actor, target, port] {
            try_port(cast, actor, target, static_cast<std::uint16_t>(port));
        });
    }
    return {};
}

void NetworkDeeds::try_port(const Cast& cast, const Actor& actor, Address target, std::uint16_t port) {
    using enum PortTried::Answer;
    const auto known = story_.network().at_address(target);
    auto answer = none;
    if (known) answer = has_open(story_.network().at(*known), port) ? open : refused;
    story_.tell({}, NetworkUsed{actor.machine, actor.account, PortTried{target, port, answer}}, cast.label);
    if (answer != open || port != smb_port || !dice_->chance(cast.step->number("questions"))) return;
    const OldSmbSpoken asked{*known, speaks_old_smb(story_.network().at(*known))
                                         ? OldSmbSpoken::What::questions
                                         : OldSmbSpoken::What::failure};
    story_.agenda().in(seconds_of(dice_->around(0.6, 2)), [this, cast, actor, asked] {
        story_.tell({}, NetworkUsed{actor.machine, actor.account, asked}, cast.label);
    });
}

}   // namespace ward::lab
