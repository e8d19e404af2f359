// SPDX-License-Identifier: Apache-2.0
#include "segment/borders.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ward::segment {

Borders::Borders(Plan plan) : plan_(std::move(plan)) {
    for (ZoneId id = 0; id < plan_.zones.size(); ++id) {
        const auto& zone = plan_.zones[id];
        names_.emplace(zone.name, id);
        for (const auto& role : zone.roles) roles_.emplace(role, id);
        for (const auto& network : zone.networks)
            if (network.is_address()) named_.emplace(network.address, id);
    }
    names_.emplace(outside_name, outside());
    names_.emplace(any_name, any());
    for (const auto& one : plan_.allowed) {
        auto& ports = allowed_[{id_of(one.from), id_of(one.to), one.protocol}];
        ports.insert(ports.end(), one.ports.begin(), one.ports.end());
    }
    share_out();
}

/// Networks lie apart or within each other: sorted, each comes before those within it. What is told of one
/// address after the other goes to the innermost one that is open there.
void Borders::share_out() {
    std::vector<std::pair<Network, ZoneId>> all;
    for (ZoneId id = 0; id < plan_.zones.size(); ++id)
        for (const auto& network : plan_.zones[id].networks) all.emplace_back(network, id);
    std::ranges::sort(all, [](const auto& one, const auto& other) {
        const auto key = [](const Network& network) {
            return std::tuple{network.address.family, network.address.bytes, network.bits};
        };
        return key(one.first) < key(other.first);
    });
    struct Open {
        ZoneId zone;
        IpAddress last;
    };
    std::vector<Open> open;
    std::optional<IpAddress> next;   // what nobody has yet; nothing behind the last address
    const auto give_until = [&](const IpAddress& last) {
        if (next && *next <= last) owned_.push_back({{*next, last}, open.back().zone});
        next = behind(last);
    };
    const auto close_before = [&](const IpAddress* first) {
        while (!open.empty() &&
               (first == nullptr || open.back().last.family != first->family || open.back().last < *first)) {
            give_until(open.back().last);
            open.pop_back();
        }
    };
    for (const auto& [network, zone] : all) {
        close_before(&network.address);
        if (!open.empty() && next && *next < network.address) give_until(*before(network.address));
        next = network.address;
        open.push_back({zone, network.last()});
    }
    close_before(nullptr);
    std::vector<std::vector<Span>> of_zones(plan_.zones.size());
    std::vector<Span> taken;
    for (const auto& one : owned_) {
        of_zones[one.zone].push_back(one.span);
        taken.push_back(one.span);
    }
    for (auto& spans : of_zones) spans_.push_back(joined(std::move(spans)));
    auto& left = spans_.emplace_back();
    const auto inside = joined(std::move(taken));
    for (const auto family : {IpAddress::Family::v4, IpAddress::Family::v6}) {
        Spans same;
        std::ranges::copy_if(inside, std::back_inserter(same),
                             [&](const Span& span) { return span.first.family == family; });
        const auto rest = without(public_addresses(family), same);
        left.insert(left.end(), rest.begin(), rest.end());
    }
}

ZoneId Borders::zone_of(const IpAddress& address, std::string_view role) const {
    if (const auto named = named_.find(address); named != named_.end()) return named->second;
    if (!role.empty())
        if (const auto known = roles_.find(role); known != roles_.end()) return known->second;
    auto found = std::ranges::upper_bound(owned_, in_order(address), {},
                                          [](const Owned& one) { return in_order(one.span.first); });
    if (found != owned_.begin() && (--found)->span.holds(address)) return found->zone;
    const bool is_public = address.family != IpAddress::Family::none && !address.is_private() &&
                           !address.is_multicast() && !address.is_broadcast();
    return is_public ? outside() : nowhere();
}

bool Borders::allows(ZoneId from, ZoneId to, Protocol protocol, std::uint16_t port) const {
    if (from == nowhere() || to == nowhere()) return false;
    const auto holds = [&](ZoneId one, ZoneId other) {
        const auto ports = allowed_.find({one, other, protocol});
        return ports != allowed_.end() && std::ranges::any_of(ports->second, [&](const Ports& range) {
                   return range.first <= port && port <= range.last;
               });
    };
    const bool from_here = from != outside(), to_here = to != outside();
    return holds(from, to) || (from_here && holds(any(), to)) || (to_here && holds(from, any())) ||
           (from_here && to_here && holds(any(), any()));
}

std::string_view Borders::name(ZoneId id) const {
    if (id < plan_.zones.size()) return plan_.zones[id].name;
    return id == outside() ? outside_name : id == any() ? any_name : "nowhere";
}

ZoneId Borders::id_of(std::string_view name) const {
    const auto found = names_.find(name);
    return found == names_.end() ? nowhere() : found->second;
}

}   // namespace ward::segment
