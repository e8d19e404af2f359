// SPDX-License-Identifier: Apache-2.0
// What is seen of hosts whatever they speak: services, leases, names, and what their management agents tell.
#include "devices/from.hpp"
#include "devices/roles.hpp"
#include "devices/words.hpp"
#include "wire/packet.hpp"

namespace ward::devices {
namespace {

using enum Attribute;

std::string offered_as(const Conversation& between) {
    std::string text{between.app_protocol};
    text += (text.empty() ? "" : " ") + std::to_string(between.server.port) +
            (between.ip_protocol == wire::tcp ? "/tcp" : "/udp");
    return text;
}

/// The server's own SYN: it took the connection.
bool accepted(const event::TcpEnd& end) { return (end.flags_to_client & event::TcpEnd::syn) != 0; }

/// How well it is known that the server serves there; 0: not at all.
unsigned certainty(const event::Flow& flow, const Conversation& between) {
    constexpr std::uint16_t ephemeral = 49152;   // RFC 6335, section 6
    if (flow.packets_to_client == 0 || flow.packets_to_server == 0) return 0;
    if (flow.tcp && accepted(*flow.tcp)) return between.app_protocol.empty() ? 70 : 95;
    // Who began is a guess.
    if (!between.app_protocol.empty()) return 60;
    const bool likely = between.server.port < ephemeral && between.server.port < between.client.port;
    return likely && (!flow.tcp || flow.tcp->midstream) && flow.bytes_to_client > 0 ? 30 : 0;
}

struct PortRole {
    std::uint16_t port;
    std::string_view role;
    std::string_view grounds;
    unsigned confidence;
};

constexpr PortRole port_roles[] = {
    {9100, roles::printer, "serves the raw printing port 9100", 65},
    {631, roles::printer, "serves the printing port 631", 60},
    {515, roles::printer, "serves the printing port 515", 60},
    {102, roles::building_controller, "serves the S7 port 102", 40},
    {1911, roles::building_controller, "serves the Niagara Fox port 1911", 50},
    {44818, roles::building_controller, "serves the EtherNet/IP port 44818", 50},
    {1433, roles::server, "serves a database port", 45},
    {1521, roles::server, "serves a database port", 45},
    {3306, roles::server, "serves a database port", 45},
    {5432, roles::server, "serves a database port", 45},
    {554, roles::camera, "serves RTSP on port 554", 50},
};

struct Enterprise {
    std::string_view number;   // IANA's private enterprise number
    std::string_view maker;
    std::string_view role;
};

constexpr Enterprise enterprises[] = {
    {"9", "Cisco", roles::network_gear},
    {"11", "HP", {}},
    {"253", "Xerox", roles::printer},
    {"311", "Microsoft", {}},
    {"318", "APC", {}},
    {"367", "Ricoh", roles::printer},
    {"368", "Axis", roles::camera},
    {"641", "Lexmark", roles::printer},
    {"674", "Dell", {}},
    {"1347", "Kyocera", roles::printer},
    {"2001", "Oki", roles::printer},
    {"2435", "Brother", roles::printer},
    {"2636", "Juniper", roles::network_gear},
    {"12356", "Fortinet", roles::network_gear},
    {"14823", "Aruba", roles::network_gear},
    {"14988", "MikroTik", roles::network_gear},
    {"25461", "Palo Alto Networks", roles::network_gear},
    {"39165", "Hikvision", roles::camera},
    {"41112", "Ubiquiti", roles::network_gear},
};

/// RFC 3418: sysObjectID lies under its maker's number.
void enterprise(std::string_view object, Side who, Statements& out) {
    constexpr std::string_view under = "1.3.6.1.4.1.";
    if (!object.starts_with(under)) return;
    object.remove_prefix(under.size());
    const auto number = take_until(object, '.');
    for (const auto& known : enterprises) {
        if (known.number != number) continue;
        out.say(who, manufacturer, known.maker, "snmp sysObjectID", 80);
        out.say(who, role, known.role, "snmp sysObjectID", 60);
    }
}

}   // namespace

void from(const event::Flow& flow, const Conversation& between, Statements& out) {
    if (between.ip_protocol != wire::tcp && between.ip_protocol != wire::udp) return;
    const auto known = certainty(flow, between);
    if (known == 0) return;
    const auto service_text = offered_as(between);
    out.say(Side::server, service, service_text, "flow", known);
    // The port is the server's choice; who used it is told by the conversation, not by the device.
    out.say(Side::client, service_used, service_text, "flow", known);
    if (!flow.tcp || !accepted(*flow.tcp)) return;
    for (const auto& hint : port_roles)
        if (hint.port == between.server.port)
            out.say(Side::server, role, hint.role, hint.grounds, hint.confidence);
}

void from(const event::Dhcp& message, const Conversation& between, Statements& out) {
    constexpr std::uint16_t server_port = 67;   // RFC 2131, 4.1
    if (message.type == "reply") {
        // Between two relays both ends have it.
        const auto who = speaker_at(server_port, between);
        if (who && message.relay_ip.empty())
            out.say(*who, role, roles::server, "hands out addresses by DHCP", 30);
        return;
    }
    const Subject who{message.client_mac};
    out.say(who, hostname, host_of(message.hostname), "dhcp host name", 70);
    out.say(who, operating_system, operating_system_in(message.vendor_class_identifier), "dhcp vendor class",
            60);
    out.say(who, software, message.vendor_class_identifier, "dhcp vendor class", 40);
    out.say(who, manufacturer, maker_in(message.vendor_class_identifier), "dhcp vendor class", 60);
    out.say(who, role, role_in(message.vendor_class_identifier), "dhcp vendor class", 50);
}

void from(const event::Dhcpv6& message, const Conversation&, Statements& out) {
    if (message.client_mac.is_zero()) return;
    out.say(Subject{message.client_mac}, hostname, host_of(message.fqdn), "dhcpv6 client name", 65);
}

void from(const event::Snmp& exchange, const Conversation&, Statements& out) {
    // RFC 3416, 4.2.6: traps and informs go the other way.
    const bool notifies = contains_ignoring_case(exchange.pdu_type, "trap") ||
                          contains_ignoring_case(exchange.pdu_type, "inform");
    const auto agent = notifies ? Side::client : Side::server;
    if (agent == Side::server && !exchange.error_status) return;
    constexpr std::string_view source = "snmp sysDescr";
    out.say(agent, software, exchange.sys_descr, source, 70);
    out.say(agent, manufacturer, maker_in(exchange.sys_descr), source, 75);
    out.say(agent, operating_system, operating_system_in(exchange.sys_descr), source, 75);
    out.say(agent, role, role_in(exchange.sys_descr), source, 75);
    out.say(agent, hostname, host_of(exchange.sys_name), "snmp sysName", 80);
    enterprise(exchange.sys_object_id, agent, out);
}

/// The hospital's own DNS names its devices.
void from(const event::Dns& lookup, const Conversation&, Statements& out) {
    if (lookup.rcode.empty()) return;
    for (const auto& answer : lookup.answers) {
        const auto address = answer.rrtype == "A" ? v4_in(answer.rdata) : IpAddress{};
        if (address.is_v4() && address.is_private())
            out.say(Subject{address}, hostname, host_of(answer.rrname), "dns answer", 45);
    }
}

}   // namespace ward::devices
