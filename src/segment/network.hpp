// SPDX-License-Identifier: Apache-2.0
// Networks, and the addresses that they leave to each other.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/address.hpp"

namespace ward::segment {

unsigned bits_of(IpAddress::Family family);

/// Addresses that begin with the same bits; with all bits, one address.
struct Network {
    IpAddress address;   // the bits behind are zero
    unsigned bits = 0;

    auto operator<=>(const Network&) const = default;
    bool is_address() const { return bits == bits_of(address.family); }
    IpAddress last() const;
};

Network network_of(const IpAddress& address, unsigned bits);
/// `10.20.0.0/16`, or an address. Nothing for anything else, and for one with bits behind its prefix: there
/// whoever wrote it meant another one.
std::optional<Network> parse_network(std::string_view text);
/// An address without its number of bits.
std::string to_text(const Network& network);

/// Addresses of one family in a row, before those of another: as they compare themselves, they mingle.
inline auto in_order(const IpAddress& address) { return std::tie(address.family, address.bytes); }

/// From the first to the last, both of one family.
struct Span {
    IpAddress first;
    IpAddress last;
    bool operator==(const Span&) const = default;
    bool holds(const IpAddress& address) const {
        return in_order(first) <= in_order(address) && in_order(address) <= in_order(last);
    }
};
/// As in_order() has them, and none touches another.
using Spans = std::vector<Span>;

/// In any order and with any overlap, as Spans.
Spans joined(std::vector<Span> spans);
/// What is left of `from`; both of one family.
Spans without(const Spans& from, const Spans& taken);
/// All of that family that is neither private nor for several, as IpAddress has it.
Spans public_addresses(IpAddress::Family family);

/// The address before or behind; nothing where there is none.
std::optional<IpAddress> before(IpAddress address);
std::optional<IpAddress> behind(IpAddress address);

}   // namespace ward::segment
