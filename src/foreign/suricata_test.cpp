// SPDX-License-Identifier: Apache-2.0
#include "foreign/suricata.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <vector>

#include "core/text.hpp"

namespace ward::foreign {
namespace {

class OfSuricata : public ::testing::Test {
protected:
    /// What one of its events becomes. Its client is 10.0.1.7, its server 10.0.0.1.
    std::vector<json::Document> told(std::string_view type, std::string_view own, std::uint16_t server_port,
                                     bool is_answer = false, std::string_view beside = R"("ip_v":4)") {
        const auto client = R"("{}_ip":"10.0.1.7","{}_port":50000)",
                   server = R"("{}_ip":"10.0.0.1","{}_port":{})";
        const auto* from = is_answer ? "dest" : "src";
        const auto* to = is_answer ? "src" : "dest";
        return told_of(
            fmt::format(R"({{"timestamp":"2026-03-02T10:00:00.5+0100","flow_id":7,"event_type":"{}",{},{},)"
                        R"("proto":"TCP",)"
                        R"({},"{}":{}}})",
                        type, fmt::format(fmt::runtime(client), from, from),
                        fmt::format(fmt::runtime(server), to, to, server_port), beside, type, own));
    }
    std::vector<json::Document> told_of(std::string line) {
        const auto event = json::Document::parse(std::move(line));
        EXPECT_TRUE(event.has_value());
        std::string out;
        taken_ = suricata_.translate(event->root(), out);
        std::vector<json::Document> all;
        for (std::string_view rest = out; !rest.empty();)
            all.push_back(*json::Document::parse(std::string{take_until(rest, '\n')}));
        return all;
    }
    void expect_client_is_client(const json::Document& event) {
        EXPECT_EQ(event["src_ip"].text(), "10.0.1.7");
        EXPECT_EQ(event["src_port"].raw(), "50000");
        EXPECT_EQ(event["dest_ip"].text(), "10.0.0.1");
    }

    Suricata suricata_;
    Taken taken_ = Taken::told;
};

TEST_F(OfSuricata, AnAnswerDoesNotTurnTheEndsAround) {
    constexpr std::string_view answer =
        R"({"version":3,"type":"response","id":9,"rcode":"NOERROR","queries":[{"rrname":"a.example",)"
        R"("rrtype":"A"}],)"
        R"("answers":[{"rrname":"a.example","rrtype":"A","ttl":60,"rdata":"192.0.2.1"}]})";
    const auto events = told("dns", answer, 53, true);
    ASSERT_EQ(events.size(), 1U);
    expect_client_is_client(events[0]);
    EXPECT_EQ(events[0]["timestamp"].text(), "2026-03-02T09:00:00.500000+0000");
    EXPECT_EQ(events[0]["told_by"].text(), "suricata");
    EXPECT_EQ(events[0]["community_id"].text().substr(0, 2), "1:") << "worked out where there is none";
    const auto dns = events[0]["dns"];
    EXPECT_EQ(dns["rrname"].text(), "a.example");
    EXPECT_EQ((*dns["answers"].items().begin())["rdata"].text(), "192.0.2.1");
}

TEST_F(OfSuricata, DnsOfOlderVersionsSaysTheSame) {
    constexpr std::string_view second =
        R"({"version":2,"type":"answer","rrname":"a.example","rrtype":"A","rcode":"NOERROR",)"
        R"("answers":[{"rrname":"a.example","rrtype":"A","ttl":60,"rdata":"192.0.2.1"}]})";
    constexpr std::string_view first =
        R"({"type":"answer","rrname":"a.example","rrtype":"A","rcode":"NOERROR","ttl":60,)"
        R"("rdata":"192.0.2.1"})";
    for (const auto own : {second, first})
        for (const bool is_turned : {false, true}) {
            const auto events = told("dns", own, 53, is_turned);
            ASSERT_EQ(events.size(), 1U);
            expect_client_is_client(events[0]);
            EXPECT_EQ(events[0]["dns"]["rrname"].text(), "a.example");
            EXPECT_EQ(events[0]["dns"]["answers"].size(), 1U);
        }
}

TEST_F(OfSuricata, KerberosNamesServicesAndMachinesAndNoPeople) {
    constexpr std::string_view reply =
        R"({"msg_type":"KRB_TGS_REP","cname":"nurse7","realm":"A.EXAMPLE","sname":"http/web",)"
        R"("encryption":"x",)"
        R"("ticket_encryption":"rc4-hmac","weak_encryption":false})";
    auto events = told("krb5", reply, 88);
    EXPECT_EQ(events.at(0)["krb5"]["ticket_encryption"].text(), "rc4-hmac");
    EXPECT_EQ(events.at(0)["krb5"]["msg_type"].text(), "KRB_TGS_REP");
    EXPECT_FALSE(events.at(0)["krb5"]["cname"].exists());
    events = told("krb5",
                  R"({"msg_type":"KRB_TGS_REQ","cname":"PUMP7$","sname":"http/web","encryption":"<none>"})",
                  88, true);
    expect_client_is_client(events.at(0));
    EXPECT_EQ(events.at(0)["krb5"]["request"].text(), "KRB_TGS_REQ");
    EXPECT_EQ(events.at(0)["krb5"]["cname"].text(), "PUMP7$");
    EXPECT_FALSE(events.at(0)["krb5"]["encryption"].exists());
}

TEST_F(OfSuricata, AFlowIsOverWhenItEnded) {
    const auto events = told(
        "flow",
        R"({"pkts_toserver":3,"bytes_toserver":180,"bytes_toclient":60,"start":"2026-03-02T10:01:00+0100",)"
        R"("end":"2026-03-02T10:02:00+0100","state":"closed","alerted":false})",
        445, false, R"("app_proto":"failed","tcp":{"tcp_flags":"16","rst":true,"state":"closed"})");
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0]["timestamp"].text(), "2026-03-02T09:02:00.000000+0000");
    EXPECT_EQ(events[0]["tcp"]["state"].text(), "reset");
    EXPECT_FALSE(events[0]["app_proto"].exists());
    EXPECT_FALSE(events[0]["flow"]["alerted"].exists());
}

