// SPDX-License-Identifier: Apache-2.0
#include "foreign/envelope.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "core/text.hpp"
#include "protocol/community_id.hpp"

namespace ward::foreign {
namespace {

struct IpProtocol {
    std::string_view name;
    std::uint8_t number;
};

// IANA, Protocol Numbers
constexpr std::array ip_protocols{IpProtocol{"TCP", 6}, IpProtocol{"UDP", 17}, IpProtocol{"ICMP", 1},
                                  IpProtocol{"IPv6-ICMP", 58}, IpProtocol{"SCTP", 132}};

std::string community_id_of(const Envelope& envelope) {
    const auto known = std::ranges::find_if(
        ip_protocols, [&](const IpProtocol& one) { return one.name == envelope.protocol; });
    // Of others the ports are none: without the types of ICMP its conversation has no name.
    if (known == ip_protocols.end() || known->name.ends_with("ICMP")) return {};
    event::Conversation between;
    between.client = envelope.client;
    between.server = envelope.server;
    between.ip_protocol = known->number;
    return protocol::community_id(between);
}

void write_ends(json::Writer& writer, const Envelope& envelope) {
    using Family = IpAddress::Family;
    if (envelope.client.address.family == Family::none) return;
    writer.member("src_ip", to_text(envelope.client.address));
    if (envelope.client.port != 0) writer.key("src_port").number(envelope.client.port);
    if (envelope.server.address.family == Family::none) return;
    writer.member("dest_ip", to_text(envelope.server.address));
    if (envelope.server.port != 0) writer.key("dest_port").number(envelope.server.port);
    writer.member_unless_empty("proto", envelope.protocol);
    writer.member_unless_empty("app_proto", envelope.app_protocol);
    writer.member_unless_empty("community_id", envelope.community_id.empty()
                                                   ? community_id_of(envelope)
                                                   : std::string{envelope.community_id});
}

}   // namespace

void append(std::string& out, const Envelope& envelope, WriteMembers own, WriteMembers beside) {
    json::Writer writer{out};
    std::string time;
    event::append_text(time, envelope.at);
    writer.begin_object().member("timestamp", time);
    if (envelope.flow_id != 0) writer.key("flow_id").number(static_cast<std::int64_t>(envelope.flow_id));
    writer.member("event_type", envelope.type).member("told_by", envelope.told_by);
    if (!envelope.vlans.empty()) {
        writer.key("vlan").begin_array();
        for (const auto vlan : envelope.vlans) writer.number(vlan);
        writer.end_array();
    }
    write_ends(writer, envelope);
    writer.key(envelope.type).begin_object();
    own(writer);
    writer.end_object();
    beside(writer);
    writer.end_object();
    out += '\n';
}

std::uint64_t count_in(json::Value value) {
    constexpr double exact_max = 9'007'199'254'740'992;   // 2^53
    const auto number = value.number().value_or(0);
    return number >= 0 && number <= exact_max ? static_cast<std::uint64_t>(number) : 0;
}

std::uint16_t port_in(json::Value value) {
    const auto count = count_in(value);
    return count <= std::numeric_limits<std::uint16_t>::max() ? static_cast<std::uint16_t>(count)
                                                              : std::uint16_t{0};
}

}   // namespace ward::foreign
