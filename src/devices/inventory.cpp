// SPDX-License-Identifier: Apache-2.0
#include "devices/inventory.hpp"

#include <algorithm>

#include "devices/words.hpp"
#include "event/dhcp.hpp"
#include "event/flow.hpp"

namespace ward::devices {
namespace {

bool is_v6_loopback(const IpAddress& address) {
    const auto last = address.bytes.size() - 1;
    return address.bytes[last] == std::byte{1} &&
           std::all_of(address.bytes.begin(), address.bytes.begin() + last,
                       [](std::byte b) { return b == std::byte{0}; });
}

/// Loopback is no device's address, though captures on a host show it.
bool is_host(const IpAddress& address) {
    const bool none = std::ranges::all_of(address.bytes, [](std::byte b) { return b == std::byte{0}; });
    const bool loopback = (address.is_v4() && address.bytes[0] == std::byte{127}) ||
                          (!address.is_v4() && is_v6_loopback(address));
    return address.family != IpAddress::Family::none && !none && !loopback && !address.is_multicast() &&
           !address.is_broadcast();
}

void touch(Node& node, Time first, Time last) {
    node.first = std::min(node.first, first);
    node.last = std::max(node.last, last);
}

BindingLimits bounded(const InventoryLimits& limits) {
    auto bindings = limits.bindings;
    bindings.memory_max = std::min(bindings.memory_max, limits.memory_max / 4);
    return bindings;
}

bool is_clinical(Attribute attribute) {
    return attribute == Attribute::ae_title || attribute == Attribute::hl7_application;
}

}   // namespace

std::size_t memory_of(const Node& node) {
    // A node each of the list and of the hash table, its bucket, and what the allocator takes of each; and
    // what is remembered of what was told.
    constexpr std::size_t around = 8 * sizeof(void*) + sizeof(NodeKey) + 3 * 16;
    constexpr std::size_t told = 6 * sizeof(std::string) + 4 * sizeof(void*) + 2 * 16;
    return around + told + sizeof node + 2 * memory_of(node.key.behind) + node.dossier.memory() +
           node.hardware.capacity() * sizeof(Hardware);
}

Inventory::Inventory(InventoryLimits limits, Makers makers)
    : limits_(limits), makers_(std::move(makers)), bindings_(bounded(limits)) {
    inside_.size_max = limits.inside_max;
    outside_.size_max = limits.outside_max;
}

Node* Inventory::Table::find(const NodeKey& key) {
    const auto known = by_key.find(key);
    if (known == by_key.end()) return nullptr;
    recent.splice(recent.begin(), recent, known->second);
    return &recent.front();
}

void Inventory::Table::forget_oldest() {
    const auto& oldest = recent.back();
    const auto carrier = by_key.find({oldest.key.address, {}, {}});
    // A carrier that was forgotten and came back counts anew.
    const bool counted = carrier != by_key.end() && carrier->second->through > 0;
    if (!oldest.key.behind.empty() && counted) --carrier->second->through;
    memory -= oldest.counted;
    by_key.erase(NodeKey{oldest.key});
    recent.pop_back();
    ++evicted;
}

Inventory::Table& Inventory::table_of(const IpAddress& address) {
    const bool is_known_inside = address.family == IpAddress::Family::none || address.is_private() ||
                                 inside_.by_key.contains({address, {}, {}});
    return is_known_inside ? inside_ : outside_;
}

Node& Inventory::find_or_add(Table& table, const NodeKey& key, Time at) {
    if (auto* known = table.find(key)) return *known;
    if (table.by_key.size() >= table.size_max) table.forget_oldest();
    table.recent.push_front({key, {}, {}, at, at, 0, 0});
    table.by_key.emplace(key, table.recent.begin());
    count(table, table.recent.front());
    return table.recent.front();
}

/// `node` is the latest of its table, so that it stays.
void Inventory::count(Table& table, Node& node) {
    const auto now = memory_of(node);
    table.memory += now - node.counted;
    node.counted = now;
    const auto left = limits_.memory_max - std::min(bindings_.memory(), limits_.memory_max);
    while (inside_.memory + outside_.memory > left && outside_.recent.size() > 1) outside_.forget_oldest();
    while (inside_.memory + outside_.memory > left && inside_.recent.size() > 1) inside_.forget_oldest();
}

/// What is behind the address comes too.
void Inventory::take_inside(const IpAddress& address) {
    if (&table_of(address) == &inside_) return;
    const auto latest = inside_.recent.begin();
    for (auto node = outside_.recent.begin(); node != outside_.recent.end();) {
        const auto moved = node++;
        if (moved->key.address != address) continue;
        outside_.by_key.erase(moved->key);
        outside_.memory -= moved->counted;
        inside_.recent.splice(latest, outside_.recent, moved);
        inside_.by_key.emplace(moved->key, moved);
        inside_.memory += moved->counted;
    }
    while (inside_.by_key.size() > inside_.size_max) inside_.forget_oldest();
}

/// Nothing for a group's address, and for an address that is only heard of.
Node* Inventory::subject(const Subject& who, const event::Event& event) {
    using Kind = Subject::Kind;
    if (who.kind == Kind::hardware) {
        if (who.mac.is_zero() || who.mac.is_multicast()) return nullptr;
        return &find_or_add(inside_, {{}, who.mac, {}}, event.at);
    }
    if (who.kind == Kind::address) return table_of(who.address).find({who.address, {}, {}});
    const auto& end = who.kind == Kind::client ? event.between.client : event.between.server;
    // Which address is a subnet's broadcast is not known here, but its frames are.
    if (!is_host(end.address) || end.mac.is_multicast()) return nullptr;
    auto& table = table_of(end.address);
    auto& carrier = find_or_add(table, {end.address, {}, {}}, event.at);
    if (who.behind.empty()) return &carrier;
    touch(carrier, event.at, event.at);
    const NodeKey key{end.address, {}, who.behind.substr(0, Dossier::text_max)};
    if (auto* known = table.find(key)) return known;
    if (carrier.through >= limits_.behind_max) {
        ++behind_refused_;
        return nullptr;
    }
    ++carrier.through;
    return &find_or_add(table, key, event.at);
}

void Inventory::bind(const MacAddress& mac, const IpAddress& address, Binding how, std::string_view source,
                     Time at) {
    if (mac.is_zero() || mac.is_multicast() || !is_host(address)) return;
    bindings_.see(mac, address, how);
    auto& node = find_or_add(table_of(address), {address, {}, {}}, at);
    touch(node, at, at);
    if (how == Binding::claim) take_inside(address);
    const auto known = std::ranges::find_if(
        node.hardware, [&](const Hardware& line) { return line.mac == mac && line.source == source; });
    if (known != node.hardware.end()) {
        known->first = std::min(known->first, at);
        known->last = std::max(known->last, at);
        ++known->count;
        return;
    }
    if (node.hardware.size() >= Node::hardware_max)
        node.hardware.erase(std::ranges::min_element(node.hardware, {}, &Hardware::last));
    node.hardware.push_back({mac, source, at, at, 1, {}, {}});
    count(table_of(address), node);
}

void Inventory::see_frames(const event::Conversation& between, Time at, bool server_spoke) {
    bind(between.client.mac, between.client.address, Binding::frame, "frames", at);
    if (server_spoke) bind(between.server.mac, between.server.address, Binding::frame, "frames", at);
}

void Inventory::see_lease(const event::Event& event) {
    const auto* lease = event.what.as<event::Dhcp>();
    if (lease == nullptr) return;
    // RFC 2131, 4.3.1: the lease counts with the server's acknowledgement; a client that tells its address
    // has it.
    if (lease->type == "reply" && lease->dhcp_type == "ack")
        bind(lease->client_mac, v4_in(lease->assigned_ip), Binding::claim, "dhcp", event.at);
    if (lease->type == "request")
        bind(lease->client_mac, v4_in(lease->client_ip), Binding::claim, "dhcp", event.at);
}

void Inventory::observe(const event::Event& event) {
    if (const auto* flow = event.what.as<event::Flow>()) {
        if (flow->packets_to_server > 0) see_frames(event.between, flow->start, flow->packets_to_client > 0);
        for (const auto* end : {&event.between.client, &event.between.server})
            if (auto* node = table_of(end->address).find({end->address, {}, {}}))
                touch(*node, node->first, flow->end);
    } else if (const auto* arp = event.what.as<event::ArpBinding>()) {
        return bind(arp->mac, arp->address, Binding::claim, "arp", event.at);
    }
    see_lease(event);
    statements_.all.clear();
    learn(event, statements_);
    for (auto& statement : statements_.all) {
        auto* node = subject(statement.who, event);
        if (node == nullptr) continue;
        touch(*node, event.at, event.at);
        node->dossier.add({statement.attribute, std::move(statement.value), statement.source,
                           statement.confidence, event.at, event.at, 1});
        if (is_clinical(statement.attribute)) take_inside(node->key.address);
        count(table_of(node->key.address), *node);
    }
}

std::vector<Device> Inventory::devices() const {
    std::vector<const Node*> nodes;
    for (const auto& node : inside_.recent) nodes.push_back(&node);
    return form_devices(nodes, bindings_, makers_);
}

std::vector<event::Event> Inventory::announce(Time now) {
    std::vector<event::Event> events;
    std::unordered_map<std::string, Told> told;
    for (auto& device : devices()) {
        Told now_known{now, device.best(Attribute::role), device.best(Attribute::manufacturer),
                       device.best(Attribute::model), device.best(Attribute::software)};
        const auto before = told_.find(device.id);
        const bool is_new = before == told_.end();
        std::vector<std::string_view> changed;
        if (!is_new) {
            const auto compare = [&](std::string_view what, const std::string& was, const std::string& is) {
                if (was != is) changed.push_back(what);
            };
            compare("role", before->second.role, now_known.role);
            compare("manufacturer", before->second.manufacturer, now_known.manufacturer);
            compare("model", before->second.model, now_known.model);
            compare("software", before->second.software, now_known.software);
            const bool soon = now - before->second.at < limits_.announce_every;
            if (changed.empty() || soon) {
                told.insert(told_.extract(before));
                continue;
            }
        }
        event::DeviceNews news{is_new ? "new" : "changed", device.id,         device.title(),
                               device.addresses,           device.behind,     now_known.role,
                               now_known.manufacturer,     now_known.model,   now_known.software,
                               device.criticality.level,   std::move(changed)};
        events.push_back({now, 0, {}, std::move(news)});
        told.emplace(device.id, std::move(now_known));
    }
    told_ = std::move(told);
    return events;
}

InventoryCounts Inventory::counts() const {
    return {inside_.evicted, outside_.evicted,       bindings_.evicted(),
            behind_refused_, outside_.recent.size(), inside_.memory + outside_.memory + bindings_.memory()};
}

}   // namespace ward::devices
