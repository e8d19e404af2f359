// SPDX-License-Identifier: Apache-2.0
#include "protocol/protocols.hpp"

#include <algorithm>

#include "protocol/dcerpc/dcerpc.hpp"
#include "protocol/hl7/hl7.hpp"
#include "protocol/smb/smb.hpp"

namespace ward::protocol {
namespace {

constexpr std::array table{
    Protocol{"hl7", Transport::tcp, {2575, 6661}, hl7::probe, hl7::open_session},
    Protocol{"smb", Transport::tcp, {445, 139}, smb::probe, smb::open_session},
    Protocol{"dcerpc", Transport::tcp, {135}, dcerpc::probe, dcerpc::open_session},
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
