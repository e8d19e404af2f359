// SPDX-License-Identifier: Apache-2.0
// Which hardware address stands for which IP addresses, and which stand for nobody.
#pragma once

#include <cstdint>
#include <list>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "devices/evidence.hpp"

namespace ward::devices {

/// How an address came to a hardware address: by its own word (ARP, DHCP), or only in frames, which a router
/// sends for others.
enum class Binding : std::uint8_t { frame, claim };

struct BindingLimits {
    std::size_t hardware_max = 200'000;
    std::size_t memory_max = std::size_t{16} << 20;
    std::size_t addresses_max = 64;   // remembered of one hardware address
    unsigned foreign_v4_max = 8;      // in its frames, without a claim: with more it routes
    unsigned foreign_v6_max = 32;     // hosts have several of their own (RFC 8981)
};

/// RFC 5798, 7.3 and RFC 2281: addresses that a group of routers share.
bool is_virtual_router(const MacAddress& mac);

/// Bounded: the hardware address that was silent longest is forgotten first.
class Bindings {
public:
    explicit Bindings(BindingLimits limits = {}) : limits_(limits) {}

    void see(const MacAddress& mac, const IpAddress& address, Binding how);
    /// It routes, or is shared by routers: it is the hardware address of no host behind it.
    bool is_router(const MacAddress& mac) const;
    bool has_claimed(const MacAddress& mac, const IpAddress& address) const;
    std::uint64_t evicted() const noexcept { return evicted_; }
    std::size_t memory() const noexcept { return memory_; }

private:
    struct Bound {
        IpAddress address;
        Binding how;
    };
    struct Hardware {
        MacAddress mac;
        std::vector<Bound> bound;
        bool routes = false;   // once seen, it stays
    };
    struct Hash {
        std::size_t operator()(const MacAddress& mac) const noexcept;
    };
    static std::size_t memory_of(const Hardware& hardware);
    Hardware& find_or_add(const MacAddress& mac);
    void forget_oldest();
    void judge(Hardware& hardware) const;

    BindingLimits limits_;
    std::list<Hardware> recent_;   // the latest first
    std::unordered_map<MacAddress, std::list<Hardware>::iterator, Hash> by_mac_;
    std::size_t memory_ = 0;
    std::uint64_t evicted_ = 0;
};

/// Link-local addresses are never forwarded (RFC 4291, 2.5.6): the frame's sender has it.
bool is_link_local(const IpAddress& address);

}   // namespace ward::devices
