// SPDX-License-Identifier: Apache-2.0
#include "devices/device.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "devices/words.hpp"
#include "event/fields.hpp"

namespace ward::devices {
namespace {

using Nodes = std::vector<const Node*>;

bool has_address(const Node& node) { return node.key.address.family != IpAddress::Family::none; }
bool is_v4(const Node* node) { return node->key.address.is_v4(); }

/// IPv4 first, then as the addresses count: what people expect of a list.
bool is_before(const Node* a, const Node* b) {
    return std::tie(a->key.address.family, a->key.address, a->key.mac, a->key.behind) <
           std::tie(b->key.address.family, b->key.address, b->key.mac, b->key.behind);
}

/// The hardware address that names the host, if one does: the one it claimed last, or was seen with last.
MacAddress own_hardware(const Node& node, const Bindings& bindings) {
    const Hardware* best = nullptr;
    bool best_claimed = false;
    for (const auto& line : node.hardware) {
        const bool claimed = bindings.has_claimed(line.mac, node.key.address);
        if (is_virtual_router(line.mac) || (bindings.is_router(line.mac) && !claimed)) continue;
        const bool better =
            best == nullptr || std::pair{claimed, line.last} > std::pair{best_claimed, best->last};
        if (!better) continue;
        best = &line;
        best_claimed = claimed;
    }
    return best != nullptr ? best->mac : MacAddress{};
}

/// Whether the IPv4 addresses of one hardware address are one host's: it moved from one to the next, or has
/// two and says so. More at once are a gateway's, a proxy's or virtual hosts': nothing tells how many.
bool is_one_host(Nodes v4, const MacAddress& mac, const Bindings& bindings) {
    if (v4.size() < 2) return true;
    for (const auto* node : v4)
        if (!bindings.has_claimed(mac, node->key.address)) return false;
    std::ranges::sort(v4, {}, &Node::first);
    bool one_after_the_other = true;
    for (std::size_t i = 1; i < v4.size(); ++i)
        if (v4[i]->first < v4[i - 1]->last) one_after_the_other = false;
    return one_after_the_other || v4.size() == 2;
}

void add(Device& device, const Node& node) {
    const bool begins = device.first == Time{} && device.last == Time{};
    device.first = begins ? node.first : std::min(device.first, node.first);
    device.last = std::max(device.last, node.last);
    if (has_address(node) && node.key.behind.empty()) device.addresses.push_back(node.key.address);
    device.dossier.join(node.dossier);
    for (const auto& line : node.hardware) device.hardware.push_back(line);
}

Device device_of(const Nodes& nodes) {
    Device device;
    const auto& key = nodes.front()->key;
    device.id = has_address(*nodes.front()) ? to_text(key.address) : to_text(key.mac);
    for (const auto* node : nodes) add(device, *node);
    return device;
}

std::string_view remark_of(const MacAddress& mac, const Bindings& bindings) {
    if (is_virtual_router(mac)) return "shared by routers";
    if (bindings.is_router(mac)) return "a router's";
    return mac.is_local() ? "set by software" : std::string_view{};
}

void explain_hardware(Device& device, const Bindings& bindings, const Makers& makers) {
    std::set<MacAddress> claimants;
    for (auto& line : device.hardware) {
        line.remark = remark_of(line.mac, bindings);
        line.maker = makers.of(line.mac);
        if (line.source == "arp" && !is_virtual_router(line.mac)) claimants.insert(line.mac);
        const bool own = std::ranges::any_of(
            device.addresses, [&](const auto& address) { return bindings.has_claimed(line.mac, address); });
        const bool names = line.remark != "shared by routers" && (own || line.remark != "a router's");
        if (names && !line.maker.empty())
            device.dossier.add(
                {Attribute::manufacturer, line.maker, "hardware address", 35, line.first, line.last, 1});
        const bool routes = line.remark == "a router's" && own;
        if (routes || (line.remark == "shared by routers" && line.source == "arp"))
            device.dossier.add({Attribute::role, std::string{roles::network_gear},
                                "its frames carry the addresses of others", 80, line.first, line.last, 1});
    }
    if (claimants.size() > device.addresses.size())
        device.flags.push_back({"several hardware addresses claim one address",
                                std::to_string(claimants.size()) + " claimed it by ARP", true});
}

/// The same serial number twice is a default that nobody changed, a copy, or two networks of one device.
void flag_shared_serials(std::vector<Device>& devices) {
    std::map<std::pair<std::string, std::string>, std::vector<Device*>> holders;
    for (auto& device : devices) {
        const auto serial = device.best(Attribute::serial);
        if (!serial.empty()) holders[{serial, device.best(Attribute::model)}].push_back(&device);
    }
    for (const auto& [serial, found] : holders) {
        if (found.size() < 2) continue;
        for (auto* device : found)
            device->flags.push_back({"the same serial number on several devices",
                                     serial.first + " on " + std::to_string(found.size()), true});
    }
}

/// Joins nodes in the order of their addresses.
class Forming {
public:
    Forming(const std::vector<const Node*>& nodes, const Bindings& bindings, const Makers& makers)
        : bindings_(bindings), makers_(makers) {
        for (const auto* node : nodes) sort_in(node);
    }

