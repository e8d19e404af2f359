// SPDX-License-Identifier: Apache-2.0
#include "protocol/quic/quic.hpp"

#include "event/quic.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::quic {
namespace {

using event::Quic;
using testing::ElementsAre;
using testing::IsEmpty;

const std::string initial = hex("c3000000010811223344556677880000449e") + std::string(1182, 'x');
// Recorded: gtlsserver of ngtcp2 0.12.1.
const std::string negotiation =
    hex("e800000000112d875dc838676a64d501a26f2370c2efc312384e7b098d99d4253e64da32ef11b06a09694a0a1a6a00000001"
        "ff00001dff000020");
// Written: Google's own, before RFC 8999, with an identifier of eight bytes.
const std::string google = hex("0d0102030405060708") + "Q025" + hex("01") + std::string(12, 'g');

Bed bed() { return Bed{open_session()}; }

TEST(Quic, TellsTheVersionOfAFlowOnce) {
    auto talk = bed();
    talk.client(initial).server(hex("c700000001000811223344556677880041") + std::string(80, 's'));
    EXPECT_EQ(talk.one<Quic>().version, "1");
    EXPECT_TRUE(talk.one<Quic>().answered);
    talk.client("\x40 encrypted").end();
    EXPECT_EQ(talk.all<Quic>().size(), 1u);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 1200u + 97u + 11u);
}

TEST(Quic, TellsWhatAServerOffersInstead) {
    auto talk = bed();
    talk.client(hex("c30a1a2a3a0811223344556677880000449effff")).server(negotiation).end();
    EXPECT_EQ(talk.one<Quic>().version, "0a1a2a3a");
    EXPECT_THAT(talk.one<Quic>().supported, ElementsAre("1", "draft-29", "draft-32"));
}

TEST(Quic, AServerThatOffersEverythingTakesBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 100; ++i) talk.server(negotiation);
    EXPECT_LT(talk.memory(), 4096u);
    EXPECT_EQ(talk.end().one<Quic>().supported.size(), 16u);
}

TEST(Quic, KnowsARetry) {
    auto talk = bed();
    talk.client(initial).server(hex("f3000000010008aabbccddeeff0011") + std::string(32, 't')).end();
    EXPECT_TRUE(talk.one<Quic>().retry);
}

TEST(Quic, KnowsGooglesOlderOnes) {
    auto talk = bed();
    talk.client(google).end();
    EXPECT_EQ(talk.one<Quic>().version, "Q025");
    EXPECT_FALSE(talk.one<Quic>().answered);
}

TEST(Quic, IsRecognisedByAKnownVersion) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(initial), Verdict::yes);
    EXPECT_EQ(asked(negotiation), Verdict::yes);
    EXPECT_EQ(asked(negotiation + "x"), Verdict::no);
    EXPECT_EQ(asked(google), Verdict::yes);
    EXPECT_EQ(asked(hex("c30a1a2a3a0811223344556677880000449effff")), Verdict::unsure);
    EXPECT_EQ(asked(hex("c3000000020811223344556677880000449e")), Verdict::no);
    EXPECT_EQ(asked(hex("c300000001ff112233445566778800")), Verdict::no);   // an identifier too long
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::quic
