// SPDX-License-Identifier: Apache-2.0
// What was seen under one address, and the devices that these sightings make.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "devices/bindings.hpp"
#include "devices/evidence.hpp"
#include "devices/makers.hpp"
#include "devices/roles.hpp"

namespace ward::devices {

/// An address; or a hardware address whose address is not known yet; or a device behind an address.
struct NodeKey {
    IpAddress address;
    MacAddress mac;
    std::string behind;

    bool operator==(const NodeKey&) const = default;
};

struct NodeKeyHash {
    std::size_t operator()(const NodeKey& key) const noexcept;
};

/// A hardware address that an address was seen with.
struct Hardware {
    MacAddress mac;
    std::string_view source;   // arp, dhcp, frames
    Time first{};
    Time last{};
    std::uint64_t count = 0;
    std::string maker;         // who was given its number, where that is known
    std::string_view remark;   // what keeps it from naming one device

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("mac", mac);
        visit("source", source);
        visit("first", first);
        visit("last", last);
        visit("count", count);
        visit("maker", maker);
        visit("remark", remark);
    }
};

struct Node {
    static constexpr std::size_t hardware_max = 8;

    NodeKey key;
    Dossier dossier;
    std::vector<Hardware> hardware;
    Time first{};
    Time last{};
    std::uint32_t through = 0;   // nodes behind it
    std::size_t counted = 0;     // bytes of it in the inventory's sum
};

/// Bytes, with what holds and finds it.
std::size_t memory_of(const Node& node);

/// What a person should know before believing the rest.
struct Flag {
    std::string_view flag;
    std::string grounds;
    bool doubts_identity = false;   // whether it may be several devices, or another one

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("flag", flag);
        visit("grounds", grounds);
    }
};

/// The attributes as one JSON object, each with its beliefs.
struct Attributes {
    const Dossier& dossier;   // of the device that is written

    template <class Visitor>
    void fields(Visitor&& visit) const {
        for (std::size_t i = 0; i < attributes; ++i)
            visit(name(static_cast<Attribute>(i)), dossier.beliefs(static_cast<Attribute>(i)));
    }
};

struct Device {
    std::string id;   // lasts as long as its first address, or its place behind another one
    std::vector<IpAddress> addresses;
    std::string behind;   // the id of the device through which it speaks
    std::vector<Hardware> hardware;
    Dossier dossier;
    Time first{};
    Time last{};
    std::vector<Flag> flags;
    Criticality criticality;

    std::string best(Attribute attribute) const { return dossier.best(attribute); }
    /// How people would call it: a name it has for itself, else its address.
    std::string title() const;
    std::vector<std::string_view> conflicts() const;

    template <class Visitor>
    void fields(Visitor&& visit) const {
        visit("id", id);
        visit("name", title());
        visit("addresses", addresses);
        visit("behind", behind);
        visit("hardware", hardware);
        visit("first", first);
        visit("last", last);
        visit("role", best(Attribute::role));
        visit("criticality", criticality.level);
        visit("criticality_reason", criticality.reason);
        visit("attributes", Attributes{dossier});
        visit("conflicts", conflicts());
        visit("flags", flags);
        if (dossier.dropped() > 0) visit("evidence_dropped", dossier.dropped());
    }
};

/// Joins nodes into devices: addresses of one hardware address that only one host can have, and what speaks
/// through them. Sorted by id.
std::vector<Device> form_devices(const std::vector<const Node*>& nodes, const Bindings& bindings,
                                 const Makers& makers);

/// What follows from all evidence of a device together: roles, criticality, and doubts whether it is one
/// device. `behind`: how many others speak through it.
void conclude(Device& device, std::size_t behind);

/// One object and a newline.
void append_json(std::string& out, const Device& device);
/// For people, one device a line; a question mark where the role is a weak guess, or a flag casts doubt.
std::string table(const std::vector<Device>& devices);

}   // namespace ward::devices
