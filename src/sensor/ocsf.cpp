// SPDX-License-Identifier: Apache-2.0
#include "sensor/ocsf.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"
#include "devices/roles.hpp"
#include "event/device.hpp"
#include "event/dns.hpp"
#include "event/flow.hpp"
#include "event/http.hpp"
#include "event/tls.hpp"
#include "protocol/community_id.hpp"
#include "sensor/eve.hpp"
#include "wire/packet.hpp"

namespace ward::sensor {
namespace {

struct Class {
    std::int64_t uid;
    std::string_view name;
};
constexpr Class base_event{0, "Base Event"};
constexpr Class network_activity{4001, "Network Activity"};
constexpr Class http_activity{4002, "HTTP Activity"};
constexpr Class dns_activity{4003, "DNS Activity"};
constexpr Class device_inventory_info{5001, "Device Inventory Info"};

struct Activity {
    std::int64_t id;
    std::string_view name;
};
constexpr Activity traffic{6, "Traffic"};   // the same in classes 4001, 4003 and others
constexpr Activity other{99, "Other"};

constexpr std::array http_methods{Activity{1, "CONNECT"}, Activity{2, "DELETE"},  Activity{3, "GET"},
                                  Activity{4, "HEAD"},    Activity{5, "OPTIONS"}, Activity{6, "POST"},
                                  Activity{7, "PUT"},     Activity{8, "TRACE"}};

struct Kind {
    Class of;
    Activity activity;
};

Activity end_of(const event::Flow& flow) {
    constexpr Activity close{2, "Close"};
    constexpr Activity reset{3, "Reset"};
    constexpr Activity fail{4, "Fail"};
    if (!flow.tcp) return traffic;
    if (flow.tcp->state == "reset") return reset;
    return flow.tcp->state == "syn_sent" ? fail : close;
}

Kind kind_of(const event::Event& event) {
    if (event.what.as<event::DeviceNews>() != nullptr) return {device_inventory_info, {2, "Collect"}};
    if (event.between.client.address.family == IpAddress::Family::none) return {base_event, other};
    if (const auto* flow = event.what.as<event::Flow>()) return {network_activity, end_of(*flow)};
    if (const auto* request = event.what.as<event::Http>()) {
        const auto known =
            std::ranges::find(http_methods, std::string_view{request->http_method}, &Activity::name);
        return {http_activity, known == http_methods.end() ? other : *known};
    }
    if (const auto* query = event.what.as<event::Dns>())
        return {dns_activity, query->rcode.empty() ? Activity{1, "Query"} : Activity{2, "Response"}};
    return {network_activity, traffic};
}

std::int64_t milliseconds(event::Time time) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

void write_endpoint(json::Writer& writer, std::string_view key, const event::Endpoint& endpoint,
                    bool has_port) {
    writer.key(key).begin_object().member("ip", to_text(endpoint.address));
    if (has_port) writer.key("port").number(endpoint.port);
    if (!endpoint.mac.is_zero()) writer.member("mac", to_text(endpoint.mac));
    writer.end_object();
}

void write_connection(json::Writer& writer, const event::Event& event) {
    const auto& between = event.between;
    const bool has_ports = between.ip_protocol == wire::tcp || between.ip_protocol == wire::udp ||
                           between.ip_protocol == wire::sctp;
    write_endpoint(writer, "src_endpoint", between.client, has_ports);
    write_endpoint(writer, "dst_endpoint", between.server, has_ports);
    writer.key("connection_info").begin_object();
    writer.key("direction_id").number(0);   // the sensor does not know which side is inside
    writer.key("protocol_num").number(between.ip_protocol);
    writer.member("protocol_name", lowered(protocol_name(between.ip_protocol)));
    if (between.flow_id != 0) {
        writer.member("uid", std::to_string(between.flow_id));
        writer.member("community_uid", protocol::community_id(between));
    }
    writer.end_object();
    writer.member_unless_empty("app_name", between.app_protocol);
}

void write_traffic(json::Writer& writer, const event::Flow& flow) {
    const auto count = [&](std::string_view key, std::uint64_t number) {
        writer.key(key).number(static_cast<std::int64_t>(number));
    };
    writer.key("start_time").number(milliseconds(flow.start));
    writer.key("end_time").number(milliseconds(flow.end));
    writer.key("traffic").begin_object();
    count("packets_out", flow.packets_to_server);
    count("packets_in", flow.packets_to_client);
    count("packets", flow.packets_to_server + flow.packets_to_client);
    count("bytes_out", flow.bytes_to_server);
    count("bytes_in", flow.bytes_to_client);
    count("bytes", flow.bytes_to_server + flow.bytes_to_client);
    writer.end_object();
}

void write_http(json::Writer& writer, const event::Http& http) {
    event::Fields fields{writer};
    writer.key("http_request").begin_object();
    fields("http_method", http.http_method);
    fields("user_agent", http.http_user_agent);
    writer.key("url").begin_object();
    fields("hostname", http.hostname);
    fields("path", http.url);
    writer.end_object();
    writer.end_object();
    if (!http.status) return;
    writer.key("http_response").begin_object();
    fields("code", http.status);
    fields("content_type", http.http_content_type);
    writer.end_object();
}

void write_dns(json::Writer& writer, const event::Dns& dns) {
    event::Fields fields{writer};
    writer.key("query").begin_object();
    fields("hostname", dns.rrname);
    fields("type", dns.rrtype);
    writer.key("packet_uid").number(dns.id);
    writer.end_object();
    fields("rcode", dns.rcode);
    if (dns.answers.empty()) return;
    writer.key("answers").begin_array();
    for (const auto& answer : dns.answers) {
        writer.begin_object();
        fields("rdata", answer.rdata);
        fields("type", answer.rrtype);
        fields("ttl", answer.ttl);
        writer.end_object();
    }
    writer.end_array();
}

void write_tls(json::Writer& writer, const event::TlsHandshake& tls) {
    event::Fields fields{writer};
    writer.key("tls").begin_object();
    fields("version", tls.version);
    fields("sni", tls.sni);
    fields("cipher", tls.cipher);
    const auto fingerprint = [&](std::string_view key, const std::optional<event::Ja3>& ja3) {
        if (!ja3) return;
        writer.key(key).begin_object();
        writer.key("algorithm_id").number(1);   // MD5
        fields("value", ja3->hash);
        writer.end_object();
    };
    fingerprint("ja3_hash", tls.ja3);
    fingerprint("ja3s_hash", tls.ja3s);
    if (tls.certificate) {
        writer.key("certificate").begin_object();
        fields("subject", tls.certificate->subject);
        fields("issuer", tls.certificate->issuerdn);
        fields("serial_number", tls.certificate->serial);
        writer.end_object();
    }
    writer.end_object();
}

/// OCSF's types of devices, of which few are a hospital's.
std::int64_t type_of(std::string_view role) {
    using namespace devices::roles;
    if (role.empty()) return 0;
    constexpr std::array servers{server, pacs, ris, lis, ehr, order_entry, fhir_server, interface_engine};
    if (std::ranges::find(servers, role) != servers.end()) return 1;
    return role == workstation ? 2 : 99;
}

void write_device(json::Writer& writer, const event::DeviceNews& news) {
    event::Fields fields{writer};
    writer.key("device").begin_object();
    writer.key("type_id").number(type_of(news.role));
    fields("type", news.role);
    fields("uid", news.id);
    fields("name", news.name);
    if (!news.addresses.empty()) fields("ip", news.addresses.front());
    writer.end_object();
}

/// What has no place in the schema: the event as EVE has it.
void write_unmapped(json::Writer& writer, const event::Event& event) {
    writer.key("unmapped").begin_object();
    const auto& between = event.between;
    if (event.packet != 0) writer.key("pcap_cnt").number(static_cast<std::int64_t>(event.packet));
    event::Fields fields{writer};
    fields("vlan", between.vlans);
    if (between.ip_protocol == wire::icmp || between.ip_protocol == wire::icmpv6) {
        writer.key("icmp_type").number(between.client.port);
        writer.key("icmp_code").number(between.icmp_code);
    }
    writer.key(event.what.type());
    event.what.write(writer);
    if (const auto* flow = event.what.as<event::Flow>()) fields("tcp", flow->tcp);
    writer.end_object();
}

}   // namespace

void append_ocsf(std::string& out, const event::Event& event) {
    const auto [of, activity] = kind_of(event);
    json::Writer writer{out};
    writer.begin_object();
    writer.key("activity_id").number(activity.id).member("activity_name", activity.name);
    writer.key("category_uid").number(of.uid / 1000);
    writer.key("class_uid").number(of.uid).member("class_name", of.name);
    writer.key("type_uid").number(of.uid * 100 + activity.id);
    writer.key("time").number(milliseconds(event.at));
    writer.key("severity_id").number(1).member("severity", "Informational");
    writer.key("metadata").begin_object().member("version", "1.4.0").member("event_code", event.what.type());
    writer.key("product").begin_object().member("name", "Ward").member("vendor_name", "Ward").end_object();
    writer.end_object();
    if (event.between.client.address.family != IpAddress::Family::none) write_connection(writer, event);
    if (const auto* flow = event.what.as<event::Flow>()) write_traffic(writer, *flow);
    if (const auto* http_event = event.what.as<event::Http>()) write_http(writer, *http_event);
    if (const auto* dns_event = event.what.as<event::Dns>()) write_dns(writer, *dns_event);
    if (const auto* tls_event = event.what.as<event::TlsHandshake>()) write_tls(writer, *tls_event);
    if (const auto* news = event.what.as<event::DeviceNews>()) write_device(writer, *news);
    write_unmapped(writer, event);
    writer.end_object();
    out += '\n';
}

}   // namespace ward::sensor
