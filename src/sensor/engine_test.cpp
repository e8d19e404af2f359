// SPDX-License-Identifier: Apache-2.0
#include "sensor/engine.hpp"

#include <gmock/gmock.h>

#include "sensor/packets_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using wire::TcpFlag;

const Host nurse{"10.0.0.1", 40000};
const Host hl7_server{"10.0.0.2", 2575};
const Host unknown_server{"10.0.0.2", 50000};

const std::string message = "\x0bMSH|^~\\&|MON0|WARD10|HIS|HOSP|20260821||ORU^R01^ORU_R01|M1|P|2.5.1\r\x1c\r";
const std::string answer = "\x0bMSH|^~\\&|HIS|HOSP|MON0|WARD10|2026||ACK^R01|A1|P|2.5.1\rMSA|AA|M1\r\x1c\r";

Connection connection(Tape& tape) { return {tape, nurse, hl7_server}; }

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

TEST(Engine, GoesOnAfterWhatTheCaptureLost) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).lose(Side::client, 300);
    for (int i = 0; i < 4; ++i) talk.client(message);
    const Heard heard{tape};
    EXPECT_EQ(heard.all("hl7").size(), 5u);
    EXPECT_EQ(heard.one("flow")["flow"]["not_inspected"]["gap"].raw(), "300");
}

TEST(Engine, TheRestOfAMessageIsNoFaultAfterALoss) {
    const std::string get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    Tape tape;
    Connection talk{tape, nurse, {"10.0.0.2", 80}};
    talk.open().client(get).lose(Side::server, 300).server("of a page</html>");
    talk.client(get).server("HTTP/1.1 204 No Content\r\n\r\n");
    EXPECT_TRUE(Heard{tape}.all("anomaly").empty());
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["not_inspected"]["gap"].raw(), "316");
    talk.client(get).server("of a page</html>");
    EXPECT_EQ(Heard{tape}.one("anomaly")["anomaly"]["event"].text(), "no HTTP message");
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

TEST(Engine, AForgedSynDoesNotHideTheRealOne) {
    Tape tape;
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(0x7000'0000));
    auto talk = connection(tape);
    talk.open();
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(0x7000'0000));
    talk.client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(Engine, AnAnsweredSynOnPortsThatStillTalkIsAnotherConnection) {
    Tape tape;
    connection(tape).open().client(message).server(answer).client(message).server(answer);
    Connection other{tape, nurse, hl7_server, 700'000};
    other.open().client(message).server(answer);
    const Heard heard{tape};
    const auto flows = heard.all("flow");
    ASSERT_EQ(flows.size(), 2u);
    EXPECT_EQ(flows[0]["flow"]["reason"].text(), "closed");
    EXPECT_EQ(flows[1]["flow"]["pkts_toserver"].raw(), "4");
    EXPECT_EQ(flows[1]["tcp"]["tcp_flags_ts"].text(), "1a") << "the SYN belongs to it";
    EXPECT_FALSE(flows[1]["flow"]["not_inspected"].exists());
    EXPECT_EQ(heard.all("hl7").size(), 3u);
}

TEST(Engine, AnUnansweredSynOnPortsThatStillTalkChangesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(0x7000'0000));
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(1).acknowledge(0x6000'0000));
    talk.server(answer);
    const Heard heard{tape};
    EXPECT_EQ(heard.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
    EXPECT_EQ(heard.one("flow")["flow"]["pkts_toserver"].raw(), "5");
}

TEST(Engine, SaysThatAHoleWasFilledAfterItWasGivenUp) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).lose(Side::client, 6);
    for (int i = 0; i < 4; ++i) talk.client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::ack)
                 .sequence(1001 + static_cast<std::uint32_t>(message.size()))
                 .acknowledge(5001)
                 .payload("hidden"));
    EXPECT_EQ(Heard{tape}.one("anomaly")["anomaly"]["event"].text(), "segment in a hole that was given up");
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

TEST(Engine, OneWrongTimeStampEndsNoFlowAndStopsNoClock) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    const auto now = tape.now;
    tape.after(10 * 365 * 24h).add(Packet::udp({"10.0.0.7", 1}, {"10.0.0.8", 2}, "x"));
    tape.now = now;
    talk.server(answer);
    tape.after(3601s).add(Packet::udp({"10.0.0.9", 1}, {"10.0.0.8", 2}, "x"));
    const Heard heard{tape};
    EXPECT_EQ(heard.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
    ASSERT_EQ(heard.all("flow").size(), 3u);
    EXPECT_EQ(heard.all("flow")[0]["flow"]["reason"].text(), "timeout") << "an hour later it was quiet";
}

TEST(Engine, AForgedAnswerToAnAnsweredSynHidesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.open();
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(5000).acknowledge(9'001'001));
    talk.client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(Engine, AForgedAnswerBeforeTheClientsOwnHidesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.syn().syn_ack();
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(5000).acknowledge(9'001'001));
    talk.segment(Side::client, TcpFlag::ack, {}).client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(Engine, AFinSomewhereElseEndsNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::fin | TcpFlag::ack).sequence(77));
    tape.add(Packet::tcp(hl7_server, nurse, TcpFlag::fin | TcpFlag::ack).sequence(77));
    talk.server(answer);
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["state"].text(), "established");
}

TEST(Engine, AFinAfterBytesThatTheCaptureLostCountsOnceItIsAcknowledged) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).lose(Side::client, 10).close();
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "closed");
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

TEST(Engine, AResetCountsOnlyAtTheNextByte) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::rst).sequence(99));
    talk.server(answer);
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["state"].text(), "established");
    talk.segment(Side::client, TcpFlag::fin | TcpFlag::ack, {}).reset(Side::client);
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "reset");
}

TEST(Engine, ARefusedConnectionIsOver) {
    Tape tape;
    connection(tape).syn().segment(Side::server, TcpFlag::rst | TcpFlag::ack, {});
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "reset");
}

TEST(Engine, TellsARetransmissionWithOtherContentOnce) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().segment(Side::client, TcpFlag::ack, "abcdef");
    for (int i = 0; i < 3; ++i)
        tape.add(
            Packet::tcp(nurse, hl7_server, TcpFlag::ack).sequence(1001).acknowledge(5001).payload("abcXef"));
    const Heard heard{tape};
    EXPECT_EQ(heard.one("anomaly")["anomaly"]["event"].text(), "retransmission with other content");
    EXPECT_EQ(heard.one("flow")["tcp"]["conflicts"].raw(), "3");
}

TEST(Engine, FlowsInDifferentVlansAreDifferent) {
    Tape tape;
    tape.add(Packet::udp(nurse, hl7_server, "x").vlan(5));
    tape.add(Packet::udp(nurse, hl7_server, "x").vlan(6));
    const Heard heard{tape};
    ASSERT_EQ(heard.all("flow").size(), 2u);
    EXPECT_EQ(heard.all("flow")[0]["vlan"].raw(), "[5]");
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
