// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/device_deeds.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ward::lab {
namespace {

using namespace std::chrono;
using namespace std::chrono_literals;

/// A card of the same make beside the first one.
Mac other_card(Mac mac, Random& random) {
    mac[5] = static_cast<std::uint8_t>(mac[5] + random.between(1, 4));
    return mac;
}

}   // namespace

void DeviceDeeds::tell(const Cast& cast, const Actor& actor, DeviceUse use) {
    story_.tell({}, NetworkUsed{actor.machine, actor.account, std::move(use)}, cast.label);
}

Moment DeviceDeeds::sometime(const Cast& cast) {
    return cast.at + minutes_of(dice_->uniform() * cast.step->number("minutes"));
}

Result<> DeviceDeeds::speak_to_pumps(const Cast& cast) {
    const auto actor = TRY(actors_.actor_of(cast));
    const auto pumps = story_.network().of(DeviceKind::pump, TRY(site_of(cast, story_)));
    if (pumps.empty()) return tl::unexpected(nobody(*cast.step));
    if (dice_->chance(cast.step->number("discovery")))
        story_.agenda().at(cast.at, [this, cast, actor] { tell(cast, actor, PumpsSought{}); });
    const auto most = static_cast<std::size_t>(cast.step->number("pumps"));
    for (const auto pump : dice_->sample(pumps, most)) speak(cast, actor, pump, sometime(cast) + 2s);
    return {};
}

