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

// A client of DTLS 1.3 whose hello came in three datagrams, and its server.
const std::array<std::string, 3> pieces{
    hex("16fefd0000000000000000002701000051000000000000001bfefd9b53d48c0152c0c888435857c03a7bb78ac394c25a"
        "f1bf1213"),
    hex("16fefd0000000000000001002701000051000000001b00001beae6fad0bc4cd00000000a130113021303c02bc02f0100"
        "001d002b"),
    hex("16fefd0000000000000002002701000051000000003600001b000504fefcfefd000a00060004001d0017000d00060004"
        "08040403")};
const std::string server_hello =
    hex("16fefd0000000000000000003a0200002e000000000000002efefdb3eacd33433b31b5252351032c9b3e7a2e7aa7738d"
        "5decdf0dd6c62680853c06001301000006002b0002fefc");
// As WebRTC begins, DTLS 1.2.
const std::string webrtc_hello =
    hex("16feff000000000000000000560100004a000000000000004afefd721c9525ade2ea8903d343ef25cf68b9bf4ab0aad5"
        "6bb7b01fbe48d09bc7fcf400000006c02bc02fcca90100001aff01000100000a00080006001700180019000e00050002"
        "000700");
const std::string encrypted = hex("17fefd000100000000000100080102030405060708");

Bed bed() { return Bed{open_session()}; }

TEST(Dtls, JoinsTheFragmentsOfAHello) {
    auto talk = bed();
    for (const auto& piece : pieces) talk.client(piece);
    talk.server(server_hello);
    const auto& told = talk.one<TlsHandshake>();
    EXPECT_EQ(told.version, "DTLS 1.3");
    EXPECT_EQ(told.cipher, "TLS_AES_128_GCM_SHA256");
    EXPECT_EQ(told.ja3->string, "65277,4865-4866-4867-49195-49199,43-10-13,29-23,");
    EXPECT_EQ(told.ja4.substr(0, 10), "dd3i050300");
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
