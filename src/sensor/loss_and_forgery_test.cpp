// SPDX-License-Identifier: Apache-2.0
#include "sensor/engine.hpp"

#include <gmock/gmock.h>

#include "sensor/hl7_talk_test.hpp"

namespace ward::sensor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;
using wire::TcpFlag;

TEST(LossAndForgery, GoesOnAfterWhatTheCaptureLost) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).lose(Side::client, 300);
    for (int i = 0; i < 4; ++i) talk.client(message);
    const Heard heard{tape};
    EXPECT_EQ(heard.all("hl7").size(), 5u);
    EXPECT_EQ(heard.one("flow")["flow"]["not_inspected"]["gap"].raw(), "300");
}

TEST(LossAndForgery, TheRestOfAMessageIsNoFaultAfterALoss) {
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

TEST(LossAndForgery, AForgedSynDoesNotHideTheRealOne) {
    Tape tape;
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(0x7000'0000));
    auto talk = connection(tape);
    talk.open();
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(0x7000'0000));
    talk.client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(LossAndForgery, AnAnsweredSynOnPortsThatStillTalkIsAnotherConnection) {
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

TEST(LossAndForgery, AnUnansweredSynOnPortsThatStillTalkChangesNothing) {
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

TEST(LossAndForgery, AMessageThatTheCaptureLostLeavesTheOthersAndTheirAnswersAsTheyWere) {
    Tape tape;
    auto talk = connection(tape);
    talk.open();
    for (int id = 1; id <= 5; ++id) {
        if (id == 2) {
            talk.lose(Side::client, static_cast<std::uint32_t>(message_of(id).size()));
        } else {
            talk.client(message_of(id));
        }
        talk.server(answer_to(id));
    }
    EXPECT_THAT(messages_in(Heard{tape}),
                ElementsAre("M1 AA 2000", "answer to M2 AA", "M3 AA 2000", "M4 AA 2000", "M5 AA 2000"));
}

TEST(LossAndForgery, AnAnswerThatTheCaptureLostLeavesTheOthersAsTheyWere) {
    Tape tape;
    auto talk = connection(tape);
    talk.open();
    for (int id = 1; id <= 5; ++id) {
        talk.client(message_of(id));
        if (id == 2) {
            talk.lose(Side::server, static_cast<std::uint32_t>(answer_to(id).size()));
        } else {
            talk.server(answer_to(id));
        }
    }
    EXPECT_THAT(messages_in(Heard{tape}),
                UnorderedElementsAre("M1 AA 2000", "M2", "M3 AA 2000", "M4 AA 2000", "M5 AA 2000"));
}

TEST(LossAndForgery, ForgedSegmentsAndAcknowledgementsBlindItForAFewSegmentsOnly) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message_of(1)).server(answer_to(1));
    const auto forged = static_cast<std::uint32_t>(1001 + message.size() + 60'000);
    tape.add(
        Packet::tcp(nurse, hl7_server, TcpFlag::ack).sequence(forged).acknowledge(5001).payload("forged"));
    for (int i = 0; i < 3; ++i)
        tape.add(Packet::tcp(hl7_server, nurse, TcpFlag::ack).sequence(5001).acknowledge(forged + 6));
    for (int id = 2; id <= 9; ++id) talk.client(message_of(id)).server(answer_to(id));
    const Heard heard{tape};
    EXPECT_THAT(messages_in(heard),
                IsSupersetOf({"M1 AA 2000", "M6 AA 2000", "M7 AA 2000", "M8 AA 2000", "M9 AA 2000"}));
    EXPECT_EQ(heard.one("anomaly")["anomaly"]["event"].text(), "segment in a hole that was given up");
}

TEST(LossAndForgery, AForgedSegmentPastTheWindowBlindsItNotAtAll) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message_of(1)).server(answer_to(1));
    constexpr std::uint32_t far = 8'000'000;
    for (std::uint32_t i = 0; i < 4; ++i)
        tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::ack)
                     .sequence(far + 2 * i)
                     .acknowledge(5001)
                     .payload("x"));
    for (int i = 0; i < 3; ++i)
        tape.add(Packet::tcp(hl7_server, nurse, TcpFlag::ack).sequence(5001).acknowledge(far + 1));
    talk.client(message_of(2)).server(answer_to(2));
    const Heard heard{tape};
    EXPECT_THAT(messages_in(heard), ElementsAre("M1 AA 2000", "M2 AA 2000"));
    EXPECT_EQ(heard.one("anomaly")["anomaly"]["event"].text(), "segment outside of any window");
}

TEST(LossAndForgery, ASynThatAlsoEndsTheConnectionDoesNeither) {
    const auto forged = [](const Host& from, const Host& to, std::uint32_t sequence) {
        return Packet::tcp(from, to, TcpFlag::syn | TcpFlag::fin).sequence(sequence).payload("forged");
    };
    Tape tape;
    tape.add(forged(hl7_server, nurse, 70'000));   // as if the server were the client
    auto talk = connection(tape);
    talk.open().client(message_of(1)).server(answer_to(1));
    tape.add(forged(nurse, hl7_server, 1000));
    tape.add(forged(hl7_server, nurse, 5000));
    talk.client(message_of(2)).server(answer_to(2)).close();
    const Heard heard{tape};
    EXPECT_THAT(messages_in(heard), ElementsAre("M1 AA 2000", "M2 AA 2000"));
    EXPECT_EQ(heard.one("anomaly")["anomaly"]["event"].text(), "SYN and FIN in one segment");
    EXPECT_EQ(heard.one("flow")["flow"]["not_inspected"]["unknown"].raw(), "18");
}

TEST(LossAndForgery, ASynThatAlsoEndsTheConnectionBeginsNoOther) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message_of(1)).server(answer_to(1));
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn).sequence(90'000));
    tape.add(Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack | TcpFlag::fin)
                 .sequence(80'000)
                 .acknowledge(90'001));
    talk.client(message_of(2)).server(answer_to(2)).close();
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn | TcpFlag::fin).sequence(95'000));
    const Heard heard{tape};
    EXPECT_THAT(messages_in(heard), ElementsAre("M1 AA 2000", "M2 AA 2000"));
    EXPECT_EQ(heard.all("flow").size(), 1u);
}

TEST(LossAndForgery, AScanWithSynAndFinIsToldByItsFlow) {
    Tape tape;
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::syn | TcpFlag::fin).sequence(1000));
    const Heard heard{tape};
    EXPECT_EQ(heard.all("flow").size(), 1u);
    EXPECT_TRUE(heard.all("anomaly").empty());
}

TEST(LossAndForgery, WhatTheCaptureLostAtTheEndOfAStreamIsAGap) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).server(answer).lose(Side::client, 4000);
    talk.segment(Side::server, TcpFlag::ack, {}).close();
    const Heard heard{tape};
    EXPECT_EQ(heard.one("flow")["flow"]["not_inspected"]["gap"].raw(), "4000");
}

