// SPDX-License-Identifier: Apache-2.0
// Events in, inventory out. Time is the events'; memory is bounded.
#pragma once

#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "devices/bindings.hpp"
#include "devices/device.hpp"
#include "devices/makers.hpp"
#include "devices/statements.hpp"
#include "event/device.hpp"

namespace ward::devices {

struct InventoryLimits {
    /// Of what is remembered, bytes. While devices are told, what is told of them takes as much again.
    std::size_t memory_max = std::size_t{64} << 20;
    std::size_t inside_max = 200'000;   // addresses of one's own network, and devices behind them
    std::size_t outside_max = 20'000;   // all others
    std::uint32_t behind_max = 4096;    // devices behind one address: names are cheap to make up
    BindingLimits bindings;
    std::chrono::hours announce_every{1};   // of one device, at most
};

struct InventoryCounts {
    std::uint64_t inside_evicted = 0;
    std::uint64_t outside_evicted = 0;
    std::uint64_t hardware_evicted = 0;
    std::uint64_t behind_refused = 0;   // statements of devices that were one too many behind an address
    std::uint64_t outside = 0;          // addresses that are not of one's own network, and are not reported
    std::size_t memory = 0;             // bytes

    /// How often an address or a device was left out because there were too many.
    std::uint64_t forgotten() const noexcept {
        return inside_evicted + outside_evicted + hardware_evicted + behind_refused;
    }
};

/// Of one thread. An address is outside if it is public, nobody on the network ever claimed it by ARP or
/// DHCP, and it never spoke anything clinical. What is outside goes first where memory is short: it is not
/// reported.
class Inventory {
public:
    explicit Inventory(InventoryLimits limits = {}, Makers makers = {});

    void observe(const event::Event& event);
    /// Everything that is known now, by address.
    std::vector<Device> devices() const;
    /// Devices that are new since the last call, or of which role, manufacturer, model or software changed;
    /// of each at most one event in `announce_every`. Call it every minute or so.
    std::vector<event::Event> announce(Time now);
    InventoryCounts counts() const;

private:
    /// Addresses in the order of their last evidence.
    struct Table {
        Node* find(const NodeKey& key);
        void forget_oldest();

        std::size_t size_max = 0;
        std::size_t memory = 0;
        std::list<Node> recent;   // the latest first
        std::unordered_map<NodeKey, std::list<Node>::iterator, NodeKeyHash> by_key;
        std::uint64_t evicted = 0;
    };
    struct Told {
        Time at{};
        std::string role, manufacturer, model, software;
    };

    Table& table_of(const IpAddress& address);
    Node& find_or_add(Table& table, const NodeKey& key, Time at);
    void take_inside(const IpAddress& address);
    void count(Table& table, Node& node);
    Node* subject(const Subject& who, const event::Event& event);
    void bind(const MacAddress& mac, const IpAddress& address, Binding how, std::string_view source, Time at);
    void see_frames(const event::Conversation& between, Time at, bool server_spoke);
    void see_lease(const event::Event& event);

    InventoryLimits limits_;
    Makers makers_;
    Table inside_;
    Table outside_;
    Bindings bindings_;
    Statements statements_;
    std::uint64_t behind_refused_ = 0;
    std::unordered_map<std::string, Told> told_;   // by the device's id; those that are gone are forgotten
};

}   // namespace ward::devices
