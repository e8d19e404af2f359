// SPDX-License-Identifier: Apache-2.0
#include "protocol/rdp/rdp.hpp"

#include "event/rdp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::rdp {
namespace {

using event::Rdp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Recorded: xfreerdp 2.11.7 with xrdp 0.9.21.1; `hybrid` and `refused` with freerdp-shadow-cli.
const std::string request =
    hex("0300002b26e00000000000436f6f6b69653a206d737473686173683d6d617269610d0a0100080003000000");
const std::string hybrid = hex("030000130ed000000000000203080002000000");
const std::string plain = hex("030000130ed000001234000201080000000000");
const std::string refused = hex("030000130ed000000000000300080005000000");
const std::string client_settings =
    hex("030001c302f0807f658201b70401010401010101ff301a020122020102020100020101020100020101020300ffff02010230"
        "19020101020101020101020101020100020101020204200201023020020300ffff020300fc17020300ffff02010102010002"
        "0101020300ffff02010204820151000500147c00018148000800100001c00044756361813a01c0ea000c0008002003580201"
        "ca03aa09040000bb470000570041005200440033002d00500043000000000000000000000000000000000004000000000000"
        "000c000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "0000000000000000000000000000000000000001ca01000000000018000f00e3050000000000000000000000000000000000"
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000070000"
        "00000000000000000000000000000000000000000004c00c000d0000000000000002c00c001b0000000000000003c0380004"
        "0000007264706472000000000080c0726470736e640000000000c0636c6970726472000000a0c0647264796e766300000080"
        "c0");
// Written from MS-RDPBCGR, 2.2.1.4.
const std::string server_settings =
    hex("0300002602f0807f66") + "McDn" + hex("18010c0c000400080000000000020c0c000200000003000000");

Bed bed() { return Bed{open_session()}; }

TEST(Rdp, TellsTheNegotiationAndLeavesTheRestToTls) {
    auto talk = bed();
    talk.client(request).after(std::chrono::milliseconds{2}).server(hybrid);
    const auto& told = talk.one<Rdp>();
    EXPECT_TRUE(told.cookie);
    EXPECT_THAT(told.requested_protocols, ElementsAre("ssl", "hybrid"));
    EXPECT_EQ(told.protocol, "hybrid");
    EXPECT_EQ(told.latency_us, 2000);
    EXPECT_TRUE(talk.out.restart);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

TEST(Rdp, ReadsWhatAClientSaysInTheClear) {
    auto talk = bed();
    talk.client(request).server(plain).client(client_settings).server(server_settings);
    const auto& told = talk.one<Rdp>();
    EXPECT_EQ(told.protocol, "rdp");
    ASSERT_TRUE(told.client);
    EXPECT_EQ(told.client->client_name, "WARD3-PC");
    EXPECT_EQ(told.client->build, 18363u);
    EXPECT_EQ(told.client->keyboard_layout, 0x409u);
    EXPECT_EQ(told.client->version, "10.7");
    EXPECT_THAT(told.channels, ElementsAre("rdpdr", "rdpsnd", "cliprdr", "drdynvc"));
    EXPECT_EQ(told.encryption, 2u);
    talk.client(std::string(1000, 'e'));
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 1000u);
}

// MS-RDPBCGR, 5.3.2: a server of level 0 leaves everything in the clear.
TEST(Rdp, WhatIsNotEncryptedIsNotCountedAsSuch) {
    auto talk = bed();
    auto open = server_settings;
    open.replace(open.size() - 8, 8, 8, '\0');
    talk.client(request).server(plain).client(client_settings).server(open).client("keys");
    EXPECT_EQ(talk.one<Rdp>().encryption, 0u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 0u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 4u);
}

// MS-RDPBCGR, 2.2.1.1: the token of a load balancer stands where a cookie would.
TEST(Rdp, ANegotiationBehindARoutingTokenIsRead) {
    auto talk = bed();
    talk.client(hex("0300002823e00000000000") + "tsv://MS Terminal 1\r\n" + hex("0100080003000000")).end();
    EXPECT_THAT(talk.one<Rdp>().requested_protocols, ElementsAre("ssl", "hybrid"));
}

TEST(Rdp, SaysWhyAServerRefused) {
    auto talk = bed();
    talk.client(request).server(refused);
    EXPECT_EQ(talk.one<Rdp>().error_code, "hybrid required by server");
}

TEST(Rdp, ARequestWithoutAnswerIsTold) {
    auto talk = bed();
    talk.client(request).end();
    EXPECT_EQ(talk.one<Rdp>().protocol, "");
    EXPECT_FALSE(talk.one<Rdp>().latency_us);
}

TEST(Rdp, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::client, request},
                                                          {Side::server, plain},
                                                          {Side::client, client_settings},
                                                          {Side::server, server_settings}});
}

TEST(Rdp, GarbageLossAndHugePacketsAreHarmless) {
    auto talk = bed();
    talk.client(request + "no packet").lose(Side::server, 100).server(hex("0300ffff02f080") + "x");
    EXPECT_EQ(talk.out.violation, "no TPKT");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 8u);
    EXPECT_LT(talk.memory(), 4096u);
}

TEST(Rdp, WhatWasHeldBeforeALossIsLostToo) {
    auto talk = bed();
    talk.client(request.substr(0, 10)).lose(Side::client, 5);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 10u);
}

TEST(Rdp, IsRecognisedByItsNegotiation) {
    const auto asked = [](std::string_view first, Side from) { return probe(as_bytes(first), from); };
    EXPECT_EQ(asked(request, Side::client), Verdict::yes);
    EXPECT_EQ(asked(request.substr(0, 20), Side::client), Verdict::unsure);
    EXPECT_EQ(asked(hybrid, Side::server), Verdict::yes);
    EXPECT_EQ(asked(hex("0300000b06e00000000000"), Side::client), Verdict::unsure);
    // S7 begins with the same transport, and other parameters.
    EXPECT_EQ(asked(hex("0300001611e00000000700c0010ac1020102c2020103"), Side::client), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n", Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::rdp