TEST_F(OfSuricata, AFileOfAShareIsTellsItsKindAndNotItsName) {
    told("smb",
         R"({"id":1,"command":"SMB2_COMMAND_TREE_CONNECT","tree_id":5,"share":"\\\\fs\\Ward",)"
         R"("share_type":"FILE"})",
         445);
    auto events =
        told("smb",
             R"({"id":2,"command":"SMB2_COMMAND_SET_INFO","tree_id":5,"rename":{"from":"a\\Jones.docx",)"
             R"("to":"b"}})",
             445);
    ASSERT_EQ(events.size(), 1U);
    const auto smb = events[0]["smb"];
    EXPECT_EQ(smb["share"].text(), R"(\\fs\Ward)");
    EXPECT_EQ(smb["action"].text(), "renamed");
    EXPECT_EQ(smb["file"]["extension"].text(), "docx");
    EXPECT_EQ(events[0].source().find("Jones"), std::string::npos);
    events = told_of(
        R"({"timestamp":"2026-03-02T10:00:00Z","flow_id":7,"event_type":"fileinfo","src_ip":"10.0.0.1",)"
        R"("src_port":445,)"
        R"("dest_ip":"10.0.1.7","dest_port":50000,"proto":"TCP","smb":{"command":"SMB2_COMMAND_READ",)"
        R"("tree_id":5,)"
        R"("filename":"Jones.dcm"},"fileinfo":{"filename":"Jones.dcm","size":900}})");
    ASSERT_EQ(events.size(), 1U);
    expect_client_is_client(events[0]);
    EXPECT_EQ(events[0]["smb"]["transfer"]["read_bytes"].raw(), "900");
}

TEST_F(OfSuricata, ACallWithinSmbIsACallToo) {
    told("smb",
         R"({"id":1,"command":"SMB1_COMMAND_TREE_CONNECT_ANDX","tree_id":5,"named_pipe":"\\fs\\IPC$",)"
         R"("service":{"request":"IPC","response":"IPC"}})",
         445);
    const auto events =
        told("smb",
             R"({"id":2,"command":"SMB2_COMMAND_IOCTL","tree_id":5,"filename":"svcctl","dcerpc":{)"
             R"("request":"REQUEST","response":"RESPONSE","opnum":12,"interfaces":[{)"
             R"("uuid":"367abb81-9844-35f1-ad32-98f038001003","version":"2.0"}],"call_id":2}})",
             445);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0]["smb"]["share_type"].text(), "PIPE");
    EXPECT_EQ(events[0]["smb"]["named_pipe"].text(), "svcctl");
    EXPECT_EQ(events[1]["event_type"].text(), "dcerpc");
    EXPECT_EQ(events[1]["dcerpc"]["operation"].text(), "CreateServiceW");
}

