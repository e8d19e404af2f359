// SPDX-License-Identifier: Apache-2.0
// Suricata's events, a row each, and what of them is told.
#pragma once

#include <array>

#include "foreign/table.hpp"

namespace ward::foreign::suricata {

/// Of what packet `src_ip` is the sender.
enum class Ends : std::uint8_t {
    client_first,   // of the conversation's first
    packet,         // of the one that made Suricata tell it, often one that goes back
    none,           // of none
};

struct Event {
    std::string_view type;
    Ends ends;
    std::span<const Field> fields;
    std::uint16_t port = 0;   // of servers, where most have the same
};

// clang-format off
constexpr std::array flow{
    Field{"pkts_toserver", "pkts_toserver"}, Field{"pkts_toclient", "pkts_toclient"},
    Field{"bytes_toserver", "bytes_toserver"}, Field{"bytes_toclient", "bytes_toclient"},
    Field{"start", "start"}, Field{"end", "end"}, Field{"age", "age"}, Field{"state", "state"},
    Field{"reason", "reason"}};
constexpr std::array tcp{
    Field{"tcp_flags", "tcp_flags"}, Field{"tcp_flags_ts", "tcp_flags_ts"},
    Field{"tcp_flags_tc", "tcp_flags_tc"}};
constexpr std::array dns{
    Field{"id", "id"}, Field{"flags", "flags"}, Field{"rcode", "rcode"}, Field{"tc", "tc"},
    Field{"aa", "aa"}};
constexpr std::array dns_question{
    Field{"rrname", "rrname", How::host_name}, Field{"rrtype", "rrtype"}};
constexpr std::array dns_answer{
    Field{"rrname", "rrname", How::host_name}, Field{"rrtype", "rrtype"}, Field{"ttl", "ttl"},
    Field{"rdata", "rdata", How::host_name}};
constexpr std::array tls{
    Field{"version", "version"}, Field{"sni", "sni", How::host_name},
    Field{"client_alpns", "client_alpns"}, Field{"server_alpns", "server_alpns"},
    Field{"ja3/hash", "ja3/hash"}, Field{"ja3/string", "ja3/string"},
    Field{"ja3s/hash", "ja3s/hash"}, Field{"ja3s/string", "ja3s/string"}, Field{"ja4", "ja4"},
    Field{"session_resumed", "session_resumed"}, Field{"subject", "subject", How::subject},
    Field{"issuerdn", "issuerdn"}, Field{"serial", "serial"}, Field{"fingerprint", "fingerprint", How::lower},
    Field{"notbefore", "notbefore"}, Field{"notafter", "notafter"}, Field{"subjectaltname", "subjectaltname"},
    Field{"client/subject", "client/subject", How::organisation}, Field{"client/issuerdn", "client/issuerdn"},
    Field{"client/fingerprint", "client/fingerprint", How::lower}};
constexpr std::array http{
    Field{"hostname", "hostname"}, Field{"http_port", "http_port"}, Field{"url", "url", How::url},
    Field{"http_user_agent", "http_user_agent", How::products},
    Field{"http_content_type", "http_content_type"}, Field{"http_method", "http_method"},
    Field{"protocol", "protocol"}, Field{"status", "status"}, Field{"redirect", "redirect", How::uri},
    Field{"length", "length"}};
constexpr std::array krb5{
    Field{"failed_request", "request"}, Field{"realm", "realm"}, Field{"cname", "cname", How::machine},
    Field{"sname", "sname"}, Field{"encryption", "encryption"},
    Field{"ticket_encryption", "ticket_encryption"}, Field{"weak_encryption", "weak_encryption"},
    Field{"error_code", "error_code"}};
constexpr std::array smb{
    Field{"command", "command"}, Field{"dialect", "dialect"}, Field{"status", "status"},
    Field{"status_code", "status_code"}, Field{"session_id", "session_id"}, Field{"tree_id", "tree_id"},
    Field{"client_dialects", "client_dialects"}, Field{"server_guid", "server_guid"},
    Field{"client_guid", "client_guid"}, Field{"ntlmssp/domain", "ntlmssp/domain"},
    Field{"ntlmssp/host", "ntlmssp/host"}, Field{"response/native_os", "native_os"},
    Field{"response/native_lm", "native_lm"}, Field{"disposition", "disposition"}, Field{"access", "access"}};
constexpr std::array smb_file{
    Field{"filename", "file", How::file}, Field{"directory", "file", How::file},
    Field{"directory", "directory", How::is_there}, Field{"rename/from", "file", How::file},
    Field{"rename/to", "renamed_to", How::file}};
constexpr std::array dcerpc{
    Field{"request", "request"}, Field{"response", "response"}, Field{"call_id", "call_id"},
    Field{"opnum", "opnum"}, Field{"req/stub_data_size", "request_bytes"},
    Field{"res/stub_data_size", "response_bytes"}};
constexpr std::array ldap{
    Field{"request/operation", "operation"}, Field{"request/message_id", "message_id"},
    Field{"request/bind_request/version", "version"},
    Field{"request/bind_request/sasl/mechanism", "mechanism"}};
constexpr std::array ssh{
    Field{"client/proto_version", "client/proto_version"},
    Field{"client/software_version", "client/software_version"},
    Field{"client/hassh/hash", "client/hassh/hash"}, Field{"client/hassh/string", "client/hassh/string"},
    Field{"server/proto_version", "server/proto_version"},
    Field{"server/software_version", "server/software_version"},
    Field{"server/hassh/hash", "server/hassh/hash"}, Field{"server/hassh/string", "server/hassh/string"}};
constexpr std::array rdp{
    Field{"cookie", "cookie", How::is_there}, Field{"protocol", "protocol"},
    Field{"error_code", "error_code"}, Field{"client/version", "client/version"},
    Field{"client/client_name", "client/client_name"}, Field{"client/build", "client/build"},
    Field{"channels", "channels"}};
constexpr std::array dhcp{
    Field{"type", "type"}, Field{"dhcp_type", "dhcp_type"}, Field{"id", "id"},
    Field{"client_mac", "client_mac", How::lower}, Field{"client_ip", "client_ip"},
    Field{"assigned_ip", "assigned_ip"}, Field{"relay_ip", "relay_ip"},
    Field{"requested_ip", "requested_ip"}, Field{"hostname", "hostname"},
    Field{"vendor_class_identifier", "vendor_class_identifier"}, Field{"subnet_mask", "subnet_mask"},
    Field{"routers", "routers"}, Field{"dns_servers", "dns_servers"}, Field{"lease_time", "lease_time"}};
constexpr std::array arp{
    Field{"opcode", "opcode"}, Field{"src_mac", "src_mac", How::lower}, Field{"src_ip", "src_ip"}};
constexpr std::array smtp{Field{"helo", "helo"}};
constexpr std::array sip{Field{"method", "method"}, Field{"code", "code"}};
constexpr std::array snmp{Field{"version", "version"}, Field{"pdu_type", "pdu_type"}};
constexpr std::array quic{Field{"version", "version"}, Field{"sni", "sni"}};
constexpr std::array rfb{
    Field{"server_protocol_version/major", "server_version"},
    Field{"authentication/security_type", "security_type"}};
constexpr std::array anomaly{Field{"type", "type"}, Field{"event", "event"}};
constexpr std::array alert{
    Field{"signature", "signature"}, Field{"signature_id", "signature_id"}, Field{"rev", "rev"},
    Field{"category", "category"}, Field{"severity", "severity"}, Field{"action", "action"},
    Field{"metadata/mitre_technique_id", "techniques"}, Field{"metadata/confidence", "confidence"},
    Field{"source/ip", "source"}, Field{"target/ip", "target"}};
constexpr std::array stats{
    Field{"uptime", "uptime"}, Field{"capture/kernel_packets", "kernel_packets"},
    Field{"capture/kernel_drops", "kernel_drops"}, Field{"decoder/pkts", "packets"},
    Field{"decoder/bytes", "bytes"}, Field{"decoder/invalid", "undecodable"},
    Field{"flow/total", "flows"}, Field{"flow/memcap", "flows_evicted"}};

constexpr std::array events{
    Event{"alert", Ends::packet, alert},
    Event{"anomaly", Ends::packet, anomaly},
    Event{"arp", Ends::none, arp},
    Event{"dcerpc", Ends::client_first, dcerpc, 135},
    Event{"dhcp", Ends::packet, dhcp, 67},
    Event{"dns", Ends::packet, dns, 53},
    Event{"fileinfo", Ends::packet, {}, 445},
    Event{"flow", Ends::client_first, flow},
    Event{"http", Ends::client_first, http},
    Event{"krb5", Ends::packet, krb5, 88},
    Event{"ldap", Ends::client_first, ldap},
    Event{"quic", Ends::packet, quic, 443},
    Event{"rdp", Ends::packet, rdp, 3389},
    Event{"rfb", Ends::packet, rfb},
    Event{"sip", Ends::packet, sip, 5060},
    Event{"smb", Ends::client_first, smb},
    Event{"smtp", Ends::client_first, smtp},
    Event{"snmp", Ends::packet, snmp, 161},
    Event{"ssh", Ends::client_first, ssh},
    Event{"stats", Ends::none, stats},
    Event{"tls", Ends::client_first, tls},
};
// clang-format on

}   // namespace ward::foreign::suricata
