// SPDX-License-Identifier: Apache-2.0
#include "protocol/dtls/dtls.hpp"

#include "event/rtp.hpp"
#include "event/tls.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::dtls {
namespace {

using event::TlsHandshake;
using testing::HasSubstr;
using testing::IsEmpty;

// Written from RFC 9147, 5.2 and 5.3: the hello of a client, in three datagrams, and its server's.
const std::array<std::string, 3> pieces{
    hex("16fefd000000000000000000240100004b0000000000000018fefd000102030405060708090a0b0c0d0e0f101112131415"),
    hex("16fefd000000000000000100240100004b0000000018000018161718191a1b1c1d1e1f0000000613011303c02b0100001b"),
    hex("16fefd000000000000000200270100004b000000003000001b000a00060004001d0017002b000504fefcfefd000d00040002"
        "0403")};
const std::string server_hello =
    hex("16fefd0000000000000000003a0200002e000000000000002efefd202122232425262728292a2b2c2d2e2f30313233343536"
        "3738393a3b3c3d3e3f001301000006002b0002fefc");
// Recorded: OpenSSL 3.0.19, DTLS 1.2 with keys for media, as WebRTC begins.
const std::string webrtc_hello =
    hex("16feff0000000000000000005f010000530000000000000053fefd59a876e8ec26965f6c1968e70caaf441aa9c11efbaeb03"
        "cc9c36d63c22f13efb00000004c02b00ff01000025000b000403000102000a000400020017000e0005000200010000170000"
        "000d000400020403");
const std::string encrypted = hex("17fefd000100000000000100080102030405060708");

Bed bed() { return Bed{open_session()}; }

TEST(Dtls, JoinsTheFragmentsOfAHello) {
    auto talk = bed();
    for (const auto& piece : pieces) talk.client(piece);
    talk.server(server_hello);
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.version, "DTLS 1.3");
    EXPECT_EQ(told.cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(told.ja3->string, "65277,4865-4867-49195,10-43-13,29-23,");
    EXPECT_EQ(told.ja4.substr(0, 10), "dd3i030300");
}

TEST(Dtls, AHelloThatIsRepeatedCountsOnce) {
    auto talk = bed();
    talk.client(webrtc_hello).client(webrtc_hello).end();
    EXPECT_EQ(talk.one<TlsHandshake>().version, "DTLS 1.2");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Dtls, AFragmentThatIsMissingIsWaitedFor) {
    auto talk = bed();
    talk.client(pieces[0]).client(pieces[2]).client(pieces[1]).client(pieces[2]).end();
    EXPECT_TRUE(talk.one<TlsHandshake>().ja3);
}

TEST(Dtls, WhatFollowsIsEncrypted) {
    auto talk = bed();
    for (const auto& piece : pieces) talk.client(piece);
    talk.server(server_hello + std::string("\x2e\x01\x02\x03"));
    talk.client(encrypted);
    EXPECT_EQ(talk.all<TlsHandshake>().size(), 1u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 4u + 8u);
}

TEST(Dtls, CountsTheMediaThatUsesItsKeys) {
    auto talk = bed();
    talk.client(webrtc_hello);
    for (char i = 0; i < 3; ++i) talk.client(hex("806000") + i + std::string(20, '\x11'));
    talk.end();
    EXPECT_EQ(talk.one<event::Rtp>().protocol, "srtp");
    EXPECT_EQ(talk.one<event::Rtp>().packets, 3u);
}

TEST(Dtls, AMessageTooLongIsNotKept) {
    auto talk = bed();
    const std::string part(1000, 'x');
    const auto record = [&](std::size_t sequence) {
        return hex("16fefd0000000000000000") + hex("03f4") + hex("01ffffff0000") + '\0' +
               static_cast<char>(sequence * 1000 >> 8U & 255U) + static_cast<char>(sequence * 1000 & 255U) +
               hex("0003e8") + part;
    };
    for (std::size_t i = 0; i < 60; ++i) talk.client(record(i));
    EXPECT_LT(talk.memory(), 4096u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 60'000u);
}

TEST(Dtls, GarbageIsToldAndHarmless) {
    auto talk = bed();
    talk.client("\x16\xfe\xfd garbage").end();
    EXPECT_EQ(talk.out.violation, "no DTLS record");
    EXPECT_THAT(talk.all<TlsHandshake>(), IsEmpty());
}

TEST(Dtls, IsRecognisedByRecordsThatFillTheDatagram) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(webrtc_hello), Verdict::yes);
    EXPECT_EQ(asked(pieces[1]), Verdict::yes);
    EXPECT_EQ(asked(encrypted), Verdict::yes);
    EXPECT_EQ(asked(encrypted + "x"), Verdict::no);
    EXPECT_EQ(asked(encrypted.substr(0, 20)), Verdict::no);
    EXPECT_EQ(asked("\x16\x03\x01 TLS over UDP"), Verdict::no);
    EXPECT_EQ(asked("\x20 just text"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::dtls