TEST_F(OfSuricata, ASearchOfADirectoryIsToldByWhatItAsksForAndNotByTheValues) {
    const auto events =
        told("ldap",
             R"({"request":{"operation":"search_request","message_id":3,"search_request":{"scope":2,)"
             R"("filter":{"type":"and","filters":[{"type":"equality","description":"objectClass",)"
             R"("value":"Jones"},)"
             R"({"type":"present","value":"cn"}]}}},"responses":[{"operation":"search_result_entry"},)"
             R"({"operation":"search_result_done","search_result_done":{"result_code":"success"}}]})",
             389);
    const auto ldap = events.at(0)["ldap"];
    EXPECT_EQ(ldap["scope"].text(), "whole_subtree");
    EXPECT_EQ(ldap["filter_attributes"].raw(), R"(["objectClass","cn"])");
    EXPECT_EQ(ldap["entries"].raw(), "1");
    EXPECT_EQ(ldap["result"].text(), "success");
}

TEST_F(OfSuricata, WhatMayNameSomebodyIsLeftOut) {
    const auto http =
        told("http", R"({"hostname":"h","url":"/patients/jones?name=jones","http_method":"GET"})", 80);
    EXPECT_EQ(http.at(0)["http"]["url"].text(), "/patients/{id}?name");
    const auto mail =
        told("smtp", R"({"helo":"ws7","mail_from":"<jones@a.example>","rcpt_to":["<b@a.example>"]})", 25);
    EXPECT_EQ(mail.at(0).source().find("jones"), std::string::npos);
    const auto tls = told("tls", R"({"subject":"C=GB, O=Ashmere, CN=Mary Jones","sni":"x.example"})", 443);
    EXPECT_EQ(tls.at(0)["tls"]["subject"].text(), "C=GB, O=Ashmere");
    const auto snmp = told("snmp", R"({"version":2,"pdu_type":"response","community":"secret"})", 161, true);
    expect_client_is_client(snmp.at(0));
    EXPECT_EQ(snmp.at(0).source().find("secret"), std::string::npos);
}

TEST_F(OfSuricata, AnAlertSaysWhatItsRuleSays) {
    const auto events =
        told("alert",
             R"({"action":"allowed","gid":1,"signature_id":2027,"rev":2,"signature":"ET SCAN",)"
             R"("category":"Attempt",)"
             R"("severity":1,"metadata":{"mitre_technique_id":["T1046"],"confidence":["High"]}})",
             8080, true, R"("direction":"to_client")");
    ASSERT_EQ(events.size(), 1U);
    expect_client_is_client(events[0]);
    EXPECT_EQ(events[0]["alert"]["techniques"].raw(), R"(["T1046"])");
    EXPECT_FALSE(is_suricata(events[0].root())) << "it is ours now";
}

TEST_F(OfSuricata, StatisticsHaveNoEnds) {
    const auto events =
        told_of(R"({"timestamp":"2026-03-02T10:00:00Z","event_type":"stats","stats":{"uptime":8,)"
                R"("decoder":{"pkts":15},)"
                R"("capture":{"kernel_drops":2}}})");
    EXPECT_EQ(events.at(0)["stats"].raw(), R"({"uptime":8,"kernel_drops":2,"packets":15})");
    EXPECT_FALSE(events.at(0)["src_ip"].exists());
}

TEST_F(OfSuricata, WhatIsNoEventOfOursIsLeftOut) {
    EXPECT_TRUE(told("websocket", "{}", 80).empty());
    EXPECT_EQ(taken_, Taken::left_out);
    EXPECT_TRUE(told_of(R"({"timestamp":"now","event_type":"tls","tls":{}})").empty());
    EXPECT_EQ(taken_, Taken::malformed);
}

}   // namespace
}   // namespace ward::foreign
