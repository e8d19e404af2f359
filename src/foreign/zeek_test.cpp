// SPDX-License-Identifier: Apache-2.0
#include "foreign/zeek.hpp"

#include <gtest/gtest.h>

namespace ward::foreign {
namespace {

constexpr std::string_view ends =
    R"("ts":1772445600.25,"uid":"CHhAvVGS1DHFjwGM9","id.orig_h":"10.0.1.7","id.orig_p":50000,)"
    R"("id.resp_h":"10.0.0.1","id.resp_p":445,)";

json::Document told(std::string_view log, const std::string& entry) {
    const auto parsed = json::Document::parse(entry);
    EXPECT_TRUE(parsed.has_value()) << entry;
    std::string out;
    EXPECT_EQ(translate_zeek(parsed->root(), log, out), Taken::told) << entry;
    auto event = json::Document::parse(out);
    EXPECT_TRUE(event.has_value()) << out;
    return *std::move(event);
}

json::Document entry(std::string_view log, std::string_view members) {
    return told(log, "{" + std::string{ends} + std::string{members} + "}");
}

TEST(OfZeek, AConnectionIsAFlow) {
    const auto flow =
        entry("conn", R"("proto":"tcp","service":"gssapi,smb,ntlm","duration":1.5,"orig_bytes":10,)"
                      R"("orig_ip_bytes":90,"resp_bytes":5,"conn_state":"S0","orig_pkts":2)");
    EXPECT_EQ(flow["timestamp"].text(), "2026-03-02T10:00:01.750000+0000");
    EXPECT_EQ(flow["event_type"].text(), "flow");
    EXPECT_EQ(flow["src_ip"].text(), "10.0.1.7");
    EXPECT_EQ(flow["proto"].text(), "TCP");
    EXPECT_EQ(flow["app_proto"].text(), "smb");
    EXPECT_EQ(flow["tcp"]["state"].text(), "syn_sent");
    EXPECT_EQ(flow["flow"]["bytes_toserver"].raw(), "90");
    EXPECT_EQ(flow["flow"]["bytes_toclient"].raw(), "5");
    EXPECT_EQ(flow["community_id"].text().substr(0, 2), "1:");
    EXPECT_EQ(flow["told_by"].text(), "zeek");
}

TEST(OfZeek, TimesMayBeInWords) {
    const auto event =
        told("ssh", R"({"ts":"2026-03-02T10:00:00.25Z","id.orig_h":"::1","client":"SSH-2.0-x"})");
    EXPECT_EQ(event["timestamp"].text(), "2026-03-02T10:00:00.250000+0000");
}

TEST(OfZeek, AnEntryOrElseItsFileSaysOfWhichLogItIs) {
    EXPECT_EQ(log_of("/logs/2026-03-02/conn.08:00:00-09:00:00.log"), "conn");
    EXPECT_EQ(log_of("dns.log"), "dns");
    EXPECT_EQ(log_of("-"), "-");
    EXPECT_EQ(entry("all", R"("_path":"ssl","server_name":"a.example")")["tls"]["sni"].text(), "a.example");
}

TEST(OfZeek, NamesOfTheDnsLeadToAddresses) {
    const auto dns =
        entry("dns", R"("proto":"udp","query":"a.example","qtype_name":"A","rcode_name":"NOERROR",)"
                     R"("answers":["b.example","192.0.2.1"],"TTLs":[60.0,60.0])");
    EXPECT_EQ(dns["dns"]["rrname"].text(), "a.example");
    EXPECT_EQ(dns["dns"]["answers"].raw(), R"([{"rrname":"a.example","rrtype":"CNAME","rdata":"b.example"},)"
                                           R"({"rrname":"a.example","rrtype":"A","rdata":"192.0.2.1"}])");
}

TEST(OfZeek, KerberosSaysWhatWasIssued) {
    auto event = entry("kerberos", R"("request_type":"TGS","client":"jones/A.EXAMPLE","service":"http/web",)"
                                   R"("success":true,"cipher":"rc4-hmac")");
    EXPECT_EQ(event["krb5"]["msg_type"].text(), "KRB_TGS_REP");
    EXPECT_EQ(event["krb5"]["ticket_encryption"].text(), "rc4-hmac");
    EXPECT_EQ(event["krb5"]["sname"].text(), "http/web");
    EXPECT_EQ(event.source().find("jones"), std::string::npos) << "Zeek writes the realm behind a slash";
    event =
        entry("kerberos",
              R"("request_type":"AS","client":"PUMP7$/A.EXAMPLE","success":false,"error_msg":"KDC_ERR_X")");
    EXPECT_EQ(event["krb5"]["msg_type"].text(), "KRB_ERROR");
    EXPECT_EQ(event["krb5"]["cname"].text(), "PUMP7$");
}

TEST(OfZeek, FilesOfSharesHaveNoNames) {
    auto event = entry(
        "smb_files", R"("action":"SMB::FILE_READ","path":"\\\\fs\\Ward","name":"a\\Jones.docx","size":900)");
    EXPECT_EQ(event["smb"]["transfer"]["read_bytes"].raw(), "900");
    EXPECT_EQ(event["smb"]["file"]["extension"].text(), "docx");
    EXPECT_EQ(event["smb"]["share"].text(), R"(\\fs\Ward)");
    EXPECT_EQ(event.source().find("Jones"), std::string::npos);
    event =
        entry("smb_files", R"("action":"SMB::FILE_RENAME","path":"x","prev_name":"a.docx","name":"a.zq7")");
    EXPECT_EQ(event["smb"]["action"].text(), "renamed");
    EXPECT_EQ(event["smb"]["file"]["extension"].text(), "docx");
    EXPECT_EQ(event["smb"]["renamed_to"]["extension"].text(), "other");
    event = entry("smb_mapping", R"("path":"\\\\fs\\IPC$","share_type":"PIPE")");
    EXPECT_EQ(event["smb"]["share_type"].text(), "PIPE");
}

TEST(OfZeek, CallsNameTheirOperation) {
    const auto event = entry("dce_rpc", R"("endpoint":"svcctl","operation":"CreateServiceW",)"
                                        R"("named_pipe":"\\pipe\\svcctl")");
    EXPECT_EQ(event["dcerpc"]["operation"].text(), "CreateServiceW");
    EXPECT_EQ(event["dcerpc"]["response"].text(), "RESPONSE");
}

TEST(OfZeek, SearchesOfADirectoryAreToldByTheirAttributes) {
    auto event = entry("ldap_search", R"~("scope":"tree","filter":"(&(objectClass=user)(!(cn=Jones*)))",)~"
                                      R"("result_count":90,)"
                                      R"("base_object":"cn=Jones")");
    EXPECT_EQ(event["ldap"]["scope"].text(), "whole_subtree");
    EXPECT_EQ(event["ldap"]["filter_attributes"].raw(), R"(["objectClass","cn"])");
    EXPECT_EQ(event["ldap"]["entries"].raw(), "90");
    EXPECT_EQ(event.source().find("Jones"), std::string::npos);
    event = entry("ldap", R"("opcode":"bind SASL","result":"success")");
    EXPECT_EQ(event["ldap"]["authentication"].text(), "sasl");
}

TEST(OfZeek, HttpRdpDhcpAndNotices) {
    auto event = entry("http", R"("host":"h","uri":"/patients/jones","method":"POST","status_code":200,)"
                               R"("orig_mime_types":["application/soap+xml"])");
    EXPECT_EQ(event["http"]["url"].text(), "/patients/{id}");
    EXPECT_EQ(event["http"]["request_content_type"].text(), "application/soap+xml");
    event = entry("rdp", R"("cookie":"jones","security_protocol":"HYBRID","client_name":"WS7")");
    EXPECT_EQ(event["rdp"]["cookie"].raw(), "true");
    EXPECT_EQ(event["rdp"]["client"]["client_name"].text(), "WS7");
    event = told(
        "dhcp",
        R"({"ts":1772445600,"mac":"00:11:22:33:44:55","assigned_addr":"10.0.1.9","msg_types":["REQUEST",)"
        R"("ACK"]})");
    EXPECT_EQ(event["dhcp"]["dhcp_type"].text(), "ack");
    event = told("notice",
                 R"({"ts":1772445600.0,"note":"Scan::Port_Scan","src":"10.0.1.7","dst":"10.0.0.1","p":22})");
    EXPECT_EQ(event["alert"]["signature"].text(), "Scan::Port_Scan");
    EXPECT_EQ(event["dest_port"].raw(), "22");
    event =
        told("x509", R"({"ts":1772445600.0,"certificate.subject":"CN=pump7.a.example","fingerprint":"AB"})");
    EXPECT_EQ(event["certificate"]["subject"].text(), "CN=pump7.a.example");
    event = told("known_hosts", R"({"ts":1772445600.0,"host":"10.0.1.7"})");
    EXPECT_EQ(event["src_ip"].text(), "10.0.1.7");
}

TEST(OfZeek, WhatIsNoLogOfOursIsLeftOutAndABrokenEntryIsTold) {
    std::string out;
    const auto parsed = json::Document::parse(R"({"ts":1772445600.0,"id.orig_h":"nobody"})");
    EXPECT_EQ(translate_zeek(parsed->root(), "pe", out), Taken::left_out);
    EXPECT_EQ(translate_zeek(parsed->root(), "ssh", out), Taken::malformed);
    const auto timeless = json::Document::parse(R"({"ts":-1})");
    EXPECT_EQ(translate_zeek(timeless->root(), "ssh", out), Taken::malformed);
    EXPECT_EQ(out, "");
}

}   // namespace
}   // namespace ward::foreign
