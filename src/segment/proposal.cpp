// SPDX-License-Identifier: Apache-2.0
#include "segment/proposal.hpp"

#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <map>
#include <set>
#include <tuple>

#include "segment/borders.hpp"
#include "segment/zoning.hpp"

namespace ward::segment {
namespace {

struct Pair {
    ZoneId from;
    ZoneId to;
    Protocol protocol;
    auto operator<=>(const Pair&) const = default;
};

/// All edges of two zones to one port, or to several.
struct Use {
    std::uint64_t times = 0;
    std::uint32_t days = 0;
    std::uint32_t hours = 0;
    std::set<IpAddress> clients{};

    void add(const IpAddress& client, const Uses& uses) {
        times += uses.times;
        days |= uses.days;
        hours |= uses.hours;
        clients.insert(client);
    }
    Use& operator+=(const Use& other) {
        times += other.times;
        days |= other.days;
        hours |= other.hours;
        clients.insert(other.clients.begin(), other.clients.end());
        return *this;
    }
};

class Proposing {
public:
    Proposing(const Traffic& traffic, const ProposalLimits& limits)
        : traffic_(traffic), limits_(limits), borders_({.zones = zones_of(traffic), .allowed = {}}) {}

    Result<Proposal> propose() {
        gather();
        for (auto& [pair, ports] : seen_) choose(pair, ports);
        find_any();
        Proposal proposal{.plan = borders_.plan(), .left_out = std::move(left_out_)};
        for (const auto& [pair, ports] : chosen_) allow(proposal.plan, pair, ports);
        std::ranges::stable_sort(proposal.left_out, std::ranges::greater{}, &LeftOut::times);
        describe(proposal.plan);
        const auto readable = read_plan(to_text(proposal.plan), "the proposal");
        if (!readable) return tl::unexpected(readable.error());
        return proposal;
    }

private:
    ZoneId zone_of(const IpAddress& address) const {
        return address.family == IpAddress::Family::none ? borders_.outside() : borders_.zone_of(address, "");
    }

    void gather() {
        for (const auto& [address, host] : traffic_.hosts())
            if (host.has_spoken) ++hosts_[zone_of(address)];
        for (const auto& [edge, uses] : traffic_.edges())
            seen_[{zone_of(edge.client), zone_of(edge.server), edge.protocol}][edge.port].add(edge.client,
                                                                                              uses);
    }

    bool is_regular(const Pair& pair, const Use& use) const {
        const auto known = hosts_.find(pair.from);
        const auto all = known == hosts_.end() ? 1 : known->second;   // outside is one
        const bool is_shared = use.clients.size() >= std::min(limits_.clients_min, all) ||
                               std::popcount(use.hours) >= limits_.hours_min;
        return is_shared && (std::popcount(use.days) >= limits_.days_min || use.times >= limits_.times_min);
    }

    /// Ports that are too rare each, from the lowest, and all uses of them.
    struct Rare {
        std::vector<std::uint16_t> ports{};
        Use use{};
    };

    void choose(const Pair& pair, std::map<std::uint16_t, Use>& ports) {
        std::vector<Rare> rare;
        for (const auto& [port, use] : ports) {
            if (port == 0) continue;   // of no flow that can be allowed
            if (is_regular(pair, use)) {
                chosen_[pair][{port, port}] = use;
            } else if (port >= limits_.chosen_from) {
                if (rare.empty() || !is_narrow(widened(rare.back().ports.front(), port))) rare.emplace_back();
                rare.back().ports.push_back(port);
                rare.back().use += use;
            } else {
                leave_out(pair, port, use);
            }
        }
        for (const auto& some : rare) {
            if (some.ports.size() >= limits_.chosen_min && is_regular(pair, some.use)) {
                chosen_[pair][widened(some.ports.front(), some.ports.back())] = some.use;
                continue;
            }
            for (const auto port : some.ports) leave_out(pair, port, ports[port]);
        }
    }

    /// To whole thousands of two: the next one will be another port.
    Ports widened(std::uint16_t first, std::uint16_t last) const {
        constexpr std::uint16_t step = 1'024;
        return {std::max(static_cast<std::uint16_t>(first / step * step), limits_.chosen_from),
                static_cast<std::uint16_t>(last / step * step + (step - 1))};
    }
    bool is_narrow(const Ports& ports) const { return ports.last - ports.first < limits_.chosen_width_max; }

