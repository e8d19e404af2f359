// SPDX-License-Identifier: Apache-2.0
#include "sensor/ocsf.hpp"

#include <gtest/gtest.h>

#include "event/device.hpp"
#include "event/dns.hpp"
#include "event/flow.hpp"
#include "event/hl7.hpp"
#include "event/http.hpp"
#include "event/tls.hpp"
#include "json/document.hpp"

namespace ward::sensor {
namespace {

constexpr event::Time at{std::chrono::milliseconds{1'700'000'000'123}};

event::Conversation conversation() {
    event::Conversation between;
    between.flow_id = 7;
    between.ip_protocol = 6;
    between.app_protocol = "http";
    between.client = {
        {{std::byte{10}, std::byte{0}, std::byte{0}, std::byte{1}}, IpAddress::Family::v4}, 40000, {}};
    between.server = {
        {{std::byte{10}, std::byte{0}, std::byte{0}, std::byte{2}}, IpAddress::Family::v4}, 80, {}};
    return between;
}

json::Document written(event::Payload what, event::Conversation between = conversation()) {
    std::string text;
    append_ocsf(text, {at, 3, std::move(between), std::move(what)});
    EXPECT_EQ(text.back(), '\n');
    return json::Document::parse(text).value();
}

std::string raw(json::Value value) { return std::string{value.raw()}; }

TEST(Ocsf, EveryEventHasWhatTheSchemaRequires) {
    event::Hl7Message message;
    message.type = "ADT^A01";
    const auto told = written(message);
    EXPECT_EQ(raw(told["class_uid"]), "4001");
    EXPECT_EQ(raw(told["type_uid"]), "400106");
    EXPECT_EQ(raw(told["category_uid"]), "4");
    EXPECT_EQ(raw(told["time"]), "1700000000123");
    EXPECT_EQ(told["metadata"]["version"].text(), "1.4.0");
    EXPECT_EQ(told["metadata"]["product"]["name"].text(), "Ward");
    EXPECT_EQ(raw(told["severity_id"]), "1");
    EXPECT_EQ(told["src_endpoint"]["ip"].text(), "10.0.0.1");
    EXPECT_EQ(raw(told["dst_endpoint"]["port"]), "80");
    EXPECT_EQ(told["connection_info"]["protocol_name"].text(), "tcp");
    EXPECT_EQ(told["unmapped"]["hl7"]["type"].text(), "ADT^A01");
}

TEST(Ocsf, AFlowIsACloseWithItsTraffic) {
    event::Flow flow;
    flow.packets_to_server = 3;
    flow.bytes_to_client = 500;
    flow.tcp = event::TcpEnd{};
    flow.tcp->state = "closed";
    const auto closed = written(flow);
    EXPECT_EQ(raw(closed["activity_id"]), "2");
    EXPECT_EQ(raw(closed["traffic"]["packets_out"]), "3");
    EXPECT_EQ(raw(closed["traffic"]["bytes_in"]), "500");
    EXPECT_EQ(closed["unmapped"]["tcp"]["state"].text(), "closed");
    flow.tcp->state = "reset";
    EXPECT_EQ(raw(written(flow)["activity_id"]), "3");
    flow.tcp->state = "syn_sent";
    EXPECT_EQ(raw(written(flow)["activity_id"]), "4") << "nobody answered: Fail";
}

TEST(Ocsf, HttpAndDnsHaveTheirOwnClasses) {
    event::Http http;
    http.http_method = "POST";
    http.url = "/fhir/Observation";
    http.status = 201;
    const auto posted = written(http);
    EXPECT_EQ(raw(posted["type_uid"]), "400206");
    EXPECT_EQ(posted["http_request"]["url"]["path"].text(), "/fhir/Observation");
    EXPECT_EQ(raw(posted["http_response"]["code"]), "201");

    event::Dns dns;
    dns.rrname = "pacs.hospital.example";
    EXPECT_EQ(raw(written(dns)["type_uid"]), "400301");
    dns.rcode = "NXDOMAIN";
    EXPECT_EQ(raw(written(dns)["type_uid"]), "400302");
    EXPECT_EQ(written(dns)["query"]["hostname"].text(), "pacs.hospital.example");
    EXPECT_FALSE(written(dns)["answers"].exists());
    dns.answers = {{"pacs.hospital.example", "A", 60, "10.0.0.2"}};
    const auto answer = written(dns);
    std::size_t answers = 0;
    for (const auto one : answer["answers"].items()) {
        EXPECT_EQ(one["rdata"].text(), "10.0.0.2");
        EXPECT_EQ(one["type"].text(), "A");
        EXPECT_EQ(raw(one["ttl"]), "60");
        ++answers;
    }
    EXPECT_EQ(answers, 1U);
}

TEST(Ocsf, OfTlsItHasTheNameTheFingerprintsAndTheCertificate) {
    event::TlsHandshake tls;
    tls.version = "TLS 1.2";
    tls.sni = "pacs.hospital.example";
    tls.cipher = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
    tls.ja3 = event::Ja3{"0123456789abcdef0123456789abcdef", {}};
    tls.certificate.emplace().subject = "CN=pacs.hospital.example";
    const auto told = written(tls);
    EXPECT_EQ(raw(told["type_uid"]), "400106");
    EXPECT_EQ(told["tls"]["version"].text(), "TLS 1.2");
    EXPECT_EQ(told["tls"]["sni"].text(), "pacs.hospital.example");
    EXPECT_EQ(told["tls"]["cipher"].text(), "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    EXPECT_EQ(told["tls"]["ja3_hash"]["value"].text(), "0123456789abcdef0123456789abcdef");
    EXPECT_EQ(raw(told["tls"]["ja3_hash"]["algorithm_id"]), "1");
    EXPECT_EQ(told["tls"]["certificate"]["subject"].text(), "CN=pacs.hospital.example");
    EXPECT_FALSE(told["tls"]["ja3s_hash"].exists());
}

TEST(Ocsf, WhatTheSchemaHasNoPlaceForIsNotLost) {
    auto between = conversation();
    between.vlans = {100, 7};
    const auto tagged = written(event::Hl7Message{}, between);
    EXPECT_EQ(raw(tagged["unmapped"]["vlan"]), "[100,7]");
    EXPECT_EQ(raw(tagged["unmapped"]["pcap_cnt"]), "3");
    EXPECT_FALSE(tagged["unmapped"]["icmp_type"].exists());
    between.ip_protocol = 1;
    between.client.port = 8;
    EXPECT_EQ(raw(written(event::Flow{}, between)["unmapped"]["icmp_type"]), "8");
}

TEST(Ocsf, ADeviceIsOfItsTypeAndOfNoConversation) {
    event::DeviceNews news;
    news.what = "new";
    news.id = "10.0.0.9";
    news.role = "PACS";
    news.manufacturer = "ACME Imaging";
    const auto told = written(news, {});
    EXPECT_EQ(raw(told["type_uid"]), "500102");
    EXPECT_EQ(raw(told["category_uid"]), "5");
    EXPECT_EQ(raw(told["device"]["type_id"]), "1");
    EXPECT_EQ(told["device"]["uid"].text(), "10.0.0.9");
    EXPECT_EQ(told["unmapped"]["device"]["manufacturer"].text(), "ACME Imaging");
    EXPECT_FALSE(told["src_endpoint"].exists());
    news.role = "infusion pump";
    EXPECT_EQ(raw(written(news, {})["device"]["type_id"]), "99");
    EXPECT_EQ(written(news, {})["device"]["type"].text(), "infusion pump");
    news.role = {};
    EXPECT_EQ(raw(written(news, {})["device"]["type_id"]), "0");
}

TEST(Ocsf, WhatBelongsToNoConversationIsABaseEvent) {
    const auto told = written(event::ArpBinding{}, {});
    EXPECT_EQ(raw(told["class_uid"]), "0");
    EXPECT_FALSE(told["src_endpoint"].exists());
}

}   // namespace
}   // namespace ward::sensor
