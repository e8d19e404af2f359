// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/office/port_try.hpp"

#include "lab/frames/office/arp.hpp"

namespace ward::lab {
namespace {

bool is_neighbour(const Device& client, Address target) {
    return gateway_of(client) == ((target & 0xffff'f000) | 1);
}

/// RFC 1122, 2.3.2: nobody answers for the address, so that nothing is sent to it; three times, as most do.
Moment ask_in_vain(Wires& wires, const Device& client, Address target, Moment at) {
    for (int left = 3; left > 0; --left, at += std::chrono::seconds{1})
        wires.tap().add(
            {at, arp_frame({ArpOperation::request, client.mac, client.address, {}, target, broadcast_mac}),
             wires.label()});
    return at;
}

}   // namespace

Moment try_port(Wires& wires, const Device& client, const PortTried& tried, Moment at) {
    using enum PortTried::Answer;
    const auto known = wires.network().at_address(tried.target);
    if (!known && is_neighbour(client, tried.target)) return ask_in_vain(wires, client, tried.target, at);
    auto line = wires.line(client, known ? wires.network().at(*known) : outside(tried.target, client.site),
                           tried.port);
    switch (tried.answer) {
        case refused: return line.refused(at);
        case open: return line.abort(Side::client, line.open(at));
        case none: break;
    }
    return line.unanswered(at, 2);
}

}   // namespace ward::lab
