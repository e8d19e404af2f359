// SPDX-License-Identifier: Apache-2.0
// Zeek's logs, a row each, and what of their entries is told.
#pragma once

#include <array>

#include "foreign/table.hpp"

namespace ward::foreign::zeek {

struct Log {
    std::string_view name;
    std::string_view type;   // of ours
    std::string_view app_protocol;
    std::string_view transport;   // where the entries do not say, and it can be no other
    std::span<const Field> fields;
};

/// Zeek's word for something, and ours.
struct Word {
    std::string_view theirs;
    std::string_view ours;
    std::string_view more{};
};

// clang-format off
constexpr std::array conn{
    Field{"orig_pkts", "pkts_toserver"}, Field{"resp_pkts", "pkts_toclient"}};
constexpr std::array dns{
    Field{"trans_id", "id"}, Field{"query", "rrname", How::host_name}, Field{"qtype_name", "rrtype"},
    Field{"rcode_name", "rcode"}, Field{"TC", "tc"}, Field{"AA", "aa"}};
constexpr std::array ssl{
    Field{"version", "version"}, Field{"server_name", "sni", How::host_name}, Field{"cipher", "cipher"},
    Field{"next_protocol", "server_alpns"}, Field{"ja3", "ja3/hash"}, Field{"ja3s", "ja3s/hash"},
    Field{"ja4", "ja4"}, Field{"resumed", "session_resumed"}, Field{"subject", "subject", How::subject},
    Field{"issuer", "issuerdn"}, Field{"client_subject", "client/subject", How::organisation},
    Field{"client_issuer", "client/issuerdn"}, Field{"last_alert", "alert"}};
constexpr std::array http{
    Field{"host", "hostname"}, Field{"uri", "url", How::url},
    Field{"user_agent", "http_user_agent", How::products}, Field{"method", "http_method"},
    Field{"status_code", "status"}, Field{"request_body_len", "request_length"},
    Field{"response_body_len", "length"}};
constexpr std::array kerberos{
    Field{"client", "cname", How::realm_machine}, Field{"service", "sname"},
    Field{"cipher", "ticket_encryption"},
    Field{"error_msg", "error_code"}};
constexpr std::array smb_files{Field{"path", "share", How::share}};
constexpr std::array smb_mapping{Field{"path", "share", How::share}};
constexpr std::array dce_rpc{Field{"operation", "operation"}};
constexpr std::array ldap{
    Field{"message_id", "message_id"}, Field{"version", "version"}, Field{"result", "result"}};
constexpr std::array ldap_search{
    Field{"message_id", "message_id"}, Field{"result_count", "entries"}, Field{"result", "result"}};
constexpr std::array rdp{
    Field{"cookie", "cookie", How::is_there}, Field{"security_protocol", "protocol", How::lower},
    Field{"client_name", "client/client_name"}, Field{"client_channels", "channels"}};
constexpr std::array ssh{
    Field{"client", "client/software_version"}, Field{"hassh", "client/hassh/hash"},
    Field{"server", "server/software_version"}, Field{"hasshServer", "server/hassh/hash"}};
constexpr std::array dhcp{
    Field{"mac", "client_mac", How::lower}, Field{"client_addr", "client_ip"},
    Field{"assigned_addr", "assigned_ip"}, Field{"requested_addr", "requested_ip"},
    Field{"host_name", "hostname"}, Field{"domain", "domain"}, Field{"lease_time", "lease_time"}};
constexpr std::array smtp{Field{"helo", "helo"}};
constexpr std::array snmp{Field{"version", "version"}};
constexpr std::array notice{Field{"note", "signature"}};
constexpr std::array weird{Field{"name", "event"}};
constexpr std::array x509{
    Field{"certificate.subject", "subject", How::subject}, Field{"certificate.issuer", "issuerdn"},
    Field{"certificate.serial", "serial"}, Field{"fingerprint", "fingerprint", How::lower},
    Field{"certificate.key_type", "key_type"}, Field{"certificate.key_length", "key_bits"},
    Field{"certificate.sig_alg", "signature_algorithm"}, Field{"san.dns", "subjectaltname"}};
constexpr std::array known_hosts{Field{"host", "address"}};

constexpr std::array logs{
    Log{"conn", "flow", "", "", conn},
    Log{"dce_rpc", "dcerpc", "dcerpc", "TCP", dce_rpc},
    Log{"dhcp", "dhcp", "dhcp", "UDP", dhcp},
    Log{"dns", "dns", "dns", "", dns},
    Log{"http", "http", "http", "TCP", http},
    Log{"kerberos", "krb5", "krb5", "", kerberos},
    Log{"known_hosts", "known_host", "", "", known_hosts},
    Log{"ldap", "ldap", "ldap", "", ldap},
    Log{"ldap_search", "ldap", "ldap", "", ldap_search},
    Log{"notice", "alert", "", "", notice},
    Log{"rdp", "rdp", "rdp", "TCP", rdp},
    Log{"smb_files", "smb", "smb", "TCP", smb_files},
    Log{"smb_mapping", "smb", "smb", "TCP", smb_mapping},
    Log{"smtp", "smtp", "smtp", "TCP", smtp},
    Log{"snmp", "snmp", "snmp", "UDP", snmp},
    Log{"ssh", "ssh", "ssh", "TCP", ssh},
    Log{"ssl", "tls", "tls", "TCP", ssl},
    Log{"weird", "anomaly", "", "", weird},
    Log{"x509", "certificate", "", "", x509},
};

// base/protocols/conn/main.zeek: what became of a connection; ours of the flow, and of TCP.
constexpr std::array conn_states{
    Word{"S0", "new", "syn_sent"}, Word{"S1", "established", "established"},
    Word{"SF", "closed", "closed"}, Word{"REJ", "closed", "reset"},
    Word{"S2", "established", "established"}, Word{"S3", "established", "established"},
    Word{"RSTO", "closed", "reset"}, Word{"RSTR", "closed", "reset"},
    Word{"RSTOS0", "closed", "reset"}, Word{"RSTRH", "closed", "reset"},
    Word{"SH", "new", "syn_sent"}, Word{"SHR", "closed", "closed"},
    Word{"OTH", "established", "established"}};
// What is found within what, in the order of `service`: the last one that is known counts.
constexpr std::array services{
    Word{"ssl", "tls"}, Word{"dce_rpc", "dcerpc"}, Word{"krb", "krb5"}, Word{"krb_tcp", "krb5"},
    Word{"ldap_tcp", "ldap"}, Word{"ldap_udp", "ldap"}, Word{"gssapi", ""}, Word{"ntlm", ""},
    Word{"spnego", ""}};
constexpr std::array smb_actions{
    Word{"SMB::FILE_OPEN", "SMB2_COMMAND_CREATE"}, Word{"SMB::FILE_READ", "SMB2_COMMAND_CLOSE", "read"},
    Word{"SMB::FILE_WRITE", "SMB2_COMMAND_CLOSE", "written"},
    Word{"SMB::FILE_CLOSE", "SMB2_COMMAND_CLOSE"},
    Word{"SMB::FILE_DELETE", "SMB2_COMMAND_SET_INFO", "deleted"},
    Word{"SMB::FILE_RENAME", "SMB2_COMMAND_SET_INFO", "renamed"},
    Word{"SMB::FILE_SET_ATTRIBUTE", "SMB2_COMMAND_SET_INFO"},
    Word{"SMB::PIPE_OPEN", "SMB2_COMMAND_CREATE"}, Word{"SMB::PIPE_READ", "SMB2_COMMAND_READ"},
    Word{"SMB::PIPE_WRITE", "SMB2_COMMAND_WRITE"}, Word{"SMB::PIPE_CLOSE", "SMB2_COMMAND_CLOSE"}};
constexpr std::array ldap_operations{
    Word{"bind simple", "bind_request", "simple"}, Word{"bind SASL", "bind_request", "sasl"},
    Word{"bind", "bind_request"}, Word{"unbind", "unbind_request"}, Word{"modify", "modify_request"},
    Word{"add", "add_request"}, Word{"delete", "del_request"}, Word{"compare", "compare_request"},
    Word{"extended", "extended_request"}};
constexpr std::array ldap_scopes{
    Word{"base", "base_object"}, Word{"single", "single_level"}, Word{"tree", "whole_subtree"}};
constexpr std::array share_types{Word{"DISK", "FILE"}, Word{"PIPE", "PIPE"}, Word{"PRINT", "PRINT"}};
// clang-format on

}   // namespace ward::foreign::zeek
