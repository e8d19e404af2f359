// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/actors.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "core/assert.hpp"

namespace ward::lab {

Result<int> site_of(const Cast& cast, const Story& story) {
    const auto site = static_cast<int>(cast.step->number("site")) - 1;
    const auto& devices = story.network().devices;
    if (site < 0 || std::ranges::none_of(devices, [&](const auto& one) { return one.site == site; }))
        return tl::unexpected(nobody(*cast.step));
    return site;
}

Result<Actor> Actors::actor_of(const Cast& cast) {
    if (const auto known = known_.find(cast.step->word("as")); known != known_.end()) return known->second;
    auto actor = TRY(chosen_for(cast));
    remember(cast.step->word("as"), actor);
    return actor;
}

void Actors::remember(std::string_view name, const Actor& actor) {
    if (!name.empty()) known_.insert_or_assign(std::string{name}, actor);
}

Result<Actor> Actors::chosen_for(const Cast& cast) {
    if (!cast.step->word("newcomer").empty()) return newcomer(cast);
    const auto account = cast.step->word("account");
    if (!cast.step->word("machine").empty())
        return Actor{TRY(machine_of(cast, "machine")), std::string{account}, {}};
    const auto site = TRY(site_of(cast, story_));
    const auto role = role_of(cast);
    const auto& hospital = story_.hospital();
    std::vector<StaffId> able;
    for (std::uint32_t i = 0; i < hospital.staff.size(); ++i)
        if (hospital.staff[i].role == role && hospital.at(hospital.staff[i].home).site == site)
            able.push_back(StaffId{i});
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    return at_desk(dice_->pick(able));
}

Actor Actors::at_desk(StaffId who) {
    const auto& member = story_.hospital().at(who);
    return {dice_->pick(story_.network().workstations_of(member.home)), member.login, who};
}

/// Of the makes that offices and workshops have, under a name like theirs.
Result<Actor> Actors::newcomer(const Cast& cast) {
    struct Make {
        std::string_view vendor;
        std::uint32_t oui = 0;
        std::string_view name;   // with a number of four digits behind it
    };
    constexpr auto makes = std::to_array<Make>({{"Dell", 0xf8bc12, "WS"},
                                                {"HP", 0x3c5282, "LAPTOP-"},
                                                {"Lenovo", 0x98fa9b, "LAPTOP-"},
                                                {"Dell", 0xd89ef3, "BIOMED-"},
                                                {"Raspberry Pi", 0xdca632, "raspberrypi-"},
                                                {"Raspberry Pi", 0xb827eb, "display-"}});
    constexpr auto vlans =
        std::to_array<std::pair<std::string_view, Vlan>>({{"servers", Vlan::servers},
                                                          {"workstations", Vlan::workstations},
                                                          {"bedside", Vlan::bedside},
                                                          {"imaging", Vlan::imaging}});
    const auto wanted = cast.step->word("newcomer");
    const auto vlan = std::ranges::find(vlans, wanted, [](const auto& one) { return one.first; });
    WARD_ASSERT(vlan != vlans.end());
    const auto site = TRY(site_of(cast, story_));
    const auto& make = dice_->pick(makes);
    Device device;
    device.kind = DeviceKind::workstation;
    device.vlan = vlan->second;
    device.site = site;
    device.name = fmt::format("{}{:04}", make.name, dice_->between(100, 9'999));
    device.vendor = make.vendor;
    const auto low = dice_->next();
    for (std::size_t i = 0; i < 3; ++i) {
        device.mac[i] = static_cast<std::uint8_t>(make.oui >> (16 - 8 * i));
        device.mac[i + 3] = static_cast<std::uint8_t>(low >> (8 * i));
    }
    const Actor actor{story_.plug_in(std::move(device)), std::string{cast.step->word("account")}};
    const auto before = std::chrono::minutes{dice_->between(1, 50)};
    story_.agenda().at(std::max(story_.begin(), cast.at - before), [this, actor, label = cast.label] {
        story_.tell({}, NetworkUsed{actor.machine, actor.account, DeviceUse{PluggedIn{}}}, label);
    });
    return actor;
}

Result<DeviceId> Actors::machine_of(const Cast& cast, std::string_view word, std::optional<DeviceId> other) {
    const auto wanted = cast.step->word(word);
    const auto site = TRY(site_of(cast, story_));
    auto kind = DeviceKind::workstation;
    while (name_of(kind) != wanted) {
        WARD_ASSERT(kind != DeviceKind::router);
        kind = static_cast<DeviceKind>(static_cast<int>(kind) + 1);
    }
    auto able = story_.network().of(kind, site);
    if (other) std::erase(able, *other);
    if (able.empty()) return tl::unexpected(nobody(*cast.step));
    return dice_->pick(able);
}

}   // namespace ward::lab
