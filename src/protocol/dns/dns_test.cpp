// SPDX-License-Identifier: Apache-2.0
#include "protocol/dns/dns.hpp"

#include "event/dns.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/dns/message.hpp"

namespace ward::protocol::dns {
namespace {

using event::Dns;
using testing::IsEmpty;
using testing::SizeIs;

// Recorded: dnsmasq 2.90, asked by dig 9.18.49.
const std::string answer =
    hex("2ff985800001000200000000047061637308686f73706974616c076578616d706c650000010001c00c000500010001518000"
        "22076172636869766507696d6167696e6708686f73706974616c076578616d706c6500c033000100010000012c0004c00002"
        "28");
const std::string question = hex("2ff9 0100 0001 0000 0000 0000") + answer.substr(12, 27);

std::string framed(const std::string& message) {
    return std::string{static_cast<char>(message.size() >> 8U), static_cast<char>(message.size())} + message;
}
std::string numbered(int id) {
    return std::string{static_cast<char>(id >> 8), static_cast<char>(id)} + question.substr(2);
}
Verdict asked(std::string_view first) { return probe(as_bytes(first), Side::client); }

Bed bed() { return Bed{open_session()}; }

TEST(Dns, JoinsAQuestionAndItsAnswer) {
    auto talk = bed();
    talk.client(question).after(std::chrono::milliseconds{7}).server(answer);
    const auto& told = talk.one<Dns>();
    EXPECT_EQ(told.id, 0x2ff9);
    EXPECT_EQ(told.rrname, "pacs.hospital.example");
    EXPECT_EQ(told.rrtype, "A");
    EXPECT_EQ(told.rcode, "NOERROR");
    EXPECT_EQ(told.flags, "8580");
    EXPECT_EQ(told.latency_us, 7000);
    ASSERT_THAT(told.answers, SizeIs(2));
    EXPECT_EQ(told.answers[0].rrtype, "CNAME");
    EXPECT_EQ(told.answers[0].rdata, "archive.imaging.hospital.example");
    EXPECT_EQ(told.answers[0].ttl, 86400u);
    EXPECT_EQ(told.answers[1].rrname, "archive.imaging.hospital.example");
    EXPECT_EQ(told.answers[1].rdata, "192.0.2.40");
}

TEST(Dns, TellsWhatNobodyAnsweredAndWhatNobodyAsked) {
    auto talk = bed();
    talk.client(question).end();
    EXPECT_EQ(talk.one<Dns>().rcode, "");
    EXPECT_TRUE(talk.one<Dns>().question_seen);
    auto other = bed();
    other.server(answer);
    EXPECT_FALSE(other.one<Dns>().question_seen);
    EXPECT_FALSE(other.one<Dns>().latency_us);
}

TEST(Dns, AnAnswerBelongsToTheQuestionWithItsId) {
    auto talk = bed();
    talk.client(numbered(1)).after(std::chrono::milliseconds{5}).client(question);
    talk.after(std::chrono::milliseconds{7}).server(answer).end();
    const auto told = talk.all<Dns>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->latency_us, 7000);
    EXPECT_EQ(told[1]->id, 1);
}

TEST(Dns, OverTcpAnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_stream_session,
        {{Side::client, framed(question) + framed(numbered(1))}, {Side::server, framed(answer)}});
    Bed talk{open_stream_session()};
    talk.client(framed(question)).server(framed(answer));
    EXPECT_EQ(talk.one<Dns>().answers.size(), 2u);
}

TEST(Dns, OverTcpFindsTheNextMessageAfterALoss) {
    Bed talk{open_stream_session()};
    talk.client(framed(question)).server(framed(answer).substr(0, 20)).lose(Side::server, 100);
    talk.server("the middle of something").server(framed(answer));
    EXPECT_EQ(talk.one<Dns>().rcode, "NOERROR");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 20u + 23u);
}