    void leave_out(const Pair& pair, std::uint16_t port, const Use& use) {
        left_out_.push_back({.from = std::string{borders_.name(pair.from)},
                             .to = std::string{borders_.name(pair.to)},
                             .protocol = pair.protocol,
                             .port = port,
                             .times = use.times,
                             .clients = use.clients.size(),
                             .days = std::popcount(use.days)});
    }

    /// What nearly all say to one zone is said once.
    void find_any() {
        std::set<ZoneId> speaking;
        std::map<std::tuple<ZoneId, Protocol, Ports>, std::vector<ZoneId>> by_server;
        for (const auto& [pair, ports] : chosen_) {
            if (pair.from == borders_.outside()) continue;
            speaking.insert(pair.from);
            if (pair.to == borders_.outside()) continue;   // what may leave is said zone by zone
            for (const auto& [range, use] : ports)
                by_server[{pair.to, pair.protocol, range}].push_back(pair.from);
        }
        for (const auto& [what, zones] : by_server) {
            const auto& [to, protocol, range] = what;
            if (zones.size() < limits_.any_min ||
                static_cast<double>(zones.size()) <
                    limits_.any_share_min * static_cast<double>(speaking.size()))
                continue;
            for (const auto from : zones) {
                auto& ports = chosen_[{from, to, protocol}];
                chosen_[{borders_.any(), to, protocol}][range] += ports[range];
                ports.erase(range);
            }
        }
    }

    void allow(Plan& plan, const Pair& pair, const std::map<Ports, Use>& ports) const {
        constexpr auto ports_max = PlanLimits{}.ports_max;
        Use all;
        std::vector<Ports> ranges;
        const auto add = [&] {
            if (ranges.empty()) return;
            const auto days = std::popcount(all.days);
            plan.allowed.push_back({.from = std::string{borders_.name(pair.from)},
                                    .to = std::string{borders_.name(pair.to)},
                                    .protocol = pair.protocol,
                                    .ports = std::exchange(ranges, {}),
                                    .why = fmt::format("{} times by {}, on {} day{}", all.times,
                                                       pair.from == borders_.outside()
                                                           ? std::string{"others"}
                                                           : fmt::format("{} host{}", all.clients.size(),
                                                                         all.clients.size() == 1 ? "" : "s"),
                                                       days, days == 1 ? "" : "s")});
            all = {};
        };
        for (const auto& [range, use] : ports) {
            all += use;
            ranges.push_back(range);
            if (ranges.size() == ports_max) add();
        }
        add();
    }

    /// What each zone holds, for who reads the plan.
    void describe(Plan& plan) const {
        for (auto& zone : plan.zones) {
            const auto id = borders_.id_of(zone.name);
            const auto spoke = hosts_.find(id);
            const auto count = spoke == hosts_.end() ? std::size_t{0} : spoke->second;
            zone.about = fmt::format("{} address{} spoke", count, count == 1 ? "" : "es");
        }
    }

    const Traffic& traffic_;
    const ProposalLimits& limits_;
    Borders borders_;
    std::map<ZoneId, std::size_t> hosts_;
    std::map<Pair, std::map<std::uint16_t, Use>> seen_;
    std::map<Pair, std::map<Ports, Use>> chosen_;
    std::vector<LeftOut> left_out_;
};

}   // namespace

Result<Proposal> propose(const Traffic& traffic, const ProposalLimits& limits) {
    return Proposing{traffic, limits}.propose();
}

std::string to_text(const Proposal& proposal) {
    constexpr std::size_t told_max = 500;
    auto text = to_text(proposal.plan);
    if (!proposal.left_out.empty()) text += "\n# Seen, and not proposed, for it was rare:\n";
    for (std::size_t i = 0; i < std::min(told_max, proposal.left_out.size()); ++i) {
        const auto& one = proposal.left_out[i];
        text += fmt::format("# {} to {}, {} {}: {} times by {} hosts, on {} days\n", one.from, one.to,
                            name(one.protocol), one.port, one.times, one.clients, one.days);
    }
    if (proposal.left_out.size() > told_max)
        text += fmt::format("# and {} more\n", proposal.left_out.size() - told_max);
    return text;
}

}   // namespace ward::segment
