// SPDX-License-Identifier: Apache-2.0
#include "lab/scenario/domain_deeds.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "core/text.hpp"
#include "lab/offers.hpp"

namespace ward::lab {
namespace {

using enum DirectoryPart;

constexpr auto parts = std::to_array<std::pair<std::string_view, DirectoryPart>>({{"people", people},
                                                                                  {"computers", computers},
                                                                                  {"units", units},
                                                                                  {"subnets", subnets},
                                                                                  {"groups", groups},
                                                                                  {"trusts", trusts}});

}   // namespace

void DomainDeeds::tell_later(const Cast& cast, const Actor& actor, NetworkUse use, Moment at) {
    story_.agenda().at(at, [this, label = cast.label, actor, use = std::move(use)] {
        story_.tell({}, NetworkUsed{actor.machine, actor.account, use}, label);
    });
}

Result<> DomainDeeds::ask_tickets(const Cast& cast) {
    const auto& step = *cast.step;
    const bool is_old = step.word("method") == "RC4";
    const auto actor = TRY(actors_.actor_of(cast));
    auto services = services_of(story_.network(), story_.network().at(actor.machine).site);
    services = dice_->sample(std::move(services), services.size());
    const auto count = static_cast<std::size_t>(step.number("tickets"));
    const auto apart = step.number("minutes") * 60 / static_cast<double>(count);
    auto at = cast.at;
    for (std::size_t i = 0; i < count; ++i) {
        tell_later(cast, actor, TicketAsked{services[i % services.size()], is_old}, at);
        at += seconds_of(dice_->exponential(apart));
    }
    return {};
}

Result<> DomainDeeds::survey_directory(const Cast& cast) {
    const auto& step = *cast.step;
    const auto actor = TRY(actors_.actor_of(cast));
    const auto page = static_cast<int>(step.number("page"));
    auto at = cast.at;
    for (std::string_view left = step.word("parts"); !left.empty();) {
        const auto name = take_until(left, ' ');
        const auto found = std::ranges::find(parts, name, &decltype(parts)::value_type::first);
        WARD_ASSERT(found != parts.end());
        tell_later(cast, actor, DirectorySurveyed{found->second, page}, at);
        at += seconds_of(dice_->around(step.number("seconds_apart"), 2));
    }
    return {};
}

/// Any of the step's kind, in no order; at the actor's site, or at another.
Result<std::vector<DeviceId>> DomainDeeds::machines_for(const Cast& cast, const Actor& actor,
                                                        std::size_t most) {
    const auto& step = *cast.step;
    const auto& network = story_.network();
    const auto own_site = network.at(actor.machine).site;
    const auto wanted = step.word("on");
    const bool goes_elsewhere = step.word("where") == "elsewhere";
    std::vector<DeviceId> here, elsewhere;
    for (std::uint32_t i = 0; i < network.devices.size(); ++i) {
        const auto& device = network.devices[i];
        const bool is_server = device.vlan == Vlan::servers && device.kind != DeviceKind::ward_vault;
        if (wanted == "server" ? !is_server : name_of(device.kind) != wanted) continue;
        if (DeviceId{i} == actor.machine) continue;
        (device.site == own_site ? here : elsewhere).push_back(DeviceId{i});
    }
    auto& able = goes_elsewhere && !elsewhere.empty() ? elsewhere : here;
    if (able.empty()) return tl::unexpected(nobody(step));
    able = dice_->sample(std::move(able), able.size());
    if (able.size() > most) able.resize(most);
    return able;
}

Result<> DomainDeeds::start_programs(const Cast& cast) {
    const auto actor = TRY(actors_.actor_of(cast));
    const auto most = static_cast<std::size_t>(cast.step->number("machines"));
    const auto machines = TRY(machines_for(cast, actor, most));
    const auto program = some_program(*dice_);
    const auto apart = cast.step->number("minutes") * 60 / static_cast<double>(machines.size());
    auto at = cast.at;
    for (const auto machine : machines) {
        tell_later(cast, actor, ProgramStarted{machine, program.share, program.file, program.bytes}, at);
        at += seconds_of(dice_->exponential(apart));
    }
    return {};
}

/// The machine may be known by a name of its own from then on: from there others are reached.
Result<> DomainDeeds::take_desk(const Cast& cast) {
    const auto actor = TRY(actors_.actor_of(cast));
    const auto machine = TRY(machines_for(cast, actor, 1)).front();
    actors_.remember(cast.step->word("then_as"), {machine, actor.account, actor.who});
    const auto steps = static_cast<int>(dice_->around(cast.step->number("steps"), 1.5));
    tell_later(cast, actor, DeskTaken{machine, steps + 1}, cast.at);
    return {};
}

}   // namespace ward::lab
