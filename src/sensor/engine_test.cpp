// SPDX-License-Identifier: Apache-2.0
#include "sensor/engine.hpp"

#include <gmock/gmock.h>

#include "sensor/hl7_talk_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using wire::TcpFlag;

TEST(Engine, TellsAMessageAndTheFlowItCameIn) {
    Tape tape;
    connection(tape).open().client(message).server(answer).close();
    const Heard heard{tape};
    const auto hl7 = heard.one("hl7");
    EXPECT_EQ(hl7["src_ip"].text(), "10.0.0.1");
    EXPECT_EQ(hl7["src_port"].raw(), "40000");
    EXPECT_EQ(hl7["dest_port"].raw(), "2575");
    EXPECT_EQ(hl7["app_proto"].text(), "hl7");
    EXPECT_EQ(hl7["pcap_cnt"].raw(), "6");
    EXPECT_EQ(hl7["hl7"]["acknowledgement"]["latency_us"].raw(), "2000");
    const auto flow = heard.one("flow");
    EXPECT_EQ(flow["flow_id"].raw(), hl7["flow_id"].raw());
    EXPECT_EQ(flow["flow"]["state"].text(), "closed");
    EXPECT_EQ(flow["flow"]["reason"].text(), "shutdown");
    EXPECT_EQ(flow["flow"]["pkts_toserver"].raw(), "6");
    EXPECT_EQ(flow["flow"]["pkts_toclient"].raw(), "4");
    EXPECT_EQ(flow["flow"]["app_proto_grounds"].text(), "content");
    EXPECT_FALSE(flow["flow"]["not_inspected"].exists());
    EXPECT_EQ(flow["tcp"]["tcp_flags_ts"].text(), "1b");
    EXPECT_EQ(flow["ether"]["src_macs"].raw(), R"(["02:00:0a:00:00:01"])");
    EXPECT_EQ(heard.counts.packets, 10u);
    EXPECT_EQ(heard.counts.flows, 1u);
}

TEST(Engine, RecognisesAProtocolWhoseFirstBytesComeOneByOne) {
    Tape tape;
    connection(tape).open().client_bytewise(message).server(answer);
    const Heard heard{tape};
    EXPECT_EQ(heard.one("hl7")["hl7"]["control_id"].text(), "M1");
    EXPECT_FALSE(heard.one("flow")["flow"]["not_inspected"].exists());
}

TEST(Engine, PicksUpAConversationInItsMiddle) {
    Tape tape;
    connection(tape).client("|R\rOBX|9|ST|X\r\x1c\r").client(message).server(answer).client(message);
    const Heard heard{tape};
    EXPECT_EQ(heard.all("hl7").size(), 2u);
    EXPECT_EQ(heard.one("flow")["tcp"]["midstream"].raw(), "true");
}

TEST(Engine, SaysHowMuchOfAnUnknownConversationNobodyRead) {
    Tape tape;
    Connection{tape, nurse, unknown_server}.open().client("what is").server("this then").close();
    const Heard heard{tape};
    const auto flow = heard.one("flow");
    EXPECT_EQ(flow["flow"]["not_inspected"]["unknown"].raw(), "16");
    EXPECT_FALSE(flow["app_proto"].exists());
}

TEST(Engine, SaysHowMuchOfAnUnknownUdpConversationNobodyRead) {
    Tape tape;
    for (int i = 0; i < 30; ++i) tape.add(Packet::udp(nurse, unknown_server, "datagram"));
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["not_inspected"]["unknown"].raw(), "240");
}

/// Who is the client of a conversation that begins with this packet.
std::string client_of(const Packet& packet) {
    Tape tape;
    tape.add(packet);
    return std::string{Heard{tape}.one("flow")["src_ip"].text()};
}

TEST(Direction, ASynComesFromTheClientAndItsAnswerDoesNot) {
    EXPECT_EQ(client_of(Packet::tcp(hl7_server, nurse, TcpFlag::syn)), "10.0.0.2");
    EXPECT_EQ(client_of(Packet::tcp(nurse, hl7_server, TcpFlag::syn | TcpFlag::ack)), "10.0.0.2");
}

TEST(Direction, ASynThatAlsoEndsTheConnectionSaysNothing) {
    EXPECT_EQ(client_of(Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::fin)), "10.0.0.1");
}

