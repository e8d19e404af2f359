// SPDX-License-Identifier: Apache-2.0
// Where the house's devices come from.
#pragma once

#include "lab/network.hpp"

namespace ward::lab {

/// With a block of addresses that the IEEE's registry lists as the vendor's.
struct Product {
    std::string_view vendor;
    std::string_view model;
    std::uint32_t oui = 0;
    std::string_view name{};   // as it calls itself, with digits of its hardware address; empty: as the house
    std::size_t digits = 12;
};

struct DeviceWish {
    DeviceKind kind{};
    Vlan vlan{};
    int site = 0;
    std::string_view prefix;   // of the names that the house gives
};

/// No two have the same hardware address, and neighbours' tell nothing of each other. Borrows the network, of
/// which each gets the next address in its VLAN.
class DeviceMaker {
public:
    DeviceMaker(Network& network, Random random) : network_(network), random_(random) {}

    Device make(const DeviceWish& wish, const Product& product);

private:
    Network& network_;
    Random random_;
    std::uint64_t key_ = random_.next();
    std::uint32_t made_ = 0;
    std::array<int, static_cast<std::size_t>(DeviceKind::media_server) + 1> numbers_{};   // of each kind
};

/// Another number below 2^24 for each, by a key: no two give the same.
std::uint32_t mixed(std::uint32_t number, std::uint64_t key);

}   // namespace ward::lab