    std::vector<Device> form() {
        for (auto& [mac, group] : groups_) join(mac, group);
        for (const auto* node : alone_) add_device({node});
        for (const auto& [mac, node] : hardware_only_) add_device({node});
        return std::move(devices_);
    }

private:
    void sort_in(const Node* node) {
        if (!node->key.behind.empty()) {
            behind_[node->key.address].push_back(node);
        } else if (!has_address(*node)) {
            hardware_only_.emplace(node->key.mac, node);
        } else if (const auto mac = own_hardware(*node, bindings_); !mac.is_zero()) {
            groups_[mac].push_back(node);
        } else {
            alone_.push_back(node);
        }
    }

    void join(const MacAddress& mac, Nodes& group) {
        std::ranges::sort(group, is_before);
        Nodes v4;
        std::ranges::copy_if(group, std::back_inserter(v4), is_v4);
        if (is_one_host(v4, mac, bindings_)) {
            const auto leased = hardware_only_.find(mac);
            if (leased != hardware_only_.end()) group.push_back(leased->second);
            if (leased != hardware_only_.end()) hardware_only_.erase(leased);
            return add_device(group);
        }
        for (const auto* node : group) {
            add_device({node});
            devices_[own_].flags.push_back({"shares its hardware address with other addresses",
                                            to_text(mac) + " has " + std::to_string(group.size()) +
                                                ": a gateway, a router or virtual hosts"});
        }
    }

    /// One that speaks alone through an address is taken to be what has the address.
    void add_device(const Nodes& nodes) {
        auto device = device_of(nodes);
        Nodes through;
        for (const auto* node : nodes)
            if (has_address(*node))
                std::ranges::copy(behind_[node->key.address], std::back_inserter(through));
        std::ranges::sort(through, is_before);
        if (through.size() == 1) add(device, *through.front());
        if (through.size() == 1) through.clear();
        explain_hardware(device, bindings_, makers_);
        const auto own = devices_.size();
        devices_.push_back(std::move(device));
        conclude(devices_[own], through.size());
        for (const auto* node : through) {
            Device other;
            other.behind = devices_[own].id;
            other.id = other.behind + "#" + node->key.behind;
            add(other, *node);
            conclude(other, 0);
            // What its devices lose without it, it is worth.
            if (other.criticality.level == "life-critical")
                devices_[own].criticality = {"life-critical", "life-critical devices speak through it"};
            devices_.push_back(std::move(other));
        }
        own_ = own;
    }

    const Bindings& bindings_;
    const Makers& makers_;
    std::map<MacAddress, Nodes> groups_;
    Nodes alone_;
    std::map<MacAddress, const Node*> hardware_only_;
    std::map<IpAddress, Nodes> behind_;
    std::vector<Device> devices_;
    std::size_t own_ = 0;   // of the device added last, before those behind it
};

}   // namespace

std::size_t NodeKeyHash::operator()(const NodeKey& key) const noexcept {
    std::uint64_t hash = std::hash<std::string_view>{}(key.behind);
    const auto mix = [&](std::byte b) { hash = (hash ^ std::to_integer<std::uint64_t>(b)) * 0x100000001b3U; };
    std::ranges::for_each(key.address.bytes, mix);
    std::ranges::for_each(key.mac.bytes, mix);
    return static_cast<std::size_t>(hash ^ hash >> 32U);
}

std::string Device::title() const {
    using enum Attribute;
    for (const auto attribute : {hostname, ae_title, hl7_application, identifier})
        if (auto known = best(attribute); !known.empty()) return known;
    return id;
}

std::vector<std::string_view> Device::conflicts() const {
    std::vector<std::string_view> found;
    for (std::size_t i = 0; i < attributes; ++i) {
        const auto attribute = static_cast<Attribute>(i);
        if (!is_single(attribute)) continue;
        std::set<std::string> values;
        // Sources tell a system's version more or less exactly; only another system is a conflict.
        for (const auto& belief : dossier.beliefs(attribute))
            values.emplace(attribute == Attribute::operating_system ? system_family(belief.value)
                                                                    : std::string_view{belief.value});
        if (values.size() > 1) found.push_back(name(attribute));
    }
    return found;
}

std::vector<Device> form_devices(const std::vector<const Node*>& nodes, const Bindings& bindings,
                                 const Makers& makers) {
    auto devices = Forming{nodes, bindings, makers}.form();
    flag_shared_serials(devices);
    const auto key = [](const Device& device) {
        return std::tuple{device.addresses.empty(),
                          device.addresses.empty() ? IpAddress{} : device.addresses.front(), device.id};
    };
    std::ranges::sort(devices, {}, key);
    return devices;
}

void append_json(std::string& out, const Device& device) {
    json::Writer writer{out};
    event::Fields fields{writer};
    writer.begin_object();
    device.fields(fields);
    writer.end_object();
    out += '\n';
}

}   // namespace ward::devices
