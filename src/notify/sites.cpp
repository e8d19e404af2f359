// SPDX-License-Identifier: Apache-2.0
#include "notify/sites.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "core/utf8.hpp"

namespace ward::notify {
namespace {

constexpr std::array outside_kinds{"indicator", "beacon", "exfiltration"};

unsigned bits_of(IpAddress::Family family) { return family == IpAddress::Family::v4 ? 32 : 128; }

IpAddress masked(IpAddress address, unsigned bits) {
    for (std::size_t i = 0; i < address.bytes.size(); ++i) {
        const auto kept = std::min(8U, bits - std::min(bits, static_cast<unsigned>(8 * i)));
        address.bytes.at(i) &= static_cast<std::byte>(0xff00U >> kept);
    }
    return address;
}

std::string as_indicator(std::string_view text) {
    if (text.ends_with('.')) text.remove_suffix(1);
    return lowered(text);
}

}   // namespace

Result<Sites> Sites::parse(std::span<const std::string> texts) {
    Sites sites;
    for (const auto& text : texts) {
        auto rest = trimmed(text);
        const auto site = take_until(rest, ' ');
        rest = trimmed(rest);
        if (site.empty() || !is_printable(site) || rest.empty())
            return fail(Errc::malformed, "a site is a name and its networks, as in \"north 10.1.0.0/16\"");
        while (!rest.empty()) {
            auto network = take_until(rest, ' ');
            rest = trimmed(rest);
            const std::string whole{network};
            const auto address = parse_ip_address(take_until(network, '/'));
            const auto bits = number(network);
            if (!address || !bits || *bits > bits_of(address->family))
                return fail(Errc::malformed, "site " + std::string{site} + ": " + whole + " is no network");
            const auto narrow = static_cast<unsigned>(*bits);
            sites.networks_.push_back({masked(*address, narrow), narrow, std::string{site}});
        }
    }
    return sites;
}

const Sites::Network* Sites::network_of(const IpAddress& address) const {
    const Network* narrowest = nullptr;
    for (const auto& network : networks_)
        if (masked(address, network.bits) == network.address &&
            (narrowest == nullptr || network.bits > narrowest->bits))
            narrowest = &network;
    return narrowest;
}

std::string Sites::site_of(const IpAddress& address) const {
    if (const auto* network = network_of(address)) return network->site;
    const unsigned bits = address.is_v4() ? 16 : 48;
    return to_text(masked(address, bits)) + "/" + std::to_string(bits);
}

bool Sites::is_inside(const IpAddress& address) const {
    return address.is_private() || network_of(address) != nullptr;
}

std::vector<std::string> indicators_of(std::string_view kind, std::span<const std::string> systems,
                                       const Sites& sites) {
    std::vector<std::string> names, addresses;
    if (systems.empty() || std::ranges::find(outside_kinds, kind) == outside_kinds.end()) return names;
    for (const auto& system : systems.subspan(1)) {   // the first is who calls
        const auto address = parse_ip_address(system);
        if (!address)
            names.push_back(as_indicator(system));
        else if (!sites.is_inside(*address))
            addresses.push_back(to_text(*address));
    }
    names.insert(names.end(), addresses.begin(), addresses.end());
    return names;
}

std::vector<std::string> Sightings::see(const std::string& indicator, const std::string& site, Time at) {
    auto& seen = seen_.at(indicator);
    std::erase_if(seen, [&](const auto& one) { return at - one.second > limits_.together; });
    const auto known = seen.find(site);
    if (known != seen.end()) {
        known->second = std::max(known->second, at);
        return {};
    }
    if (seen.size() >= limits_.sites_max) return {};
    seen.emplace(site, at);
    std::vector<std::string> sites;
    if (seen.size() > 1)
        for (const auto& one : seen) sites.push_back(one.first);
    return sites;
}

}   // namespace ward::notify
