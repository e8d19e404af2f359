// SPDX-License-Identifier: Apache-2.0
#include "sensor/eve.hpp"

#include <array>

#include "event/flow.hpp"
#include "protocol/community_id.hpp"
#include "wire/packet.hpp"

namespace ward::sensor {
namespace {

bool has_ports(std::uint8_t ip_protocol) {
    return ip_protocol == wire::tcp || ip_protocol == wire::udp || ip_protocol == wire::sctp;
}

bool is_icmp(std::uint8_t ip_protocol) { return ip_protocol == wire::icmp || ip_protocol == wire::icmpv6; }

void write_ends(json::Writer& writer, const event::Conversation& between) {
    std::string text;
    const auto address = [&](std::string_view key, const IpAddress& value) {
        text.clear();
        append_text(text, value);
        writer.plain_key(key).plain_string(text);
    };
    const bool ports = has_ports(between.ip_protocol);
    address("src_ip", between.client.address);
    if (ports) writer.plain_key("src_port").number(between.client.port);
    address("dest_ip", between.server.address);
    if (ports) writer.plain_key("dest_port").number(between.server.port);
    writer.plain_key("proto").plain_string(protocol_name(between.ip_protocol));
    if (is_icmp(between.ip_protocol)) {
        writer.plain_key("icmp_type").number(between.client.port);
        writer.plain_key("icmp_code").number(between.icmp_code);
    }
    writer.member_unless_empty("app_proto", between.app_protocol);
    if (between.flow_id != 0) writer.plain_key("community_id").plain_string(protocol::community_id(between));
}

/// What EVE has of a flow beside its own member.
void write_beside(json::Writer& writer, const event::Flow& flow, const event::Conversation& between) {
    event::Fields fields{writer};
    fields("tcp", flow.tcp);
    if (between.client.mac.is_zero() && between.server.mac.is_zero()) return;
    // Who sent the frames: where there is a router between, that is the router.
    const auto one = [&](std::string_view key, const MacAddress& mac) {
        if (!mac.is_zero()) fields(key, std::array{mac});
    };
    writer.plain_key("ether").begin_object();
    one("src_macs", between.client.mac);
    one("dest_macs", between.server.mac);
    writer.end_object();
}

}   // namespace

std::string protocol_name(std::uint8_t ip_protocol) {
    switch (ip_protocol) {
        case wire::tcp: return "TCP";
        case wire::udp: return "UDP";
        case wire::icmp: return "ICMP";
        case wire::icmpv6: return "IPv6-ICMP";
        case wire::sctp: return "SCTP";
        default: return std::to_string(ip_protocol);
    }
}

void append_eve(std::string& out, const event::Event& event) {
    json::Writer writer{out};
    std::string time;
    event::append_text(time, event.at);
    writer.begin_object().plain_key("timestamp").plain_string(time);
    const auto& between = event.between;
    if (between.flow_id != 0) writer.plain_key("flow_id").number(static_cast<std::int64_t>(between.flow_id));
    if (event.packet != 0) writer.plain_key("pcap_cnt").number(static_cast<std::int64_t>(event.packet));
    writer.plain_key("event_type").plain_string(event.what.type());
    if (!between.vlans.empty()) {
        writer.plain_key("vlan").begin_array();
        for (const auto vlan : between.vlans) writer.number(vlan);
        writer.end_array();
    }
    if (between.client.address.family != IpAddress::Family::none) write_ends(writer, between);
    writer.plain_key(event.what.type());
    event.what.write(writer);
    if (const auto* flow = event.what.as<event::Flow>()) write_beside(writer, *flow, between);
    writer.end_object();
    out += '\n';
}

}   // namespace ward::sensor
