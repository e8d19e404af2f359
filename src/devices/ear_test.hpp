// SPDX-License-Identifier: Apache-2.0
// The vocabulary of the inventory's tests: who says what to whom, and what is known afterwards.
#pragma once

#include <gmock/gmock.h>

#include "devices/inventory.hpp"
#include "devices/words.hpp"
#include "event/flow.hpp"

namespace ward::devices {

using event::Endpoint;

constexpr MacAddress mac(unsigned number, unsigned maker = 0x001a2b) {
    MacAddress made;
    const auto whole = std::uint64_t{maker} << 24U | number;
    for (std::size_t i = 0; i < 6; ++i) made.bytes[i] = static_cast<std::byte>(whole >> (8 * (5 - i)));
    return made;
}

inline Endpoint host(std::string_view address, unsigned hardware = 0, std::uint16_t port = 50000) {
    return {v4_in(address), port, hardware == 0 ? MacAddress{} : mac(hardware)};
}

/// An inventory that hears one event a second.
class Ear {
public:
    explicit Ear(InventoryLimits limits = {}, Makers makers = {}) : inventory(limits, std::move(makers)) {}

    void hears(event::Payload what, Endpoint client, Endpoint server, std::string_view protocol = {}) {
        now += std::chrono::seconds{1};
        const bool udp = protocol == "dhcp" || protocol == "snmp" || protocol == "bacnet";
        inventory.observe(
            {now, 1, {1, client, server, std::uint8_t(udp ? 17 : 6), 0, {}, protocol}, std::move(what)});
    }
    void hears_arp(unsigned hardware, std::string_view address) {
        hears(event::ArpBinding{mac(hardware), v4_in(address), {}, "request"}, {}, {});
    }
    /// A TCP connection that was accepted, of one second.
    void hears_flow(Endpoint client, Endpoint server, std::string_view protocol = {}) {
        event::Flow flow;
        flow.packets_to_server = flow.packets_to_client = 5;
        flow.start = flow.end = now + std::chrono::seconds{1};
        flow.tcp = event::TcpEnd{"closed", 0x1b, 0x1b, 0, 0, 0, 0, false};
        hears(std::move(flow), client, server, protocol);
    }

    Device device(std::string_view id) const {
        for (auto& found : inventory.devices())
            if (found.id == id) return found;
        ADD_FAILURE() << "no device " << id;
        return {};
    }
    std::vector<std::string> ids() const {
        std::vector<std::string> all;
        for (const auto& found : inventory.devices()) all.push_back(found.id);
        return all;
    }

    event::Time now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
    Inventory inventory;
};

inline std::vector<std::string> values(const Device& device, Attribute attribute) {
    std::vector<std::string> all;
    for (const auto& belief : device.dossier.beliefs(attribute)) all.push_back(belief.value);
    return all;
}

inline std::vector<std::string_view> flags(const Device& device) {
    std::vector<std::string_view> all;
    for (const auto& flag : device.flags) all.push_back(flag.flag);
    return all;
}

}   // namespace ward::devices
