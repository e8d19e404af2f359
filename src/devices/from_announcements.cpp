// SPDX-License-Identifier: Apache-2.0
// What devices call out by themselves: mDNS, SSDP, WS-Discovery, NetBIOS.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

struct TypeRole {
    std::string_view type;
    std::string_view role;
    std::string_view grounds;
};

constexpr TypeRole mdns_roles[] = {
    {"_ipp", roles::printer, "announces printing over mDNS"},
    {"_printer._tcp", roles::printer, "announces printing over mDNS"},
    {"_pdl-datastream", roles::printer, "announces printing over mDNS"},
    {"_rtsp", roles::camera, "announces RTSP over mDNS"},
    {"_axis-video", roles::camera, "announces video over mDNS"},
    {"_sip._udp", roles::phone, "announces SIP over mDNS"},
    {"_apple-mobdev2", roles::phone, "announces a mobile device over mDNS"},
};

/// Bonjour's TXT keys: ty and model name the model, mfg and usb_MFG the maker.
void txt(std::string_view text, Statements& out) {
    const auto key = take_until(text, '=');
    constexpr std::string_view source = "mdns txt";
    if (equal_ignoring_case(key, "ty") || equal_ignoring_case(key, "model") ||
        equal_ignoring_case(key, "md") || equal_ignoring_case(key, "usb_MDL"))
        out.say(Side::client, model, text, source, 65);
    if (equal_ignoring_case(key, "mfg") || equal_ignoring_case(key, "usb_MFG") ||
        equal_ignoring_case(key, "manufacturer"))
        out.say(Side::client, manufacturer, text, source, 70);
    out.say(Side::client, manufacturer, maker_in(text), source, 60);
}

}   // namespace

void from(const event::Mdns& message, const Conversation& between, Statements& out) {
    if (message.type != "response") return;
    const auto own = to_text(between.client.address);
    // RFC 6762, 6: who has the name answers, so what it says of its own address is the best.
    for (const auto& host : message.hosts)
        if (host.address == own) out.say(Side::client, hostname, host_of(host.name), "mdns host", 75);
    for (const auto& instance : message.services) {
        out.say(Side::client, hostname, host_of(instance.host), "mdns service", 60);
        for (const auto& known : mdns_roles)
            if (contains_ignoring_case(instance.instance, known.type))
                out.say(Side::client, role, known.role, known.grounds, 70);
        for (const auto& line : instance.txt) txt(line, out);
    }
}

void from(const event::Ssdp& message, const Conversation& between, Statements& out) {
    if (message.method == "M-SEARCH") {
        const auto product = product_in(message.user_agent);
        out.say(Side::client, software, product.software, "ssdp user agent", 40);
        out.say(Side::client, operating_system, operating_system_in(message.user_agent), "ssdp user agent",
                45);
        return;
    }
    // UPnP Device Architecture 2.0, 1.3.3: the answer to a search goes from port 1900 to who searched.
    const auto speaker = message.method == "NOTIFY" ? Side::client : speaker_at(1900, between);
    if (!speaker) return;
    const auto who = *speaker;
    constexpr std::string_view source = "ssdp server";
    out.say(who, software, message.server, source, 50);
    out.say(who, operating_system, operating_system_in(message.server), source, 50);
    out.say(who, manufacturer, maker_in(message.server), source, 50);
    out.say(who, role, role_in(message.server), source, 50);
    if (contains_ignoring_case(message.target, "InternetGatewayDevice") ||
        contains_ignoring_case(message.target, "WANConnectionDevice"))
        out.say(who, role, roles::network_gear, "announces an internet gateway over SSDP", 75);
    if (contains_ignoring_case(message.target, ":device:Printer"))
        out.say(who, role, roles::printer, "announces a printer over SSDP", 75);
}

std::optional<Side> announcer(const event::Wsd& message, const Conversation& between) {
    const auto& action = message.action;
    if (action.ends_with("Hello") || action.ends_with("Bye")) return Side::client;
    if (action.ends_with("Matches")) return speaker_at(3702, between);   // WS-Discovery 1.1, 2.4
    if (action.ends_with("Response")) return Side::server;
    return std::nullopt;
}

void from(const event::Wsd& message, const Conversation& between, Statements& out) {
    const auto speaker = announcer(message, between);
    if (!speaker) return;
    const auto who = *speaker;
    constexpr std::string_view source = "wsd metadata";
    out.say(who, manufacturer, message.manufacturer, source, 80);
    out.say(who, model, message.model_name, source, 80);
    out.say(who, software, message.firmware_version, source, 75);
    out.say(who, serial, message.serial_number, source, 80);
    out.say(who, identifier, message.endpoint_reference, "wsd endpoint", 70);
    out.say(who, location, message.location, "sdc location", 70);
    for (const auto& type : message.types) {
        if (contains_ignoring_case(type, "NetworkVideoTransmitter"))
            out.say(who, role, roles::camera, "announces an ONVIF camera", 85);
        if (contains_ignoring_case(type, "PrintDeviceType") ||
            contains_ignoring_case(type, "PrinterServiceType"))
            out.say(who, role, roles::printer, "announces printing over WSD", 75);
        if (contains_ignoring_case(type, "pub:Computer")) {
            out.say(who, role, roles::workstation, "announces a computer over WSD", 40);
            out.say(who, operating_system, "Windows", "wsd computer", 50);
        }
    }
}

void from(const event::Nbns& message, const Conversation&, Statements& out) {
    // RFC 1002, 4.2.2: who registers <20> shares files under that name; <00> may be a workgroup's.
    if (message.operation == "registration" && message.rrname.ends_with("<20>"))
        out.say(Side::client, hostname, host_of(message.rrname), "nbns registration", 70);
    for (const auto& listed : message.names)
        if (listed.ends_with("<20>"))
            out.say(Side::server, hostname, host_of(listed), "nbns node status", 80);
}

}   // namespace ward::devices
