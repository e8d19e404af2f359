// SPDX-License-Identifier: Apache-2.0
// Building automation: BACnet and Modbus, whose devices answer when they are asked who they are.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

struct PropertyAttribute {
    std::string_view property;
    Attribute attribute;
    unsigned confidence;
};

/// ASHRAE 135, 12.11: properties of the device object.
constexpr PropertyAttribute device_properties[] = {
    {"object-name", hostname, 75},
    {"vendor-name", manufacturer, 85},
    {"model-name", model, 85},
    {"firmware-revision", software, 75},
    {"application-software-version", software, 70},
    {"serial-number", serial, 85},
    {"location", location, 60},
};

std::string device_number(std::uint32_t instance) { return "bacnet device " + std::to_string(instance); }

}   // namespace

void from(const event::Bacnet& exchange, const Conversation& between, Statements& out) {
    constexpr std::uint32_t wildcard = 4194303;   // ASHRAE 135, 12.11.1: any device
    if (exchange.device_instance == wildcard) return;
    if (exchange.device_instance) {
        // Of an I-Am between two hosts it is not known which of them says so; they are broadcast.
        if (!between.server.mac.is_multicast() && !between.server.address.is_multicast()) return;
        // I-Am; what a BACnet router passes on says where it comes from.
        const Subject who = exchange.source_network
                                ? Subject{Side::client, device_number(*exchange.device_instance)}
                                : Subject{Side::client};
        out.say(who, identifier, device_number(*exchange.device_instance), "bacnet I-Am", 80);
        out.say(who, role, roles::building_controller, "announces a BACnet device", 75);
        if (exchange.source_network) out.say(Side::client, role, roles::gateway, "passes on BACnet", 60);
        return;
    }
    if (exchange.response.empty() || exchange.pdu != "Confirmed-Request-PDU") return;
    const Subject who{Side::server};
    out.say(who, role, roles::building_controller, "answers BACnet requests", 70);
    if (!exchange.object.starts_with("device,")) return;
    for (const auto& known : device_properties)
        if (exchange.property == known.property)
            out.say(who, known.attribute, exchange.value, "bacnet device object", known.confidence);
}

void from(const event::Modbus& exchange, const Conversation&, Statements& out) {
    if (!exchange.answered) return;
    constexpr std::string_view source = "modbus device identification";
    out.say(Side::server, role, roles::building_controller, "answers Modbus requests", 55);
    out.say(Side::server, manufacturer, exchange.vendor, source, 85);
    out.say(Side::server, model, exchange.model.empty() ? exchange.product : exchange.model, source, 85);
    out.say(Side::server, software, exchange.revision, source, 75);
}

}   // namespace ward::devices
