// SPDX-License-Identifier: Apache-2.0
#include "sensor/ocsf.hpp"

#include <gtest/gtest.h>

#include "event/device.hpp"
#include "event/dns.hpp"
#include "event/flow.hpp"
#include "event/hl7.hpp"
#include "event/http.hpp"
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
