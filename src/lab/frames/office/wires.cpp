// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/wires.hpp"

namespace ward::lab {

std::string Wires::full_name(const Device& device) const {
    std::string name = device.name;
    for (auto& c : name) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    return name + "." + network().domain;
}

const Device* Wires::server_if_any(DeviceKind kind, int site) const {
    const auto& all = network().of(kind, site);
    return all.empty() ? nullptr : &network().at(all.front());
}

// RFC 6056, 3.3.4: each pair of machines counts up from a place of its own. RFC 6335, 6: from 49152 on.
std::uint16_t Wires::next_port(Address client, Address server) {
    constexpr std::uint16_t first = 49'152;
    const auto pair = std::uint64_t{client} << 32U | server;
    auto [entry, is_new] = ports_[story_.agenda().cause()].try_emplace(pair);
    auto& port = entry->second;
    port = static_cast<std::uint16_t>(is_new ? random_.of(client).below(16'384) : (port + 1U) % 16'384);
    return static_cast<std::uint16_t>(first + port);
}

TcpLine Wires::line(const Device& client, const Device& server, std::uint16_t port) {
    const auto own = next_port(client.address, server.address);
    return {tap_, network(), {client, server, own, port, label_}, Random{random_of(client).next()}};
}

Moment Wires::ask(const Question& question, Bytes asked, Bytes answered, Moment at) {
    auto& dice = random_of(question.client);
    const auto there = route_between(network(), question.client, question.server);
    const auto back = route_between(network(), question.server, question.client);
    tap_.add({at,
              udp_frame(there, static_cast<std::uint16_t>(dice.next()), question.client_port,
                        question.server_port, asked),
              label_});
    at += milliseconds_of(dice.around(question.server.vlan == Vlan::edge ? 14 : 0.4, 1.7)) +
          std::chrono::microseconds{60};
    tap_.add({at,
              udp_frame(back, static_cast<std::uint16_t>(dice.next()), question.server_port,
                        question.client_port, answered),
              label_});
    return at + milliseconds_of(dice.around(0.15, 1.5));
}

Address gateway_of(const Device& device) { return (device.address & 0xffff'f000) | 1; }

Device outside(Address address, int site) {
    Device device;
    device.kind = DeviceKind::router;
    device.vlan = Vlan::edge;
    device.site = site;
    // The provider's side of the line, a different one at each site.
    device.mac = {0x00, 0x1b, 0x21, 0x7c, 0x40, static_cast<std::uint8_t>(0x11 + site)};
    device.address = address;
    return device;
}

}   // namespace ward::lab
