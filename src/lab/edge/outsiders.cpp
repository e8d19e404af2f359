// SPDX-License-Identifier: Apache-2.0
#include "lab/edge/outsiders.hpp"

#include <array>
#include <fmt/format.h>
#include <set>

namespace ward::lab {
namespace {

using enum PartnerTrade;

constexpr std::array<std::string_view, 4> trade_names{"clearinghouse", "laboratory", "registry", "pharmacy"};

constexpr auto first_halves = std::to_array<std::string_view>(
    {"clear", "north", "med", "river", "open", "care", "true", "blue", "hill", "core", "silver", "link"});
constexpr auto second_halves = std::to_array<std::string_view>(
    {"path", "bridge", "gate", "well", "line", "field", "stone", "view", "works", "port", "lane", "point"});
constexpr auto hosts = std::to_array<std::string_view>(
    {"update", "connect", "cdn", "sync", "api", "care", "telemetry", "agent"});

std::string any_name(Random& random) {
    return fmt::format("{}{}", random.pick(first_halves), random.pick(second_halves));
}

/// What is usual of each trade: a clearinghouse calls most, a registry at night for the most part.
Partner make_partner(PartnerTrade trade, const std::string& name, Random& random) {
    constexpr std::array<double, 4> calls{1.6, 2.5, 0.3, 1.2};
    Partner partner;
    partner.trade = trade;
    partner.name = fmt::format("{} {}", name, name_of(trade));
    partner.host = fmt::format("{}.{}.example", random.chance(0.5) ? "edi" : "gateway", name);
    partner.address = any_address_outside(random);
    partner.port = random.chance(0.6) ? 443 : 8'443;
    partner.works_weekends = trade == laboratory || (trade == pharmacy && random.chance(0.5));
    partner.calls_an_hour = calls[static_cast<std::size_t>(trade)] * random.around(1, 1.2);
    return partner;
}

Vendor make_vendor(const std::string& name, std::vector<DeviceKind> kinds, Random& random) {
    return {name, fmt::format("{}.example", name), any_address_outside(random), std::move(kinds)};
}

}   // namespace

std::string_view name_of(PartnerTrade trade) { return trade_names[static_cast<std::size_t>(trade)]; }

Outsiders make_outsiders(Size size, const Random& random) {
    using enum DeviceKind;
    auto dice = random.stream("outsiders");
    std::set<std::string> taken;
    const auto next_name = [&] {
        auto name = any_name(dice);
        while (!taken.insert(name).second) name = any_name(dice);
        return name;
    };
    Outsiders outsiders;
    std::vector<PartnerTrade> trades{clearinghouse, laboratory};
    if (size != Size::clinic) trades = {clearinghouse, clearinghouse, laboratory, registry, pharmacy};
    for (const auto trade : trades) outsiders.partners.push_back(make_partner(trade, next_name(), dice));
    const std::vector<std::vector<DeviceKind>> areas{{modality, pacs},
                                                     {analyser, laboratory_system},
                                                     {building_controller},
                                                     {pump_gateway, monitor_gateway},
                                                     {ehr_server, interface_engine, file_server}};
    for (const auto& kinds : areas) outsiders.vendors.push_back(make_vendor(next_name(), kinds, dice));
    return outsiders;
}

std::string any_update_host(Random& random) {
    return fmt::format("{}.{}.example", random.pick(hosts), any_name(random));
}

}   // namespace ward::lab