TEST(Direction, AProtocolsOwnPortServes) {
    EXPECT_EQ(client_of(Packet::tcp(hl7_server, nurse, TcpFlag::ack)), "10.0.0.1");
    EXPECT_EQ(client_of(Packet::tcp(nurse, hl7_server, TcpFlag::ack)), "10.0.0.1");
}

TEST(Direction, ASystemPortServesAUserPort) {
    EXPECT_EQ(client_of(Packet::udp({"10.0.0.5", 7}, {"10.0.0.1", 40000}, "x")), "10.0.0.1");
    EXPECT_EQ(client_of(Packet::udp({"10.0.0.5", 40001}, {"10.0.0.1", 40000}, "x")), "10.0.0.5");
}

TEST(Direction, WhoSpeaksToManyIsTheClient) {
    EXPECT_EQ(client_of(Packet::udp({"10.0.0.5", 7}, {"224.0.0.251", 40000}, "x")), "10.0.0.5");
    EXPECT_EQ(client_of(Packet::udp({"10.0.0.5", 7}, {"255.255.255.255", 40000}, "x")), "10.0.0.5");
}

TEST(Direction, IcmpHasNoPortsThatServe) {
    EXPECT_EQ(client_of(Packet::icmp("10.0.0.9", "10.0.0.1", 3, 1)), "10.0.0.9");
    EXPECT_EQ(client_of(Packet::icmp("10.0.0.9", "10.0.0.1", 8, 0)), "10.0.0.9");
}

TEST(Engine, ThePortsOfAClosedConnectionAreANewConnection) {
    Tape tape;
    connection(tape).open().client(message).close();
    connection(tape).open().client(message).close();
    const Heard heard{tape};
    EXPECT_EQ(heard.all("hl7").size(), 2u);
    ASSERT_EQ(heard.all("flow").size(), 2u);
    EXPECT_EQ(heard.all("flow")[0]["flow"]["reason"].text(), "closed");
    EXPECT_EQ(heard.counts.packets, 16u) << "each packet counts once";
}

TEST(Engine, AConnectionThatBeginsAfterALongPauseIsOne) {
    Tape tape;
    tape.add(Packet::udp({"10.0.0.7", 1}, {"10.0.0.8", 2}, "x")).after(100h);
    connection(tape).open().client(message).server(answer).close();
    const Heard heard{tape};
    ASSERT_EQ(heard.all("flow").size(), 2u);
    EXPECT_EQ(heard.all("flow")[1]["flow"]["pkts_toserver"].raw(), "6");
    EXPECT_EQ(heard.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(Engine, JunkAtTheBeginningDoesNotBlindItToWhatFollows) {
    Tape tape;
    for (int i = 0; i < 20; ++i) tape.add(Packet::udp(nurse, unknown_server, "junk"));
    const std::string query{
        "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06quokka\x07"
        "example\x00\x00\x01\x00\x01",
        32};
    for (int i = 0; i < 1100; ++i) tape.add(Packet::udp(nurse, unknown_server, query));
    EXPECT_THAT(Heard{tape}.text, HasSubstr("quokka.example"));
}

TEST(Engine, SaysThatNobodyReadsWhatIsNeitherTcpNorUdp) {
    Tape tape;
    tape.add(Packet::icmp("10.0.0.9", "10.0.0.1", 8, 0).payload("a tunnel of sorts"));
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["not_inspected"]["unknown"].raw(), "19")
        << "all past type and code";
    tape.frames.back().bytes[23] = std::byte{wire::esp};
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["not_inspected"]["encrypted"].raw(), "21");
}

TEST(Engine, TellsTheCodeOfIcmpAndNotTheTypeThatAnswersIt) {
    Tape tape;
    tape.add(Packet::icmp("10.0.0.9", "10.0.0.1", 13, 0));
    EXPECT_EQ(Heard{tape}.one("flow")["icmp_code"].raw(), "0");
}

TEST(Engine, WhatEndsUnansweredNamesNoPacketOfAnotherFlow) {
    Tape tape;
    connection(tape).open().client(message);
    tape.add(Packet::udp({"10.0.0.7", 1}, {"10.0.0.8", 2}, "x"));
    EXPECT_FALSE(Heard{tape}.one("hl7")["pcap_cnt"].exists());
}

TEST(Engine, ARefusedConnectionIsOver) {
    Tape tape;
    connection(tape).syn().segment(Side::server, TcpFlag::rst | TcpFlag::ack, {});
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "reset");
}