TEST(LossAndForgery, WhatTheCaptureCutOffADatagramIsAGapAndNobodysFault) {
    Tape tape;
    tape.add(Packet::udp(nurse, unknown_server, std::string(900, '\xee')));
    tape.frames.back().bytes.resize(100);
    tape.add(
        Packet::udp(nurse, {"10.0.0.2", 53}, std::string("\0\1\1\0\0\1\0\0\0\0\0\0\3www", 16) + "hospital"));
    tape.frames.back().bytes.resize(60);
    const Heard heard{tape};
    ASSERT_EQ(heard.all("flow").size(), 2u);
    const auto left_out = heard.all("flow")[0]["flow"]["not_inspected"];
    EXPECT_EQ(left_out["unknown"].raw(), "58");
    EXPECT_EQ(left_out["gap"].raw(), "842");
    EXPECT_TRUE(heard.all("anomaly").empty());
}

TEST(LossAndForgery, SaysThatAHoleWasFilledAfterItWasGivenUp) {
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

TEST(LossAndForgery, OneWrongTimeStampEndsNoFlowAndStopsNoClock) {
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

TEST(LossAndForgery, AForgedAnswerToAnAnsweredSynHidesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.open();
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(5000).acknowledge(9'001'001));
    talk.client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(LossAndForgery, AForgedAnswerBeforeTheClientsOwnHidesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.syn().syn_ack();
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(5000).acknowledge(9'001'001));
    talk.segment(Side::client, TcpFlag::ack, {}).client(message).server(answer);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["acknowledgement"]["code"].text(), "AA");
}

TEST(LossAndForgery, AnAnswerToASynThatAcknowledgesSomethingElseHidesNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.syn();
    tape.add(
        Packet::tcp(hl7_server, nurse, TcpFlag::syn | TcpFlag::ack).sequence(5000).acknowledge(4'000'000));
    talk.segment(Side::client, TcpFlag::ack, {}).client(message);
    EXPECT_EQ(Heard{tape}.one("hl7")["hl7"]["control_id"].text(), "M1");
}

TEST(LossAndForgery, AFinSomewhereElseEndsNothing) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::fin | TcpFlag::ack).sequence(77));
    tape.add(Packet::tcp(hl7_server, nurse, TcpFlag::fin | TcpFlag::ack).sequence(77));
    talk.server(answer);
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["state"].text(), "established");
}

TEST(LossAndForgery, AFinAfterBytesThatTheCaptureLostCountsOnceItIsAcknowledged) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message).lose(Side::client, 10).close();
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "closed");
}

TEST(LossAndForgery, AResetCountsOnlyAtTheNextByte) {
    Tape tape;
    auto talk = connection(tape);
    talk.open().client(message);
    tape.add(Packet::tcp(nurse, hl7_server, TcpFlag::rst).sequence(99));
    talk.server(answer);
    EXPECT_EQ(Heard{tape}.one("flow")["flow"]["state"].text(), "established");
    talk.segment(Side::client, TcpFlag::fin | TcpFlag::ack, {}).reset(Side::client);
    EXPECT_EQ(Heard{tape}.one("flow")["tcp"]["state"].text(), "reset");
}

TEST(LossAndForgery, TellsARetransmissionWithOtherContentOnce) {
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

}   // namespace
}   // namespace ward::sensor
