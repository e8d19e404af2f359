// SPDX-License-Identifier: Apache-2.0
#include "segment/talk.hpp"

namespace ward::segment {
namespace {

bool is_of_one_segment(const IpAddress& address) {
    const auto byte = [&](std::size_t i) { return std::to_integer<unsigned>(address.bytes[i]); };
    if (address.is_v4()) return byte(0) == 0 || byte(0) == 127 || (byte(0) == 169 && byte(1) == 254);
    const bool is_unspecified = address.words() == IpAddress{}.words();
    return is_unspecified || (byte(0) == 0xfe && (byte(1) & 0xc0U) == 0x80);
}

/// A flow has no netmask: what ends like the broadcast of a /24 or of anything wider, and never answers.
bool is_broadcast(const Talk& talk) {
    return talk.server.is_broadcast() || (talk.protocol == Protocol::udp && !talk.is_answered &&
                                          talk.server.is_v4() && talk.server.bytes[3] == std::byte{0xff});
}

std::uint16_t port_of(json::Value value) {
    const auto port = detect::count_of(value);
    return port <= 65'535 ? static_cast<std::uint16_t>(port) : std::uint16_t{0};
}

}   // namespace

std::variant<Talk, NotJudged> talk_of(const Seen& flow) {
    if (!flow.is("flow") || !flow.has_ends()) return NotJudged::other;
    const auto protocol = flow.whole["proto"].text();
    if (protocol != "TCP" && protocol != "UDP") return NotJudged::other;
    const auto tcp = flow.whole["tcp"];
    Talk talk{.client = flow.client,
              .server = flow.server,
              .protocol = protocol == "TCP" ? Protocol::tcp : Protocol::udp,
              .port = flow.server_port,
              .client_port = port_of(flow.whole["src_port"]),
              .is_whole = !tcp["midstream"].boolean().value_or(false) || !flow.protocol.empty()};
    const auto packets = detect::count_of(flow.own["pkts_toclient"]);
    // A refusal is one packet, or is said again to who asks again.
    const bool is_refused = tcp["state"].text() == "reset" && flow.protocol.empty();
    talk.is_answered = talk.protocol == Protocol::tcp ? packets >= 2 && !is_refused : packets >= 1;
    if (talk.server.is_multicast() || is_broadcast(talk) || is_of_one_segment(talk.server) ||
        is_of_one_segment(talk.client))
        return NotJudged::unrouted;
    return talk;
}

void Roles::learn(const Seen& seen) {
    if (!seen.is("device")) return;
    for (const auto text : seen.own["addresses"].items())
        if (const auto address = parse_ip_address(text.text())) roles_.at(*address) = seen.text("role");
}

std::string_view Roles::of(const IpAddress& address) {
    const auto* role = roles_.find(address);
    return role == nullptr ? std::string_view{} : *role;
}

}   // namespace ward::segment