void DeviceDeeds::speak(const Cast& cast, const Actor& actor, DeviceId pump, Moment at) {
    using enum PumpSpokenTo::What;
    std::vector<PumpSpokenTo> said{{pump, metadata}};
    if (dice_->chance(0.7)) said.push_back({pump, description});
    if (dice_->chance(0.3)) said.push_back({pump, subscription});
    if (dice_->chance(cast.step->number("commands")))
        for (int left = dice_->between(1, 3); left > 0; --left)
            said.push_back({pump, rate, 10.0 * dice_->between(1, 60)});
    for (const auto& one : said) {
        story_.agenda().at(at, [this, cast, actor, one] { tell(cast, actor, one); });
        at += milliseconds{dice_->between(150, 20'000)};
    }
}

Result<> DeviceDeeds::bring_pump(const Cast& cast) {
    const auto known = TRY(actors_.machine_of(cast, "machine"));
    auto device = story_.network().at(known);
    device.name = fmt::format("PUMP{:04}", 5'000 + dice_->between(1, 999));
    device.serial = fmt::format("{}{:08}", device.vendor.substr(0, 1), dice_->below(100'000'000));
    for (std::size_t i = 3; i < 6; ++i) device.mac[i] = static_cast<std::uint8_t>(dice_->below(256));
    device.address = 0;
    const Actor pump{story_.plug_in(std::move(device)), {}};
    story_.agenda().at(cast.at, [this, cast, pump] { tell(cast, pump, PluggedIn{}); });
    story_.agenda().at(cast.at + seconds{dice_->between(3, 40)},
                       [this, cast, pump] { tell(cast, pump, PumpStarted{}); });
    return {};
}

Result<std::pair<DeviceId, Mac>> DeviceDeeds::who_answers(const Cast& cast, DeviceId server) {
    constexpr auto keys = std::to_array<std::string_view>({"newcomer", "machine", "who", "as"});
    const bool is_other = std::ranges::any_of(keys, [&](auto key) { return !cast.step->word(key).empty(); });
    if (!is_other) return std::pair{server, other_card(story_.network().at(server).mac, *dice_)};
    const auto actor = TRY(actors_.actor_of(cast));
    return std::pair{actor.machine, story_.network().at(actor.machine).mac};
}

Result<> DeviceDeeds::move_gateway(const Cast& cast) {
    const auto site = TRY(site_of(cast, story_));
    const auto gateways = story_.network().of(DeviceKind::pump_gateway, site);
    if (gateways.empty()) return tl::unexpected(nobody(*cast.step));
    const auto gateway = gateways.front();
    const auto [machine, mac] = TRY(who_answers(cast, gateway));
    const GatewayMoved moved{gateway, mac, dice_->chance(0.5)};
    const GatewayMoved back{gateway, story_.network().at(gateway).mac, dice_->chance(0.5)};
    story_.agenda().at(cast.at, [this, cast, machine, moved] { tell(cast, {machine, {}}, moved); });
    story_.agenda().at(cast.at + minutes_of(cast.step->number("minutes")), [this, gateway, back] {
        story_.tell({}, NetworkUsed{gateway, {}, DeviceUse{back}});
    });
    const auto pumps = story_.network().of(DeviceKind::pump, site);
    for (auto left = static_cast<int>(cast.step->number("commands")); left > 0; --left) {
        const PumpSpokenTo said{dice_->pick(pumps), PumpSpokenTo::What::rate, 10.0 * dice_->between(1, 60)};
        story_.agenda().at(sometime(cast), [this, cast, gateway, said] { tell(cast, {gateway, {}}, said); });
    }
    return {};
}

Result<> DeviceDeeds::change_library(const Cast& cast) {
    const auto servers = story_.network().of(DeviceKind::library_server, TRY(site_of(cast, story_)));
    if (servers.empty()) return tl::unexpected(nobody(*cast.step));
    const auto server = servers.front();
    auto [machine, mac] = TRY(who_answers(cast, server));
    const auto own = story_.network().at(server).mac;
    if (machine == server && dice_->chance(0.5)) mac = own;   // nothing but the certificate is new
    const LibraryMoved moved{server, mac, dice_->between(1, 9),
                             fmt::format("2026.0{}.{}", dice_->between(1, 3), dice_->between(0, 9))};
    story_.agenda().at(cast.at, [this, cast, machine, moved] { tell(cast, {machine, {}}, moved); });
    auto back = moved;
    back.mac = own;
    if (machine != server) back.certificate = 0;
    story_.agenda().at(cast.at + minutes_of(cast.step->number("minutes")), [this, server, back] {
        story_.tell({}, NetworkUsed{server, {}, DeviceUse{back}});
    });
    return {};
}

Result<> DeviceDeeds::search_archive(const Cast& cast) {
    using enum ArchiveSearched::By;
    constexpr auto likely = std::to_array<ArchiveSearched::By>({patient, patient, day, modality, all});
    const auto actor = TRY(actors_.actor_of(cast));
    if (story_.network().of(DeviceKind::pacs, TRY(site_of(cast, story_))).empty())
        return tl::unexpected(nobody(*cast.step));
    for (auto left = static_cast<int>(cast.step->number("searches")); left > 0; --left) {
        const ArchiveSearched searched{dice_->pick(likely), dice_->between(2, 60)};
        story_.agenda().at(sometime(cast), [this, cast, actor, searched] { tell(cast, actor, searched); });
    }
    for (auto left = static_cast<int>(cast.step->number("studies")); left > 0; --left)
        fetch(cast, actor, sometime(cast));
    return {};
}

/// Now and then to another workstation than one's own.
void DeviceDeeds::fetch(const Cast& cast, const Actor& actor, Moment at) {
    StudyFetched fetched{.is_moved = dice_->chance(0.75)};
    const auto others = story_.network().of(DeviceKind::workstation, story_.network().at(actor.machine).site);
    if (fetched.is_moved && dice_->chance(cast.step->number("elsewhere")))
        fetched.target = dice_->pick(others);
    story_.agenda().at(at, [this, cast, actor, fetched] { tell(cast, actor, fetched); });
}

Result<> DeviceDeeds::disturb_archive(const Cast& cast) {
    using enum ArchiveDisturbed::How;
    constexpr auto broken = std::to_array<ArchiveDisturbed::How>(
        {wrong_length, wrong_value, unknown_unit, cut_short, no_request, timed_out, odd_but_legal});
    constexpr auto legal = std::to_array<ArchiveDisturbed::How>({timed_out, odd_but_legal});
    const bool is_legal = cast.step->word("how") == "legal";
    const auto actor = TRY(actors_.actor_of(cast));
    for (auto left = static_cast<int>(cast.step->number("associations")); left > 0; --left) {
        const ArchiveDisturbed disturbed{is_legal ? dice_->pick(legal) : dice_->pick(broken)};
        story_.agenda().at(sometime(cast), [this, cast, actor, disturbed] { tell(cast, actor, disturbed); });
    }
    return {};
}

}   // namespace ward::lab
