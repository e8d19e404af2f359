// SPDX-License-Identifier: Apache-2.0
#include "sensor/eve.hpp"

#include <gtest/gtest.h>

#include "event/flow.hpp"
#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

event::Conversation between(std::uint8_t ip_protocol) {
    event::Conversation talk;
    talk.flow_id = 0x1f'ffff'ffff'ffff;
    talk.client = {address_of("10.0.0.1"), 8, {}};
    talk.server = {address_of("fd00::2"), 0, {}};
    talk.ip_protocol = ip_protocol;
    return talk;
}

std::string line_of(event::Conversation talk) {
    std::string line = "before\n";
    const event::Time at{std::chrono::seconds{1'700'000'000} + std::chrono::microseconds{42}};
    append_eve(line, {at, 7, std::move(talk), event::Anomaly{"stream", "urgent data"}});
    return line;
}

TEST(Eve, IsOneLineWithSuricatasNames) {
    auto talk = between(wire::tcp);
    talk.vlans = {5, 6};
    talk.app_protocol = "hl7";
    talk.flow_id = 0;
    EXPECT_EQ(line_of(talk),
              "before\n"
              R"({"timestamp":"2023-11-14T22:13:20.000042+0000","pcap_cnt":7,)"
              R"("event_type":"anomaly","vlan":[5,6],"src_ip":"10.0.0.1","src_port":8,"dest_ip":"fd00::2",)"
              R"("dest_port":0,"proto":"TCP","app_proto":"hl7",)"
              R"("anomaly":{"type":"stream","event":"urgent data"}})"
              "\n");
}

TEST(Eve, AFlowHasItsTcpAndFramesWhereSuricataHasThem) {
    event::Flow flow;
    flow.tcp = event::TcpEnd{"closed", 0x1b, 0x12, 0, 0, 0, 0, false};
    auto talk = between(wire::tcp);
    talk.client.mac = {{std::byte{2}, {}, {}, {}, {}, std::byte{1}}};
    std::string line;
    append_eve(line, {{}, 7, talk, std::move(flow)});
    EXPECT_NE(
        line.find(R"(},"tcp":{"tcp_flags":"1b","tcp_flags_ts":"1b","tcp_flags_tc":"12","state":"closed"},)"
                  R"("ether":{"src_macs":["02:00:00:00:00:01"]}})"),
        std::string::npos)
        << line;
}

TEST(Eve, EveryEventOfAConversationHasItsCommunityId) {
    auto talk = between(wire::tcp);
    for (const auto* said : {R"("flow_id":9007199254740991,)", R"("community_id":"1:)"})
        EXPECT_NE(line_of(talk).find(said), std::string::npos) << line_of(talk);
    talk.flow_id = 0;
    EXPECT_EQ(line_of(talk).find("community_id"), std::string::npos);
}

TEST(Eve, IcmpHasATypeAndACodeForPorts) {
    const auto line = line_of(between(wire::icmp));
    EXPECT_NE(line.find(R"("proto":"ICMP","icmp_type":8,"icmp_code":0)"), std::string::npos) << line;
    EXPECT_EQ(line.find("port"), std::string::npos) << line;
}

TEST(Eve, WhatIsNotKnownIsLeftOut) {
    EXPECT_EQ(line_of({}),
              "before\n"
              R"({"timestamp":"2023-11-14T22:13:20.000042+0000","pcap_cnt":7,"event_type":"anomaly",)"
              R"("anomaly":{"type":"stream","event":"urgent data"}})"
              "\n");
}

TEST(Eve, NamesProtocolsAsSuricataDoes) {
    EXPECT_EQ(protocol_name(17), "UDP");
    EXPECT_EQ(protocol_name(58), "IPv6-ICMP");
    EXPECT_EQ(protocol_name(132), "SCTP");
    EXPECT_EQ(protocol_name(89), "89");
}

}   // namespace
}   // namespace ward::sensor
