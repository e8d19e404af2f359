// SPDX-License-Identifier: Apache-2.0
#include "devices/bindings.hpp"

#include <algorithm>

namespace ward::devices {

bool is_virtual_router(const MacAddress& mac) {
    std::uint64_t number = 0;
    for (const auto byte : mac.bytes) number = number << 8U | std::to_integer<unsigned>(byte);
    const auto prefix = number >> 8U;   // five bytes
    return prefix == 0x00'00'5e'00'01 || prefix == 0x00'00'5e'00'02 || prefix == 0x00'00'0c'07'ac ||
           prefix >> 8U == 0x00'00'0c'9f;
}

bool is_link_local(const IpAddress& address) {
    return address.family == IpAddress::Family::v6 && address.bytes[0] == std::byte{0xfe} &&
           (address.bytes[1] & std::byte{0xc0}) == std::byte{0x80};
}

std::size_t Bindings::Hash::operator()(const MacAddress& mac) const noexcept {
    std::uint64_t number = 0;
    for (const auto byte : mac.bytes) number = number << 8U | std::to_integer<unsigned>(byte);
    return static_cast<std::size_t>((number * 0x9e3779b97f4a7c15U) >> 16U);
}

std::size_t Bindings::memory_of(const Hardware& hardware) {
    // A node each of the list and of the hash table, its bucket, and what the allocator takes of each.
    constexpr std::size_t around = 8 * sizeof(void*) + sizeof(MacAddress) + 3 * 16;
    return around + sizeof hardware + hardware.bound.capacity() * sizeof(Bound);
}

void Bindings::forget_oldest() {
    memory_ -= memory_of(recent_.back());
    by_mac_.erase(recent_.back().mac);
    recent_.pop_back();
    ++evicted_;
}

Bindings::Hardware& Bindings::find_or_add(const MacAddress& mac) {
    const auto known = by_mac_.find(mac);
    if (known != by_mac_.end()) {
        recent_.splice(recent_.begin(), recent_, known->second);
        return recent_.front();
    }
    if (by_mac_.size() >= limits_.hardware_max) forget_oldest();
    recent_.push_front({mac, {}, false});
    memory_ += memory_of(recent_.front());
    by_mac_.emplace(mac, recent_.begin());
    return recent_.front();
}

void Bindings::judge(Hardware& hardware) const {
    unsigned v4 = 0;
    unsigned v6 = 0;
    for (const auto& bound : hardware.bound)
        if (bound.how == Binding::frame) ++(bound.address.is_v4() ? v4 : v6);
    if (v4 > limits_.foreign_v4_max || v6 > limits_.foreign_v6_max) hardware.routes = true;
}

void Bindings::see(const MacAddress& mac, const IpAddress& address, Binding how) {
    if (is_link_local(address)) how = Binding::claim;
    auto& hardware = find_or_add(mac);
    const auto known = std::ranges::find(hardware.bound, address, &Bound::address);
    if (known != hardware.bound.end()) {
        known->how = std::max(known->how, how);
        return;
    }
    if (hardware.bound.size() >= limits_.addresses_max) {
        // Claims outlive what passed in frames.
        const auto oldest = std::ranges::find(hardware.bound, Binding::frame, &Bound::how);
        hardware.bound.erase(oldest != hardware.bound.end() ? oldest : hardware.bound.begin());
    }
    memory_ -= memory_of(hardware);
    hardware.bound.push_back({address, how});
    memory_ += memory_of(hardware);
    judge(hardware);
    while (memory_ > limits_.memory_max && recent_.size() > 1) forget_oldest();
}

bool Bindings::is_router(const MacAddress& mac) const {
    if (is_virtual_router(mac)) return true;
    const auto known = by_mac_.find(mac);
    return known != by_mac_.end() && known->second->routes;
}

bool Bindings::has_claimed(const MacAddress& mac, const IpAddress& address) const {
    const auto known = by_mac_.find(mac);
    if (known == by_mac_.end()) return false;
    return std::ranges::any_of(known->second->bound, [&](const Bound& bound) {
        return bound.address == address && bound.how == Binding::claim;
    });
}

}   // namespace ward::devices
