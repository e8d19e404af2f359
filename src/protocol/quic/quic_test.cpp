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
// As captured: RFC 9000, section 17.2.1.
const std::string negotiation =
    hex("9f00000000149ad6a5028e908ed78fa10f28d1142ed3303b2ef010565ef4f16c5e1e1b1ae6605c200dea2300000001ff0000"
        "1dff00001cff"
        "00001b");
const std::string google = hex("0d49bee2d3f0edccd65130323501d8697e21ab650d33f0");

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
    EXPECT_THAT(talk.one<Quic>().supported, ElementsAre("1", "draft-29", "draft-28", "draft-27"));
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
