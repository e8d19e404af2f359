// SPDX-License-Identifier: Apache-2.0
#include "protocol/nbns/nbns.hpp"

#include "event/nbns.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::nbns {
namespace {

using event::Nbns;
using testing::ElementsAre;
using testing::SizeIs;

// Recorded: nmblookup and nmbd of Samba 4.17.12. nmbd leaves the unit's address empty, so that it is written.
const std::string response =
    hex("37dd8580000000010000000020454f4646464346444546444243414341434143414341434143414341434141410000200001"
        "0003f48000060000c0000201");
const std::string query = hex("37dd 0110 0001 0000 0000 0000") + response.substr(12, 34) + hex("0020 0001");
const std::string status =
    hex("4a5c8400000000010000000020434b4141414141414141414141414141414141414141414141414141414141410000210001"
        "000000000089054e55525345312020202020202020200004004e55525345312020202020202020200304004e555253453120"
        "20202020202020202004005741524420202020202020202020200084005741524420202020202020202020201e8400") +
    hex("02005e005301") + std::string(40, '\0');

TEST(Nbns, JoinsAQuestionAndItsAnswer) {
    Bed talk{open_session()};
    talk.client(query).after(std::chrono::microseconds{90}).server(response);
    const auto& told = talk.one<Nbns>();
    EXPECT_EQ(told.rrname, "NURSE1<00>");
    EXPECT_EQ(told.operation, "query");
    EXPECT_EQ(told.rrtype, "NB");
    EXPECT_EQ(told.rcode, "NOERROR");
    EXPECT_THAT(told.addresses, ElementsAre("192.0.2.1"));
    EXPECT_EQ(told.latency_us, 90);
}

TEST(Nbns, ReadsWhatAMachineSaysOfItself) {
    Bed talk{open_session()};
    talk.server(status);
    EXPECT_THAT(talk.one<Nbns>().names,
                ElementsAre("NURSE1<00>", "NURSE1<03>", "NURSE1<20>", "WARD<00>", "WARD<1e>"));
    EXPECT_EQ(to_text(talk.one<Nbns>().unit), "02:00:5e:00:53:01");
    EXPECT_FALSE(talk.one<Nbns>().question_seen);
}

// RFC 1002, 4.2.2, 4.2.6 and 4.2.9
TEST(Nbns, TellsWhoTakesANameAndWhoGivesItUp) {
    Bed talk{open_session()};
    talk.client(
        hex("0005291000010000000000012046414646454e4641444843414341434143414341434143414341434143414341000020"
            "0001c00c002000010000012c00060000c0000207"));
    talk.server(
        hex("0005ad8600000001000000002046414646454e4641444843414341434143414341434143414341434143414341000020"
            "00010000000000060000c0000207"));
    talk
        .client(hex(
            "0006301000010000000000012046414646454e4641444843414341434143414341434143414341434143414341000020"
            "0001c00c002000010000012c00060000c0000207"))
        .end();
    const auto told = talk.all<Nbns>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->operation, "registration");
    EXPECT_EQ(told[0]->rrname, "PUMP7<20>");
    EXPECT_EQ(told[0]->rcode, "YXDOMAIN");
    EXPECT_EQ(told[1]->operation, "release");
    for (const auto* one : told) EXPECT_THAT(one->addresses, ElementsAre("192.0.2.7"));
}

TEST(Nbns, AFloodOfQuestionsTakesBoundedMemory) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(query);
    EXPECT_LT(talk.memory(), 64u << 10);
    EXPECT_THAT(talk.end().all<Nbns>(), SizeIs(1000));
}

TEST(Nbns, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(query), Verdict::yes);
    EXPECT_EQ(asked(response), Verdict::yes);
    EXPECT_EQ(asked(hex("0001 0100 0001 0000 0000 0000 0161 00 0001 0001")), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
    EXPECT_EQ(decoded_name("EOFFFCFDEFDBCACACACACACACACACAAz"), "");
    EXPECT_EQ(recognise(Transport::udp, 137, as_bytes(query), Side::client).protocol->name, "nbns");
}

}   // namespace
}   // namespace ward::protocol::nbns
