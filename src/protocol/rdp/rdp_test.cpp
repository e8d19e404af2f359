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

// As captured.
const std::string request =
    hex("0300002f2ae00000000000436f6f6b69653a206d737473686173683d4157414b45434f44490d0a0100080003000000");
const std::string hybrid = hex("030000130ed000001234000201080002000000");
const std::string plain = hex("030000130ed000001234000200080000000000");
const std::string refused = hex("030000130ed000001234000300080002000000");
const std::string client_settings =
    hex("030001ac02f0807f658201a00401010401010101ff30190201220201020201000201010201000201010202ffff0201023019"
        "02010102010102010102010102010002010102020420020102301c0202ffff0202fc170202ffff0201010201000201010202"
        "ffff0201020482013f000500147c00018136000800100001c00044756361812801c0d800040008008004600301ca03aa0904"
        "000070170000460052004f0047002d0050004f004e004400000000000000000000000000000004000000000000000c000000"
        "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
        "000000000000000000000000000001ca01000000000018000f000b0000000000000000000000000000000000000000000000"
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000004c0"
        "0c000d0000000000000002c00c001b0000000000000003c0380004000000726470647200000000008080726470736e640000"
        "000000c0647264796e766300000080c0636c6970726472000000a0c0");
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
    EXPECT_THAT(talk.json(), Not(HasSubstr("AWAKE")));
}

TEST(Rdp, ReadsWhatAClientSaysInTheClear) {
    auto talk = bed();
    talk.client(request).server(plain).client(client_settings).server(server_settings);
    const auto& told = talk.one<Rdp>();
    EXPECT_EQ(told.protocol, "rdp");
    ASSERT_TRUE(told.client);
    EXPECT_EQ(told.client->client_name, "FROG-POND");
    EXPECT_EQ(told.client->build, 6000u);
    EXPECT_EQ(told.client->keyboard_layout, 0x409u);
    EXPECT_EQ(told.client->version, "5.0-8.1");
    EXPECT_THAT(told.channels, ElementsAre("rdpdr", "rdpsnd", "drdynvc", "cliprdr"));
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
    EXPECT_EQ(talk.one<Rdp>().error_code, "ssl not allowed by server");
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

TEST(Rdp, IsRecognisedByItsNegotiation) {
    const auto asked = [](std::string_view first, Side from) { return probe(as_bytes(first), from); };
    EXPECT_EQ(asked(request, Side::client), Verdict::yes);
    EXPECT_EQ(asked(request.substr(0, 20), Side::client), Verdict::unsure);
    EXPECT_EQ(asked(hybrid, Side::server), Verdict::yes);
    EXPECT_EQ(asked(hex("0300000b06e00000000000"), Side::client), Verdict::unsure);
    // S7 begins with the same transport, and other parameters.
    EXPECT_EQ(asked(hex("0300001611e00000000100c0010ac1020100c2020101"), Side::client), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n", Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::rdp
