// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/rounds.hpp"

#include <algorithm>

#include "lab/frames/office/arp.hpp"
#include "lab/frames/office/bytes_out.hpp"
#include "lab/frames/office/ntp.hpp"

namespace ward::lab {
namespace {

using enum DeviceKind;

constexpr std::uint16_t ntp_port = 123;
constexpr std::uint16_t dhcp_server_port = 67;
constexpr std::uint16_t dhcp_client_port = 68;
constexpr std::uint32_t lease_seconds = 8 * 3'600;

bool has_lease(const Device& device) {
    return device.kind == workstation || device.kind == monitor || device.kind == pump;
}

/// Of those that sit on desks: who is plugged in later belongs to no department.
bool is_of_domain(const Device& device) { return device.kind == workstation && device.department; }

/// Servers and what the network is made of have addresses of their own.
bool gets_address(DeviceKind kind) {
    return kind < call_manager && kind != access_point && kind != network_switch && kind != power_supply;
}

/// What is carried about and comes back, or is switched on for its patient.
bool comes_and_goes(DeviceKind kind) {
    return kind == tablet || kind == handheld_scanner || kind == handheld_phone || kind == thin_client ||
           kind == bedside_terminal || kind == television;
}

/// Whom a device reports to or works with.
DeviceKind partner_of(const Device& device) {
    switch (device.kind) {
        case monitor: return monitor_gateway;
        case pump: return pump_gateway;
        case modality: return pacs;
        case analyser: return laboratory_system;
        case workstation: return mail_server;
        case desk_phone:
        case handheld_phone: return call_manager;
        case nurse_call_station: return nurse_call_server;
        case thin_client: return desktop_broker;
        case tablet:
        case handheld_scanner: return ehr_server;
        case bedside_terminal:
        case television: return media_server;
        case door_controller: return door_server;
        case printer:
        case label_printer: return print_server;
        default: return domain_controller;
    }
}

}   // namespace

void Rounds::begin() {
    const auto& devices = wires_.network().devices;
    for (std::uint32_t i = 0; i < devices.size(); ++i) {
        const DeviceId id{i};
        const auto kind = devices[i].kind;
        if (kind == laptop) continue;   // which is here now and then
        if (kind != router) repeat(id, &Rounds::ask_who_has, random_->around(1'500, 1.6), 1.5);
        if (kind == domain_controller) {
            repeat(id, &Rounds::ask_time_outside, 1'024, 1.02);
        } else if (kind != router) {
            const double poll = kind == workstation ? 3'600 : 256 << random_->below(4);
            repeat(id, &Rounds::ask_time, poll, kind == workstation ? 1.3 : 1.02);
            repeat(id, &Rounds::look_up, random_->around(5'400, 1.8), 1.8);
        }
        if (has_lease(devices[i])) repeat(id, &Rounds::renew_lease, lease_seconds / 2, 1.002);
        if (kind == workstation) repeat(id, &Rounds::start_up, 5 * 86'400, 1.5);
    }
}

void Rounds::settle(DeviceId id) {
    join(wires_.network().at(id), wires_.story().now());
    repeat(id, &Rounds::ask_time, 256 << random_->below(4), 1.02);
    repeat(id, &Rounds::look_up, random_->around(5'400, 1.8), 1.8);
}

void Rounds::begin_equipment() {
    const auto& network = wires_.network();
    for (std::size_t i = 0; i < network.equipment.size(); ++i) {
        const auto id = network.id_of_equipment(i);
        const auto kind = network.equipment[i].kind;
        repeat(id, &Rounds::ask_who_has, random_->around(4 * 3'600, 1.6), 1.5);
        repeat(id, &Rounds::ask_time, random_->around(kind == wall_clock ? 3'600 : 3 * 3'600, 1.3), 1.02);
        repeat(id, &Rounds::look_up, random_->around(8 * 3'600, 1.8), 1.8);
        if (gets_address(kind)) repeat(id, &Rounds::renew_lease, lease_seconds / 2, 1.002);
        if (comes_and_goes(kind)) repeat(id, &Rounds::start_up, 1.5 * 86'400, 1.5);
    }
}

void Rounds::repeat(DeviceId id, Deed deed, double seconds, double factor) {
    chores_.repeat(wires_.network().at(id), {std::chrono::duration<double>{seconds}, factor},
                   std::bind_front(deed, this));
}

void Rounds::ask_who_has(const Device& device, Moment at) {
    const auto& router_device = wires_.server(router, device.site);
    const bool is_asked = random_->chance(0.2);   // the router asks for the device
    ArpMessage ask{ArpOperation::request, device.mac, device.address, {}, gateway_of(device), broadcast_mac};
    ArpMessage answer{ArpOperation::reply, router_device.mac, gateway_of(device),
                      device.mac,          device.address,    device.mac};
    if (is_asked) {
        std::swap(ask.sender_mac, answer.sender_mac);
        std::swap(ask.sender, answer.sender);
        std::swap(ask.target, answer.target);
        answer.target_mac = answer.to = router_device.mac;
    }
    // RFC 1122, 2.3.2.1: what was known is asked for directly first.
    if (random_->chance(0.5)) ask.to = answer.sender_mac;
    wires_.tap().add({at, arp_frame(ask)});
    wires_.tap().add({at + milliseconds_of(random_->around(0.3, 1.8)), arp_frame(answer)});
}

void Rounds::ask_time(const Device& device, Moment at) {
    answer_time(device, wires_.server(domain_controller, device.site), at);
}

void Rounds::ask_time_outside(const Device& controller, Moment at) {
    constexpr auto pool =
        std::to_array<std::string_view>({"ntp1.time.example", "ntp2.time.example", "ntp3.time.example"});
    const std::string name{random_->pick(pool)};
    at = resolver_.find_outside(controller, name, at);
    answer_time(controller, outside(address_outside(name), controller.site), at);
}

/// RFC 5905, 8: four times, from which the client learns its error.
void Rounds::answer_time(const Device& client, const Device& server, Moment at) {
    const bool is_member = is_of_domain(client);
    NtpPacket ask;
    ask.version = is_member || client.kind == building_controller ? 3 : 4;
    ask.poll = static_cast<std::uint8_t>(is_member ? 15 : random_->between(6, 10));
    ask.precision = is_member ? -23 : 0;
    ask.leap = is_member ? 0 : 3;
    const auto error = milliseconds_of(random_->normal(0, is_member ? 8 : 40));
    ask.sent = ntp_time(at + error);
    // MS-SNTP 2.2.1: members of a domain name their account; the answer is signed with its key.
    if (is_member) {
        ask.authenticator.resize(20);
        const auto account = 1'100 + client.address % 8'192;
        for (std::size_t i = 0; i < 4; ++i)
            ask.authenticator[i] = static_cast<std::byte>(account >> (8 * i) & 255U);
    }
    auto answer = ask;
    answer.leap = 0;
    answer.mode = 4;
    answer.stratum = server.vlan == Vlan::edge ? 2 : 3;
    answer.precision = -23;
    answer.root_delay = static_cast<std::uint32_t>(random_->between(600, 2'400));
    answer.root_dispersion = static_cast<std::uint32_t>(random_->between(900, 6'000));
    answer.reference = address_outside("ntp1.time.example");
    answer.referenced = ntp_time(at - seconds_of(random_->uniform() * 900));
    answer.originated = ask.sent;
    answer.received = ntp_time(at + milliseconds_of(0.2));
    answer.sent = ntp_time(at + milliseconds_of(0.22));
    if (is_member) std::ranges::copy(opaque(*random_, 16), answer.authenticator.begin() + 4);
    const auto port =
        is_member || random_->chance(0.5) ? ntp_port : wires_.next_port(client.address, server.address);
    wires_.ask({client, server, port, ntp_port}, ntp_packet(ask), ntp_packet(answer), at);
}

namespace {

/// RFC 2132, 9.13 and 9.8: what makers' programs say of themselves, and what they ask for.
struct Maker {
    std::string_view vendor;
    std::string_view program;   // with the model behind it where it ends in a blank
    std::string_view wanted;
    std::optional<DeviceKind> only{};   // of that kind; none: whatever they make
};
constexpr auto makers = std::to_array<Maker>({
    {"Cisco", "Cisco Systems, Inc. IP Phone ", "\x01\x42\x06\x03\x0f\x96\x23"},
    {"Spectralink", "Spectralink ", "\x01\x03\x06\x0f\x2a\x42\x97"},
    {"Ascom", "Ascom ", "\x01\x03\x06\x0f\x2a\x2b"},
    {"Rauland", "Rauland-R5K", "\x01\x03\x06\x2a\x2b"},
    {"Lexmark", "Lexmark ", "\x01\x03\x06\x0f\x2c\x42\x51"},
    {"Ricoh", "RICOH Network Printer", "\x01\x03\x06\x0f\x2c"},
    {"Zebra", "Zebra ", "\x01\x03\x06\x0c\x0f\x2c"},
    {"Apple", "", "\x01\x79\x03\x06\x0f\x6c\x72\x77\xfc"},
    {"Samsung", "android-dhcp-13", "\x01\x03\x06\x0f\x1a\x1c\x33\x3a\x3b\x2b\x72", tablet},
    {"LG", "webOS TV ", "\x01\x03\x06\x0c\x0f\x1c\x2a"},
    {"Axis", "AXIS,Network Camera,", "\x01\x1c\x02\x03\x0f\x06\x0c\x2a"},
    {"Hanwha", "udhcp 1.27.2", "\x01\x03\x06\x0c\x0f\x1c\x2a"},
    {"Bosch", "Bosch,IP-Camera", "\x01\x03\x06\x0f\x2a"},
});

}   // namespace

std::vector<DhcpOption> Rounds::kind_of(const Device& device) {
    using namespace std::string_literals;
    const bool is_hp_printer = device.kind == printer && device.vendor == "HP";
    if (is_hp_printer)
        return {dhcp_option(60, "Hewlett-Packard JetDirect"),
                dhcp_option(55, "\x06\x03\x01\x0f\x42\x43\x0d\x2c\x0c\x51\xfc")};
    const auto maker = std::ranges::find_if(makers, [&](const Maker& one) {
        return one.vendor == device.vendor && (!one.only || *one.only == device.kind);
    });
    if (maker == makers.end() || device.kind == thin_client)
        return {dhcp_option(60, device.vendor == "Baxter" ? "udhcp 1.18.4" : "udhcp 1.24.2"),
                dhcp_option(55, "\x01\x03\x06\x0c\x0f\x1c\x2a")};
    std::vector<DhcpOption> options;
    std::string program{maker->program};
    if (program.ends_with(' ') || program.ends_with(',')) program += device.model;
    if (!program.empty()) options.push_back(dhcp_option(60, program));
    options.push_back(dhcp_option(55, maker->wanted));
    return options;
}

/// RFC 2132, 9.8 and 9.13: what systems ask for, and what they call themselves, tells them apart.
std::vector<DhcpOption> Rounds::wishes_of(const Device& device) const {
    using namespace std::string_literals;
    std::vector<DhcpOption> options;
    Buffer id{std::byte{1}};
    for (const auto byte : device.mac) id.push_back(static_cast<std::byte>(byte));
    options.push_back({61, std::move(id)});
    if (device.kind != pump) options.push_back(dhcp_option(12, device.name));
    if (device.vendor == "Raspberry Pi") {
        options.push_back(dhcp_option(60, "dhcpcd-9.4.1:Linux-6.1.21-v8+:aarch64:BCM2835"));
        options.push_back(dhcp_option(55, "\x01\x79\x21\x03\x06\x0c\x0f\x1a\x1c\x2a\x33\x36\x3a\x3b\x77"));
    } else if (device.kind == workstation) {
        const auto name = is_of_domain(device) ? wires_.full_name(device) : device.name;
        options.push_back(dhcp_option(81, "\0\0\0"s + name));   // RFC 4702, 2
        options.push_back(dhcp_option(60, "MSFT 5.0"));
        options.push_back(dhcp_option(55, "\x01\x03\x06\x0f\x1f\x21\x2b\x2c\x2e\x2f\x77\x79\xf9\xfc"));
    } else if (device.vendor == "Philips") {
        options.push_back(dhcp_option(60, "PHILIPS-IPM"));
        options.push_back(dhcp_option(55, "\x01\x03\x06\x2a\x2b"));
    } else {
        std::ranges::move(kind_of(device), std::back_inserter(options));
    }
    return options;
}

std::vector<DhcpOption> Rounds::terms_for(const Device& device) const {
    const auto controller = wires_.server(domain_controller, device.site).address;
    return {dhcp_option(54, controller),        dhcp_option(51, lease_seconds),
            dhcp_option(58, lease_seconds / 2), dhcp_option(59, lease_seconds / 8 * 7),
            dhcp_option(1, 0xffff'f000),        dhcp_option(3, gateway_of(device)),
            dhcp_option(6, controller),         dhcp_option(15, wires_.network().domain)};
}

/// RFC 2131, 4.3.2: a client that renews asks its server directly, and names neither it nor an address.
void Rounds::renew_lease(const Device& device, Moment at) {
    DhcpMessage ask{.type = DhcpType::request,
                    .transaction = static_cast<std::uint32_t>(random_->next()),
                    .client = device.address,
                    .hardware = device.mac,
                    .options = wishes_of(device)};
    auto answer = ask;
    answer.type = DhcpType::acknowledge;
    answer.offered = device.address;
    answer.options = terms_for(device);
    wires_.ask({device, wires_.server(domain_controller, device.site), dhcp_client_port, dhcp_server_port},
               dhcp_message(ask), dhcp_message(answer), at);
}

void Rounds::broadcast(const Device& device, Bytes message, Moment at) {
    const Route route{device.mac, broadcast_mac, 0, 0xffff'ffff, 128};
    wires_.tap().add({at,
                      udp_frame(route, static_cast<std::uint16_t>(random_->next()), dhcp_client_port,
                                dhcp_server_port, message),
                      wires_.label()});
}

/// RFC 2131, 3.1: found, offered, requested, acknowledged; the router is the relay (RFC 1542, 4.1).
void Rounds::start_up(const Device& device, Moment at) {
    const auto hour = at.time_since_epoch() % std::chrono::days{1};
    if (hour >= std::chrono::hours{6} && hour <= std::chrono::hours{18}) join(device, at);
}

void Rounds::join(const Device& device, Moment at) {
    const auto& relay = wires_.server(router, device.site);
    const Route back{relay.mac, device.mac, gateway_of(device), device.address, 64};
    DhcpMessage ask{.type = DhcpType::discover,
                    .transaction = static_cast<std::uint32_t>(random_->next()),
                    .hardware = device.mac,
                    .options = wishes_of(device)};
    DhcpMessage answer{.type = DhcpType::offer,
                       .transaction = ask.transaction,
                       .offered = device.address,
                       .relay = gateway_of(device),
                       .hardware = device.mac,
                       .options = terms_for(device)};
    for (const auto type : {DhcpType::offer, DhcpType::acknowledge}) {
        broadcast(device, dhcp_message(ask), at);
        at += milliseconds_of(random_->around(3, 1.8));
        answer.type = type;
        wires_.tap().add({at,
                          udp_frame(back, static_cast<std::uint16_t>(random_->next()), dhcp_server_port,
                                    dhcp_client_port, dhcp_message(answer)),
                          wires_.label()});
        at += milliseconds_of(random_->around(2, 1.8));
        ask.type = DhcpType::request;
        ask.options.push_back(dhcp_option(50, device.address));
        ask.options.push_back(dhcp_option(54, wires_.server(domain_controller, device.site).address));
    }
    // RFC 5227, 2.3: it says what it has.
    wires_.tap().add(
        {at,
         arp_frame({ArpOperation::request, device.mac, device.address, {}, device.address, broadcast_mac}),
         wires_.label()});
    if (device.kind == workstation)
        resolver_.find_server_of(device, "_ldap._tcp.dc._msdcs", 389, at + milliseconds_of(40));
}

void Rounds::look_up(const Device& device, Moment at) {
    const auto& partners = wires_.network().of(partner_of(device), device.site);
    if (partners.empty()) return;
    const auto& partner = wires_.network().at(partners.front());
    const auto chosen = random_->uniform();
    if (device.vlan == Vlan::servers && chosen < 0.4)
        resolver_.find_name_of(
            device, wires_.network().at(random_->pick(wires_.network().of(workstation, device.site))), at);
    else if (device.kind == workstation && chosen < 0.15)
        resolver_.miss(device, at);
    else if (device.kind == workstation && chosen < 0.35)
        resolver_.find_server_of(device, "_kerberos._tcp.dc._msdcs", 88, at);
    else
        resolver_.find(device, partner, at);
}

}   // namespace ward::lab