TEST(Engine, FlowsInDifferentVlansAreDifferent) {
    Tape tape;
    tape.add(Packet::udp(nurse, hl7_server, "x").vlan(5));
    tape.add(Packet::udp(nurse, hl7_server, "x").vlan(6));
    const Heard heard{tape};
    ASSERT_EQ(heard.all("flow").size(), 2u);
    EXPECT_EQ(heard.all("flow")[0]["vlan"].raw(), "[5]");
}

TEST(Engine, EqualAddressesInTwoVirtualNetworksAreTwoConversations) {
    Tape inner;
    connection(inner).open().client(message).server(answer).close();
    Tape tape;
    for (const auto& [at, bytes] : inner.frames)
        for (const char network : {'\1', '\2'}) {
            const std::string header{'\x08', 0, 0, 0, 0, 0, network, 0};
            tape.add(Packet::udp({"192.168.0.1", 50000}, {"192.168.0.2", 4789},
                                 header + std::string{as_text(bytes)}));
        }
    const Heard heard{tape};
    EXPECT_EQ(heard.all("hl7").size(), 2u);
    EXPECT_EQ(heard.all("flow").size(), 2u);
}

TEST(Engine, AQuietFlowEndsWithTheNextPacketOfAnother) {
    Tape tape;
    connection(tape).open().client(message);
    tape.after(3601s).add(Packet::udp({"10.0.0.7", 1}, {"10.0.0.8", 2}, "x"));
    const Heard heard{tape};
    ASSERT_EQ(heard.all("flow").size(), 2u);
    EXPECT_EQ(heard.all("flow")[0]["flow"]["reason"].text(), "timeout");
    EXPECT_EQ(heard.all("flow")[0]["tcp"]["state"].text(), "established");
}

/// A flood of packets, each of a connection of its own, on top of one conversation.
void expect_conversation_outlasts(std::uint8_t flags) {
    EngineLimits limits;
    limits.flows.memory_max = std::size_t{4} << 20;
    std::uint64_t told = 0;
    std::uint64_t messages = 0;
    const protocol::Pseudonymise nothing;
    Engine engine{limits, &nothing, [&](const event::Event& event) {
                      const auto* together = event.what.as<event::Flood>();
                      told += together == nullptr ? 1 : together->flows;
                      if (event.what.type() == "hl7") ++messages;
                  }};
    Unwrapper unwrapper;
    std::uint64_t number = 0;
    const auto feed = [&](const Tape& tape) {
        for (const auto& [at, bytes] : tape.frames)
            unwrapper.frame(
                frame_of(bytes, at), ++number, [&](const Sighting& packet) { engine.packet(packet); },
                [](const auto&) {});
    };
    Tape before;
    auto talk = connection(before);
    talk.open();
    feed(before);
    const auto first = Packet::tcp({"10.9.0.0", 1}, hl7_server, flags).frame();
    constexpr std::uint64_t flood = 200'000;
    for (std::uint32_t i = 0; i < flood; ++i) {
        auto frame = first;   // from 10.9.x.x, another one each time
        frame[28] = static_cast<std::byte>(i >> 16U);
        frame[29] = static_cast<std::byte>(i >> 8U);
        frame[34] = static_cast<std::byte>(i);
        unwrapper.frame(
            frame_of(frame, before.now), ++number, [&](const Sighting& packet) { engine.packet(packet); },
            [](const auto&) {});
    }
    before.frames.clear();
    talk.client(message).server(answer);
    feed(before);
    EXPECT_EQ(messages, 1u);
    const auto counts = engine.counts();
    EXPECT_EQ(counts.flows, flood + 1);
    EXPECT_LE(counts.memory_peak, limits.flows.memory_max + 4096);
    EXPECT_GT(counts.flows_evicted, flood - 10'000);
    engine.finish();
    EXPECT_EQ(told, flood + 2) << "every flow is told, alone or together with others";
}

TEST(Engine, AFloodOfHalfOpenConnectionsStaysBelowTheLimitAndHidesNoConversation) {
    expect_conversation_outlasts(TcpFlag::syn);
}

TEST(Engine, AFloodOfForgedAcknowledgementsHidesNoConversationEither) {
    expect_conversation_outlasts(TcpFlag::ack);
}

}   // namespace
}   // namespace ward::sensor
