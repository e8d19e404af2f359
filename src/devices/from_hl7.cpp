// SPDX-License-Identifier: Apache-2.0
// HL7 v2: applications, what they send each other, and the devices whose observations they pass on.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

struct MessageRole {
    std::string_view type;   // the beginning of MSH-9
    std::string_view role;
    std::string_view grounds;
    unsigned confidence;
};

constexpr MessageRole sender_roles[] = {
    {"ADT^", roles::ehr, "sends ADT messages", 75},
    {"ORM^", roles::order_entry, "sends ORM orders", 70},
    {"OML^", roles::order_entry, "sends laboratory orders", 70},
    {"OMI^", roles::order_entry, "sends imaging orders", 70},
    {"OMG^", roles::order_entry, "sends general orders", 70},
    {"RDE^", roles::order_entry, "sends pharmacy orders", 70},
    {"SIU^", roles::ehr, "sends schedules", 50},
    {"OUL^", roles::lis, "sends unsolicited laboratory observations", 55},
    // IHE Devices TF-2, PCD-04 and PCD-10: alerts, and events of infusion pumps.
    {"ORU^R40", roles::gateway, "sends alerts of devices", 60},
    {"ORU^R42", roles::infusion_pump, "sends events of infusion pumps", 75},
};

/// An EI (HL7 2.9, 2A.3.19) names the kind of its identifier last; not all keep to that.
std::string_view eui_of(std::string_view value) {
    while (!value.empty()) {
        const auto part = take_until(value, '^');
        const bool is_hexadecimal =
            part.find_first_not_of("0123456789abcdefABCDEF-:") == std::string_view::npos;
        if (is_hexadecimal && part.size() >= 12) return part;
    }
    return {};
}

void devices(const event::Hl7Message& message, Statements& out) {
    for (const auto& device : message.devices) {
        const Subject who{message.from, device.value};
        if (device.field == "OBX-18") out.say(who, identifier, device.value, "hl7 OBX-18", 80);
        if (device.field == "PRT-10") out.say(who, identifier, device.value, "hl7 PRT-10", 80);
        out.say(who, identifier, device.udi_device, "hl7 PRT-16", 85);
        out.say(who, serial, device.serial, "hl7 PRT-20", 80);
        if (device.field != "OBX-18" && device.field != "PRT-10") continue;
        out.say(who, identifier, eui_of(device.value), "hl7 EUI-64", 70);
        out.say(who, manufacturer, maker_in(device.value), "hl7 device name", 60);
        auto told = role_in(device.value);
        // What pumps in a building does not speak HL7.
        if (told.empty() && contains_ignoring_case(device.value, "pump")) told = roles::infusion_pump;
        out.say(who, role, told, "hl7 device name", 65);
        if (told.empty()) out.say(who, role, roles::patient_monitor, "its observations are sent as ORU", 50);
    }
}

}   // namespace

void from(const event::Hl7Message& message, const Conversation& between, Statements& out) {
    const auto sender = message.from;
    const auto receiver = event::other(sender);
    // People type MSH-3 by hand, and a copied configuration keeps it: a weak name.
    out.say(sender, hl7_application, message.sending_application, "hl7 MSH-3", 50);
    out.say(sender, location, message.sending_facility, "hl7 MSH-4", 30);
    for (const auto& known : sender_roles)
        if (message.type.starts_with(known.type))
            out.say(sender, role, known.role, known.grounds, known.confidence);
    if (message.type.starts_with("ORU^R01")) {
        out.say(sender, role, message.devices.empty() ? roles::lis : roles::patient_monitor,
                message.devices.empty() ? "sends results without naming a device"
                                        : "sends observations of a device",
                message.devices.empty() ? 25 : 50);
        devices(message, out);
    } else if (!message.devices.empty()) {
        devices(message, out);
    }
    const auto of = [](const event::Endpoint& end) { return to_text(end.address); };
    const auto& [from_end, to_end] = sender == Side::client ? std::tie(between.client, between.server)
                                                            : std::tie(between.server, between.client);
    out.say(sender, peer, "hl7 to " + of(to_end), "hl7 message", 90);
    if (!message.acknowledgement && !message.commit) return;
    out.say(receiver, hl7_application, message.receiving_application, "hl7 MSH-5", 45);
    out.say(receiver, location, message.receiving_facility, "hl7 MSH-6", 25);
    out.say(receiver, peer, "hl7 from " + of(from_end), "hl7 acknowledgement", 90);
}

}   // namespace ward::devices
