// SPDX-License-Identifier: Apache-2.0
#include "lab/device_maker.hpp"

#include <fmt/format.h>

namespace ward::lab {

/// Feistel's network, of two halves of 12 bits.
std::uint32_t mixed(std::uint32_t number, std::uint64_t key) {
    constexpr std::uint32_t half = 0xfff;
    auto left = number >> 12 & half, right = number & half;
    for (std::uint64_t round = 0; round < 4; ++round) {
        const auto next = left ^ static_cast<std::uint32_t>(Random{key}.stream(round).stream(right).next());
        left = right;
        right = next & half;
    }
    return left << 12 | right;
}

Device DeviceMaker::make(const DeviceWish& wish, const Product& product) {
    const auto low = mixed(++made_, key_);
    Device device;
    device.kind = wish.kind;
    device.vlan = wish.vlan;
    device.site = wish.site;
    device.vendor = product.vendor;
    device.model = product.model;
    device.serial = fmt::format("{}{:08}", product.vendor.substr(0, 2), random_.below(100'000'000));
    for (std::size_t i = 0; i < 3; ++i) {
        device.mac[i] = static_cast<std::uint8_t>(product.oui >> (16 - 8 * i));
        device.mac[i + 3] = static_cast<std::uint8_t>(low >> (16 - 8 * i));
    }
    device.name = product.name.empty()
                      ? fmt::format("{}{:04}", wish.prefix, ++numbers_[static_cast<std::size_t>(wish.kind)])
                      : fmt::format("{}{:06X}{:06X}", product.name, product.oui, low);
    if (product.digits < 12) device.name.erase(product.name.size(), 12 - product.digits);
    device.address = network_.next_address(wish.vlan, wish.site);
    return device;
}

}   // namespace ward::lab
