// SPDX-License-Identifier: Apache-2.0
#include "segment/network.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "core/text.hpp"

namespace ward::segment {
namespace {

constexpr auto all_bits = std::byte{0xff};

std::size_t bytes_of(const IpAddress& address) { return bits_of(address.family) / 8; }

}   // namespace

unsigned bits_of(IpAddress::Family family) { return family == IpAddress::Family::v4 ? 32 : 128; }

IpAddress Network::last() const {
    auto end = address;
    for (unsigned i = 0; i < bytes_of(address); ++i) {
        const unsigned kept = bits > i * 8 ? std::min(8U, bits - i * 8) : 0;
        end.bytes[i] |= static_cast<std::byte>(0xFFU >> kept);
    }
    return end;
}

Network network_of(const IpAddress& address, unsigned bits) {
    Network network{address, bits};
    for (unsigned i = 0; i < bytes_of(address); ++i) {
        const unsigned kept = bits > i * 8 ? std::min(8U, bits - i * 8) : 0;
        network.address.bytes[i] &= static_cast<std::byte>(0xFF00U >> kept & 0xFFU);
    }
    return network;
}

std::optional<Network> parse_network(std::string_view text) {
    const auto address = parse_ip_address(take_until(text, '/'));
    if (!address) return std::nullopt;
    const auto all = bits_of(address->family);
    const auto bits = text.empty() ? all : number(text);
    if (!bits || *bits > all) return std::nullopt;
    const auto network = network_of(*address, static_cast<unsigned>(*bits));
    if (network.address != *address) return std::nullopt;
    return network;
}

std::string to_text(const Network& network) {
    auto text = to_text(network.address);
    if (!network.is_address()) text += "/" + std::to_string(network.bits);
    return text;
}

std::optional<IpAddress> before(IpAddress address) {
    for (auto i = bytes_of(address); i-- > 0;) {
        const auto byte = std::to_integer<unsigned>(address.bytes[i]);
        address.bytes[i] = static_cast<std::byte>(byte - 1U);
        if (byte != 0) return address;
    }
    return std::nullopt;
}

std::optional<IpAddress> behind(IpAddress address) {
    for (auto i = bytes_of(address); i-- > 0;) {
        const auto byte = address.bytes[i];
        address.bytes[i] = static_cast<std::byte>(std::to_integer<unsigned>(byte) + 1U);
        if (byte != all_bits) return address;
    }
    return std::nullopt;
}

Spans joined(std::vector<Span> spans) {
    std::ranges::sort(spans, {}, [](const Span& span) { return in_order(span.first); });
    Spans out;
    for (const auto& span : spans) {
        const auto next = out.empty() ? std::nullopt : behind(out.back().last);
        const bool touches =
            !out.empty() && out.back().last.family == span.first.family && (!next || span.first <= *next);
        if (touches)
            out.back().last = std::max(out.back().last, span.last);
        else
            out.push_back(span);
    }
    return out;
}

Spans without(const Spans& from, const Spans& taken) {
    Spans out;
    auto other = taken.begin();
    for (auto span : from) {
        while (other != taken.end() && other->last < span.first) ++other;
        std::optional<IpAddress> next = span.first;
        for (auto cut = other; next && cut != taken.end() && cut->first <= span.last; ++cut) {
            if (cut->last < *next) continue;
            if (*next < cut->first) out.push_back({*next, *before(cut->first)});
            next = cut->last < span.last ? behind(cut->last) : std::nullopt;
        }
        if (next) out.push_back({*next, span.last});
    }
    return out;
}

Spans public_addresses(IpAddress::Family family) {
    // As IpAddress::is_private(), is_multicast() and is_broadcast() have them, and "this network" (RFC 1122).
    static constexpr auto v4 = std::to_array<std::string_view>(
        {"0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
         "224.0.0.0/4", "255.255.255.255"});
    static constexpr auto v6 =
        std::to_array<std::string_view>({"::/127", "fc00::/7", "fe80::/10", "ff00::/8"});
    std::vector<Span> taken;
    const auto take = [&](std::string_view text) {
        const auto network = parse_network(text);
        WARD_ASSERT(network.has_value());
        taken.push_back({network->address, network->last()});
    };
    if (family == IpAddress::Family::v4)
        for (const auto text : v4) take(text);
    else
        for (const auto text : v6) take(text);
    const Network all{.address = {.bytes = {}, .family = family}, .bits = 0};
    return without({{all.address, all.last()}}, joined(std::move(taken)));
}

}   // namespace ward::segment