TEST(Dns, AFloodOfQuestionsTakesBoundedMemoryAndIsToldWhole) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i) talk.client(numbered(i));
    EXPECT_LT(talk.memory(), 64u << 10);
    talk.end();
    EXPECT_THAT(talk.all<Dns>(), SizeIs(1000));
}

TEST(Dns, KeepsSixteenAnswersAndCountsAll) {
    auto many = answer.substr(0, 39);
    many[7] = 40;
    for (int i = 0; i < 40; ++i) many += hex("c00c 0001 0001 00000001 0004 c0000201");
    auto talk = bed();
    talk.server(many);
    EXPECT_THAT(talk.one<Dns>().answers, SizeIs(16));
    EXPECT_EQ(talk.one<Dns>().answer_count, 40u);
}

TEST(Dns, APointerThatLoopsEndsTheMessage) {
    auto talk = bed();
    talk.client(hex("0001 0100 0001 0000 0000 0000 c00c 0001 0001"));
    EXPECT_EQ(talk.out.violation, "DNS question");
}

TEST(Dns, WritesRecordsAsAZoneFileDoes) {
    const auto text = [](std::uint16_t type, std::string_view data) {
        const auto message = "header and so on " + hex(data);
        return MessageReader{as_bytes(message)}.text_of({{}, type, 1, 0, as_bytes(message).subspan(17)});
    };
    EXPECT_EQ(text(15, "000a 046d61696c 00"), "10 mail");
    EXPECT_EQ(text(33, "0000 0005 2bfd 04686f7374 00"), "0 5 11261 host");
    EXPECT_EQ(text(16, "026869 02746f"), "hi to");
    EXPECT_EQ(text(28, "20010db8000000000000000000000001"), "2001:db8::1");
    EXPECT_EQ(text(65, "0001 00 0001 0003 026832"), "1 .");
    EXPECT_EQ(type_name(65280), "TYPE65280");
}

TEST(Dns, IsRecognisedByItsContent) {
    EXPECT_EQ(asked(question), Verdict::yes);
    EXPECT_EQ(asked(answer), Verdict::yes);
    EXPECT_EQ(asked(answer.substr(0, 40)), Verdict::unsure);
    EXPECT_EQ(asked(question + "x"), Verdict::unsure);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
    EXPECT_EQ(asked(question.substr(0, 11)), Verdict::no);
    const auto over_tcp = [](std::string_view first) { return probe_stream(as_bytes(first), Side::client); };
    EXPECT_EQ(over_tcp(framed(question)), Verdict::yes);
    EXPECT_EQ(over_tcp(framed(question).substr(0, 20)), Verdict::unsure);
    EXPECT_EQ(over_tcp("GET / HTTP/1.1\r\n"), Verdict::no);
}

// Neither may be taken for the other: both answer `unsure`, and the port decides.
TEST(Dns, LeavesAnAddressThatANeighbourIsAskedForToItsPort) {
    // Written from RFC 4795, 2.1.1: no recursion is desired.
    const auto reverse =
        hex("000700000001000000000000023430013201300331393207696e2d61646472046172706100000c0001");
    EXPECT_EQ(asked(reverse), Verdict::unsure);
    EXPECT_EQ(probe_llmnr(as_bytes(reverse), Side::client), Verdict::unsure);
}

TEST(Dns, LeavesLlmnrToItsPort) {
    const auto llmnr = hex("000800000001000000000000") + "\x05pump3" + hex("0000010001");
    EXPECT_EQ(asked(llmnr), Verdict::unsure);
    EXPECT_EQ(recognise(Transport::udp, 5355, as_bytes(llmnr), Side::client).protocol->name, "llmnr");
    EXPECT_EQ(recognise(Transport::udp, 53, as_bytes(llmnr), Side::client).protocol->name, "dns");
    Bed talk{open_llmnr_session()};
    talk.client(llmnr).end();
    EXPECT_EQ(talk.one<event::Llmnr>().rrname, "pump3");
    EXPECT_THAT(talk.all<Dns>(), IsEmpty());
}

}   // namespace
}   // namespace ward::protocol::dns
