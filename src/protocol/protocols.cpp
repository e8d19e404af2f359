// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocols.hpp"

#include <algorithm>

#include "protocol/dhcp/dhcp.hpp"
#include "protocol/dns/dns.hpp"
#include "protocol/hl7/hl7.hpp"
#include "protocol/mdns/mdns.hpp"
#include "protocol/nbns/nbns.hpp"
#include "protocol/ssh/ssh.hpp"
#include "protocol/tls/tls.hpp"

namespace ward::protocol {
namespace {

constexpr std::array table{
    Protocol{"tls", Transport::tcp, {443, 8443, 993, 2762}, tls::probe, tls::open_session},
    Protocol{"dns", Transport::udp, {53}, dns::probe, dns::open_session},
    Protocol{"dns", Transport::tcp, {53}, dns::probe_stream, dns::open_stream_session},
    Protocol{"nbns", Transport::udp, {137}, nbns::probe, nbns::open_session},
    Protocol{"mdns", Transport::udp, {5353}, mdns::probe, mdns::open_session},
    Protocol{"llmnr", Transport::udp, {5355}, dns::probe_llmnr, dns::open_llmnr_session},
    Protocol{"dhcp", Transport::udp, {67, 68}, dhcp::probe, dhcp::open_session},
    Protocol{"dhcpv6", Transport::udp, {547, 546}, dhcp::probe_v6, dhcp::open_v6_session},
    Protocol{"ssh", Transport::tcp, {22}, ssh::probe, ssh::open_session},
    Protocol{"hl7", Transport::tcp, {2575, 6661}, hl7::probe, hl7::open_session},
};

}   // namespace

bool Protocol::has_port(std::uint16_t port) const noexcept {
    return port != 0 && std::ranges::find(ports, port) != ports.end();
}

std::string_view name(Grounds grounds) {
    switch (grounds) {
        case Grounds::none: return "none";
        case Grounds::content: return "content";
        case Grounds::port_and_content: return "port and content";
    }
    return "none";
}

std::span<const Protocol> protocols() { return table; }

Guess recognise(Transport transport, std::uint16_t server_port, Bytes first, Side from) {
    Guess guess;
    const Protocol* likely = nullptr;
    for (const auto& protocol : table) {
        if (protocol.transport != transport) continue;
        const auto verdict = protocol.probe(first, from);
        if (verdict == Verdict::no) continue;
        if (verdict == Verdict::yes) return {&protocol, Grounds::content, false};
        guess.undecided = true;
        if (likely == nullptr && protocol.has_port(server_port)) likely = &protocol;
    }
    if (likely == nullptr) return guess;
    return {likely, Grounds::port_and_content, false};
}

}   // namespace ward::protocol
