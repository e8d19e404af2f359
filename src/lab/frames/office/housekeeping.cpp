// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/housekeeping.hpp"

#include <algorithm>

#include "lab/frames/office/port_try.hpp"
#include "lab/offers.hpp"

namespace ward::lab {
namespace {

using enum DeviceKind;

constexpr double programs_apart = 6 * 86'400;   // on one workstation, in seconds
constexpr double stock_apart = 30 * 3'600;
constexpr double tickets_apart = 9 * 3'600;
constexpr double watches_apart = 15 * 60;
constexpr double addresses_apart = 7 * 3'600;
constexpr double old_share_apart = 2.5 * 3'600;
constexpr std::uint16_t smb_port = 445;

bool is_old(const Device& console) { return console.kind == modality && console.address % 4 == 2; }

}   // namespace

void Housekeeping::begin() {
    const auto& network = wires_.network();
    for (const auto& device : network.devices) {
        if (device.kind == file_server) {
            const auto count = network.of(workstation, device.site).size();
            repeat(device, &Housekeeping::lay_program, programs_apart / static_cast<double>(count));
            repeat(device, &Housekeeping::take_stock, stock_apart);
            repeat(device, &Housekeeping::try_addresses, addresses_apart);
        }
        if (device.kind == ehr_server || device.kind == mail_server)
            repeat(device, &Housekeeping::ask_tickets, tickets_apart);
        if (device.kind == mail_server) repeat(device, &Housekeeping::watch, watches_apart);
        if (is_old(device)) repeat(device, &Housekeeping::use_old_share, old_share_apart);
    }
}

void Housekeeping::repeat(const Device& device, Deed deed, double seconds) {
    chores_.repeat(device, {std::chrono::duration<double>{seconds}, 1.5, Chores::rarely},
                   [this, deed](const Device& by, Moment) { (this->*deed)(by); });
}

void Housekeeping::lay_program(const Device& server) {
    const auto& machine = wires_.network().at(random_->pick(wires_.network().of(workstation, server.site)));
    const Account account{server, "svc-deploy"};
    auto at = office_.resolver.find(server, machine, wires_.story().now());
    if (random_->chance(0.3)) at = office_.tickets.sign_in(account, at);
    at = office_.tickets.ticket_for(account, {"cifs", wires_.full_name(machine)}, at);
    const auto program = some_program(*random_);
    office_.shares.start_program(account, machine, {program.share, program.file, program.bytes}, at);
}

void Housekeeping::take_stock(const Device& server) {
    using enum DirectoryPart;
    const Account account{server, "svc-inventory"};
    auto at = office_.tickets.sign_in(account, wires_.story().now());
    const auto controller = wires_.full_name(wires_.server(domain_controller, server.site));
    at = office_.tickets.ticket_for(account, {"ldap", controller, wires_.network().domain}, at);
    for (const auto part : {people, computers, units, subnets, groups, trusts}) {
        if (!random_->chance(0.75)) continue;
        const int page = random_->chance(0.7) ? 1'000 : 500;
        at = office_.directory.survey(account, {part, page}, at) + seconds_of(random_->around(3, 2.5));
    }
}

/// By a program that watches services, with an account that an old database still knows in RC4 only.
void Housekeeping::ask_tickets(const Device& server) {
    const bool is_rc4 = server.kind == ehr_server;
    const Account account{server, is_rc4 ? "svc-report" : "svc-watch"};
    auto at = office_.tickets.sign_in(account, wires_.story().now());
    const auto services = services_of(wires_.network(), server.site);
    for (int left = random_->between(5, 14); left > 0; --left)
        at = office_.tickets.ticket_for(account, random_->pick(services), at,
                                        is_rc4 ? kerberos::rc4 : kerberos::aes256) +
             seconds_of(random_->around(0.8, 3));
}

void Housekeeping::try_addresses(const Device& server) {
    constexpr auto ports = std::to_array<std::uint16_t>({445, 445, 445, 135, 9'100, 22});
    auto at = wires_.story().now();
    const auto port = random_->pick(ports);
    for (int left = random_->between(8, 20); left > 0; --left) {
        const auto& near = random_->pick(wires_.network().devices);
        if (near.site != server.site || near.vlan == Vlan::edge || near.vlan == server.vlan) continue;
        const auto target = near.address + static_cast<Address>(random_->between(0, 2));
        const auto known = wires_.network().at_address(target);
        auto answer = PortTried::Answer::none;
        if (known)
            answer = has_open(wires_.network().at(*known), port) ? PortTried::Answer::open
                                                                 : PortTried::Answer::refused;
        const auto known_at = try_port(wires_, server, {target, port, answer}, at);
        if (answer == PortTried::Answer::open && port == smb_port && random_->chance(0.7)) {
            const auto& other = wires_.network().at(*known);
            const auto ask = speaks_old_smb(other) ? &OldShares::question : &OldShares::fail;
            (office_.old_shares.*ask)(server, other, known_at + seconds_of(random_->around(0.6, 2)));
        }
        at += seconds_of(random_->around(1.2, 2.5));
    }
}

/// Whether somebody answers: nothing is said.
void Housekeeping::watch(const Device& server) {
    struct Watched {
        DeviceKind kind{};
        std::uint16_t port = 0;
    };
    constexpr auto all = std::to_array<Watched>(
        {{ward_vault, 2'575}, {ehr_server, 443}, {file_server, 445}, {domain_controller, 389}, {pacs, 104}});
    auto at = wires_.story().now();
    for (const auto& [kind, port] : all) {
        const auto found = wires_.network().of(kind, server.site);
        if (found.empty()) continue;
        auto line = wires_.line(server, wires_.network().at(found.front()), port);
        const auto side = random_->chance(0.7) ? Side::client : Side::server;
        line.close(side, line.open(at) + milliseconds_of(random_->around(2, 3)));
        at += seconds_of(random_->around(0.4, 2));
    }
}

void Housekeeping::use_old_share(const Device& console) {
    office_.old_shares.work(console, wires_.server(file_server, console.site), wires_.story().now());
}

}   // namespace ward::lab
