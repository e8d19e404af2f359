// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/worm_deeds.hpp"

#include <algorithm>

#include "lab/offers.hpp"

namespace ward::lab {
namespace {

constexpr std::uint16_t smb_port = 445;
constexpr Address block = 254;   // of a VLAN, that is tried for the most part

}   // namespace

Result<> WormDeeds::spread_worm(const Cast& cast) {
    const auto& step = *cast.step;
    const auto actor = TRY(actors_.actor_of(cast));
    auto& worm = worms_[cast.label];
    worm.label = cast.label;
    worm.seconds_apart = step.number("seconds_apart");
    worm.sleeps = seconds_of(step.number("sleep_minutes") * 60);
    worm.ends = cast.at + seconds_of(step.number("minutes") * 60);
    const auto tries = static_cast<int>(step.number("addresses"));
    story_.agenda().at(cast.at, [this, &worm, actor, tries] {
        worm.reached.insert(actor.machine);
        try_again(worm, actor.machine, tries);
    });
    return {};
}

/// Four in ten in its own VLAN, one after the other; most others elsewhere in the house, a few outside.
Address WormDeeds::some_target(Worm& worm, const Device& from) {
    const auto base = from.address & 0xffff'f000;
    const auto chosen = dice_->uniform();
    if (chosen < 0.4) return base + 2 + worm.next[from.address]++ % block;
    if (chosen < 0.9) {
        const auto& near = dice_->pick(story_.network().devices);
        if (near.vlan != Vlan::edge)
            return (near.address & 0xffff'f000) + 2 + static_cast<Address>(dice_->below(block));
    }
    return address_outside(std::to_string(dice_->next()));
}

void WormDeeds::try_again(Worm& worm, DeviceId machine, int left) {
    const auto now = story_.now();
    if (left <= 0 || now > worm.ends) return;
    const auto& from = story_.network().at(machine);
    const auto target = some_target(worm, from);
    const auto known = story_.network().at_address(target);
    if (known && *known != machine) {
        reach(worm, machine, *known);
    } else if (!known) {
        tell(worm, machine, PortTried{target, smb_port, PortTried::Answer::none});
    }
    story_.agenda().in(seconds_of(dice_->around(worm.seconds_apart, 1.8)),
                       [this, &worm, machine, left] { try_again(worm, machine, left - 1); });
}

/// Who knows no SMB 1 breaks off when they hear it.
void WormDeeds::reach(Worm& worm, DeviceId machine, DeviceId other) {
    using enum OldSmbSpoken::What;
    const auto& device = story_.network().at(other);
    const bool is_open = has_open(device, smb_port);
    tell(worm, machine,
         PortTried{device.address, smb_port, is_open ? PortTried::Answer::open : PortTried::Answer::refused});
    if (!is_open) return;
    const bool is_mended = !speaks_old_smb(device);
    const bool is_known = worm.reached.contains(other);
    story_.agenda().in(seconds_of(dice_->around(0.4, 1.6)), [this, &worm, machine, other, is_mended] {
        tell(worm, machine, OldSmbSpoken{other, is_mended ? failure : overrun});
    });
    if (is_mended || is_known) return;
    worm.reached.insert(other);
    const auto tries = static_cast<int>(dice_->around(500, 1.4));
    story_.agenda().in(seconds_of(dice_->around(std::chrono::duration<double>(worm.sleeps).count(), 1.4)),
                       [this, &worm, other, tries] { try_again(worm, other, tries); });
}

void WormDeeds::tell(const Worm& worm, DeviceId from, NetworkUse use) {
    story_.tell({}, NetworkUsed{from, "", std::move(use)}, worm.label);
}

Result<> WormDeeds::use_old_shares(const Cast& cast) {
    const auto& step = *cast.step;
    const auto actor = TRY(actors_.actor_of(cast));
    const auto server = TRY(actors_.machine_of(cast, "with", actor.machine));
    const auto times = step.number("times");
    auto at = cast.at;
    for (int left = static_cast<int>(times); left > 0; --left) {
        story_.agenda().at(at, [this, label = cast.label, actor, server] {
            story_.tell(
                {}, NetworkUsed{actor.machine, actor.account, OldSmbSpoken{server, OldSmbSpoken::What::work}},
                label);
        });
        at += seconds_of(dice_->exponential(step.number("minutes") * 60 / times));
    }
    return {};
}

}   // namespace ward::lab
