// SPDX-License-Identifier: Apache-2.0
// FHIR, ASTM, POCT1-A, IntelliVue, SDC and CARESCAPE: what devices at the bedside and in the laboratory say
// of themselves.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

void tell_peers(std::string_view protocol, const Conversation& between, Statements& out) {
    const std::string name{protocol};
    out.say(Side::client, peer, name + " to " + to_text(between.server.address), "clinical conversation", 90);
    out.say(Side::server, peer, name + " from " + to_text(between.client.address), "clinical conversation",
            90);
}

}   // namespace

void from(const event::Fhir& interaction, const Conversation& between, Statements& out) {
    if (interaction.request_seen) {
        constexpr std::string_view source = "fhir user agent";
        const auto product = product_in(interaction.client);
        out.say(Side::client, software, product.software, source, 60);
        out.say(Side::client, model, product.model, source, 60);
        out.say(Side::client, serial, product.serial, source, 60);
        out.say(Side::client, manufacturer, maker_in(interaction.client), source, 50);
        out.say(Side::client, role, role_in(interaction.client), source, 65);
        out.say(Side::client, operating_system, operating_system_in(interaction.client), source, 40);
    }
    if (!interaction.status) return;
    out.say(Side::server, role, roles::fhir_server, "answers FHIR requests", 85);
    auto server = interaction.server;
    out.say(Side::server, software, server, "fhir server header", 60);
    tell_peers("fhir", between, out);
}

/// CLSI LIS2-A2, 6.5: H-5 is the sender's name, and by custom its version and serial number.
void from(const event::AstmTransmission& transmission, const Conversation& between, Statements& out) {
    const auto sender = transmission.from;
    std::string_view rest = transmission.sender;
    const auto named = take_until(rest, '^');
    const auto version = take_until(rest, '^');
    const auto number = take_until(rest, '^');
    const auto held = [&](std::string_view type) {
        return std::ranges::any_of(transmission.records, [&](const auto& r) { return r.type == type; });
    };
    // Orders go to the analyser, results come from it.
    const bool is_analyser = held("R") || held("Q");
    const bool is_laboratory = !is_analyser && held("O");
    if (is_analyser) {
        constexpr std::string_view source = "astm H-5";
        out.say(sender, model, named, source, 60);
        if (!version.empty())
            out.say(sender, software, std::string{named} + " " + std::string{version}, source, 55);
        out.say(sender, serial, number, source, 60);
        out.say(sender, manufacturer, maker_in(transmission.sender), source, 60);
        out.say(sender, role, roles::analyser, "sends results or asks for orders over ASTM", 85);
        for (const auto& instrument : transmission.instruments)
            out.say(Subject{sender, instrument}, identifier, instrument, "astm R-14", 60);
        if (transmission.outcome == "complete")
            out.say(event::other(sender), role, roles::lis, "takes results over ASTM", 80);
    } else if (is_laboratory) {
        out.say(sender, role, roles::lis, "sends orders over ASTM", 75);
        out.say(event::other(sender), role, roles::analyser, "takes orders over ASTM", 60);
    }
    out.say(event::other(sender), hostname, transmission.receiver, "astm H-10", 30);
    tell_peers("astm", between, out);
}

void from(const event::Poct1aMessage& message, const Conversation& between, Statements& out) {
    if (!message.device) return;
    constexpr std::string_view source = "poct1a hello";
    const auto& device = *message.device;
    const auto who = message.from;
    out.say(who, manufacturer, device.manufacturer_name, source, 85);
    if (device.manufacturer_name.empty()) out.say(who, manufacturer, device.vendor_id, source, 60);
    out.say(who, model, device.model_id, source, 85);
    out.say(who, serial, device.serial_id, source, 85);
    out.say(who, software, device.sw_version, source, 80);
    out.say(who, identifier, device.device_id, source, 80);
    out.say(who, hostname, device.device_name, source, 50);
    out.say(who, role, roles::analyser, "speaks POCT1-A as a device", 85);
    if (message.acknowledgement)
        out.say(event::other(who), role, roles::lis, "collects from point-of-care devices", 70);
    tell_peers("poct1a", between, out);
}

void from(const event::IntellivueMonitor& monitor, const Conversation& between, Statements& out) {
    constexpr std::string_view source = "intellivue system";
    // A connect indication is broadcast by the monitor; what it creates for a collector, it does as server.
    const auto who = monitor.kind == "connect_indication" ? Side::client : Side::server;
    out.say(who, manufacturer, monitor.manufacturer.empty() ? "Philips" : monitor.manufacturer, source, 85);
    out.say(who, model, monitor.model, source, 85);
    out.say(who, serial, monitor.serial, source, 85);
    out.say(who, software, monitor.software, source, 80);
    out.say(who, identifier, monitor.system_id, source, 80);
    out.say(who, location, monitor.bed_label, "intellivue bed label", 60);
    out.say(who, role, roles::patient_monitor, "speaks IntelliVue as a monitor", 90);
    if (who == Side::server) tell_peers("intellivue", between, out);
}

void from(const event::IntellivueExport& collected, const Conversation& between, Statements& out) {
    if (collected.requests > 0)
        out.say(Side::client, role, roles::central_station, "collects from IntelliVue", 55);
    if (collected.results == 0) return;
    out.say(Side::server, role, roles::patient_monitor, "exports IntelliVue measurements", 85);
    tell_peers("intellivue", between, out);
}

void from(const event::Sdc& announced, const Conversation& between, Statements& out) {
    const auto speaker = announcer(announced, between);
    if (!speaker) return;
    const auto who = *speaker;
    from(static_cast<const event::Wsd&>(announced), between, out);
    const auto told = role_in(announced.model_name);
    out.say(who, role, told, "sdc model name", 75);
    out.say(who, role, roles::medical_device, "announces itself over SDC", 60);
}

/// Broadcasts: nobody answers, and who sends them is the node itself.
void from(const event::Carescape& announced, const Conversation&, Statements& out) {
    constexpr std::string_view source = "carescape broadcast";
    const bool has_bed = !announced.bed.empty();
    out.say(Side::client, manufacturer, "GE HealthCare", source, 80);
    out.say(Side::client, location, announced.unit + (has_bed ? " " : "") + announced.bed, source, 60);
    if (has_bed)
        out.say(Side::client, role, roles::patient_monitor, "has a bed on GE's monitoring network", 75);
    if (!has_bed) out.say(Side::client, role, roles::medical_device, "is on GE's monitoring network", 55);
}

}   // namespace ward::devices
