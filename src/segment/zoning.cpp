// SPDX-License-Identifier: Apache-2.0
#include "segment/zoning.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace ward::segment {
namespace {

constexpr unsigned v4_bits = 24, v6_bits = 64;
constexpr std::size_t known_share_min = 5;   // one host in so many whose kind is known speaks for the rest

unsigned network_bits(const IpAddress& address) { return address.is_v4() ? v4_bits : v6_bits; }

/// A kind, and its networks or the first of the networks its hosts are in.
struct Group {
    Kind kind = Kind::unknown;
    std::vector<Network> networks{};
};

class Zoning {
public:
    explicit Zoning(const Traffic& traffic) {
        for (const auto& [address, host] : traffic.hosts())
            if (host.has_spoken || host.kind != Kind::unknown) hosts_.emplace(address, host);
    }

    std::vector<Zone> zones() {
        find_kinds();
        find_runs();
        for (const auto& [address, host] : hosts_)
            if (address.is_v4()) place_apart(address, host.kind);
        place_v6();
        return named();
    }

private:
    using Counts = std::array<std::size_t, kinds_count>;

    /// What most hosts of each IPv4 network are, of those that do not stand for one system.
    void find_kinds() {
        std::map<Network, Counts> counts;
        for (const auto& [address, host] : hosts_)
            if (address.is_v4()) ++counts[network_of(address, v4_bits)][static_cast<std::size_t>(host.kind)];
        for (const auto& [network, of] : counts) kinds_[network] = main_kind(of);
    }
    static Kind main_kind(const Counts& counts) {
        auto best = Kind::unknown;
        std::size_t most = 0, all = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const auto kind = static_cast<Kind>(i);
            if (!is_one_system(kind)) all += counts.at(i);
            if (kind == Kind::unknown || is_one_system(kind) || counts.at(i) <= most) continue;
            best = kind;
            most = counts.at(i);
        }
        return most * known_share_min >= all ? best : Kind::unknown;
    }

    /// Networks of one kind, each beginning behind the last one, are one place.
    void find_runs() {
        std::optional<IpAddress> next;
        for (const auto& [network, kind] : kinds_) {
            if (groups_.empty() || groups_.back().kind != kind || next != network.address)
                groups_.push_back({.kind = kind});
            groups_.back().networks.push_back(network);
            of_network_[network] = groups_.size() - 1;
            next = behind(network.last());
        }
    }

    std::size_t group_of(const IpAddress& address) const {
        const auto apart = of_address_.find(address);
        return apart != of_address_.end() ? apart->second
                                          : of_network_.at(network_of(address, network_bits(address)));
    }

    void place_apart(const IpAddress& address, Kind kind) {
        const auto network = network_of(address, v4_bits);
        if (!stands_apart(kind) || kinds_.at(network) == kind) return;
        const auto place =
            is_one_system(kind) ? Network{} : groups_[of_network_.at(network)].networks.front();
        const auto [known, is_new] = apart_.emplace(std::pair{kind, place}, groups_.size());
        if (is_new) groups_.push_back({.kind = kind});
        groups_[known->second].networks.push_back(network_of(address, bits_of(address.family)));
        of_address_[address] = known->second;
    }

    /// Each /64 to the group that most of its devices are of by IPv4; those of another by their addresses.
    void place_v6() {
        std::map<Network, std::map<std::size_t, std::size_t>> votes;
        for (const auto& [address, host] : hosts_) {
            if (address.is_v4()) continue;
            auto& of = votes[network_of(address, v6_bits)];
            if (const auto group = home_group(host)) ++of[*group];
        }
        for (const auto& [network, of] : votes) {
            const auto most = std::ranges::max_element(of, {}, [](const auto& one) { return one.second; });
            if (most == of.end()) groups_.push_back({});
            const auto group = most == of.end() ? groups_.size() - 1 : most->first;
            groups_[group].networks.push_back(network);
            of_network_[network] = group;
        }
        for (const auto& [address, host] : hosts_) {
            if (address.is_v4()) continue;
            const auto group = home_group(host);
            if (group && *group != of_network_.at(network_of(address, v6_bits)))
                groups_[*group].networks.push_back(network_of(address, bits_of(address.family)));
        }
    }
    std::optional<std::size_t> home_group(const Host& host) const {
        if (!hosts_.contains(host.home)) return std::nullopt;
        return group_of(host.home);
    }

    std::vector<Zone> named() const {
        std::array<std::size_t, kinds_count> groups_of{};
        for (const auto& group : groups_) ++groups_of[static_cast<std::size_t>(group.kind)];
        std::vector<Zone> zones;
        std::set<std::string> names;
        for (const auto& group : groups_) {
            Zone zone{.name = std::string{zone_word(group.kind)}, .networks = aggregated(group.networks)};
            if (groups_of[static_cast<std::size_t>(group.kind)] > 1)
                zone.name += place_name(group.networks.front());
            while (!names.insert(zone.name).second)
                zone.name += "-b";   // servers among others, in one network
            zones.push_back(std::move(zone));
        }
        std::ranges::sort(zones, {}, &Zone::name);
        return zones;
    }

    /// `-10-20-16`, `-fd00-0-0-1`.
    static std::string place_name(const Network& network) {
        auto text = to_text(network_of(network.address, network_bits(network.address)).address);
        std::ranges::replace_if(
            text, [](char c) { return c == '.' || c == ':'; }, '-');
        if (network.address.is_v4()) text.resize(text.rfind('-'));
        while (text.ends_with('-')) text.pop_back();
        return "-" + text;
    }

    /// Halves of one network as that. Addresses stay alone: all of a network would be that network, which is
    /// of another zone.
    static std::vector<Network> aggregated(std::vector<Network> networks) {
        std::ranges::sort(networks, {}, [](const Network& one) {
            return std::pair{one.address.family, one};
        });
        std::vector<Network> out;
        for (const auto& network : networks) {
            out.push_back(network);
            while (out.size() > 1) {
                const auto& last = out.back();
                const auto whole = network_of(last.address, last.bits - 1);
                const auto& other = out[out.size() - 2];
                if (last.bits <= 1 || last.bits > network_bits(last.address) || other.bits != last.bits ||
                    other.address != whole.address || other.address == last.address)
                    break;
                out.pop_back();
                out.back() = whole;
            }
        }
        return out;
    }

    std::map<IpAddress, Host> hosts_;
    std::map<Network, Kind> kinds_;   // of IPv4
    std::vector<Group> groups_;
    std::map<Network, std::size_t> of_network_;
    std::map<IpAddress, std::size_t> of_address_;   // who stands apart
    std::map<std::pair<Kind, Network>, std::size_t> apart_;
};

}   // namespace

std::vector<Zone> zones_of(const Traffic& traffic) { return Zoning{traffic}.zones(); }

}   // namespace ward::segment
