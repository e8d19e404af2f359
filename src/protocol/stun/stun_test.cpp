// SPDX-License-Identifier: Apache-2.0
#include "protocol/stun/stun.hpp"

#include "event/rtp.hpp"
#include "event/stun.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/stun/message.hpp"

namespace ward::protocol::stun {
namespace {

using event::Stun;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// As captured; the cookie and the transaction in the middle.
const std::string refused =
    hex("0113003c2112a442536e4c665278533665516e540009000400000401001400117475726e2e6c2e676f6f676c652e636f6d00"
        "000000"
        "1500186d6168366f4f746c33364c46346d774b3061775559413d3d");
const std::string binding = hex(
    "010100482112a442776c6b594474464a7744322f000600155655416b364179376876754c6e4c474f3a7479477500000000200008"
    "00010e977c3d45040008001"
    "4c92f33127665580da2ce08f86f02922e8a3f4292802800044395cbdc");
const std::string request =
    hex("000100142112a442000102030405060708090a0b") + hex("80220010") + "Ward phone 1.2.3";

Bed bed() { return Bed{open_session()}; }

TEST(Stun, TellsAFlowOnce) {
    auto talk = bed();
    talk.client(request).server(binding).client(request).server(refused).end();
    const auto& told = talk.one<Stun>();
    EXPECT_THAT(told.methods, ElementsAre("binding", "allocate"));
    EXPECT_EQ(told.software, "Ward phone 1.2.3");
    EXPECT_EQ(told.realm, "turn.l.google.com");
    EXPECT_EQ(told.requests, 2u);
    EXPECT_EQ(told.successes, 1u);
    EXPECT_EQ(told.errors, 1u);
    EXPECT_EQ(told.error_code, 401);
    EXPECT_TRUE(told.credentials);
    EXPECT_THAT(talk.json(), Not(HasSubstr("VUAk")));
}

TEST(Stun, LeavesTheFlowToDtls) {
    auto talk = bed();
    talk.client(request);
    talk.client(hex(
        "16fefd0000000000000000002701000051000000000000001bfefdf2d120880f75811062381f06abf371f75899aea4af8"
        "64c6383"));
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(talk.out.restart->size(), 52u);
}

TEST(Stun, CountsMediaBetweenItsMessages) {
    auto talk = bed();
    const auto packet = hex("80000001000000a0deadbeef") + std::string(160, 'v');
    talk.client(request).client(packet).server(binding).client(packet).end();
    EXPECT_EQ(talk.one<event::Rtp>().packets, 2u);
    EXPECT_THAT(talk.one<event::Rtp>().payload_types, ElementsAre(0));
}

TEST(Stun, WhatNamesAnotherSourceEachTimeIsNoMedia) {
    auto talk = bed();
    talk.client(request);
    for (char i = 0; i < 4; ++i) talk.client(hex("80000001000000a0deadbe") + i);
    EXPECT_TRUE(talk.end().all<event::Rtp>().empty());
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::unknown)], 48u);
}

TEST(Stun, WhatIsNeitherIsNotLookedInto) {
    auto talk = bed();
    talk.client(request).client("@\x01 relayed").end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::unknown)], 10u);
}

TEST(Stun, ManyMethodsTakeBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 200; ++i)
        talk.client(std::string{static_cast<char>(i >> 4 & 0x3e), static_cast<char>(i & 15)} +
                    request.substr(2));
    talk.end();
    EXPECT_EQ(talk.one<Stun>().methods.size(), 8u);
}

TEST(Stun, IsRecognisedByItsCookieAndLength) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(request), Verdict::yes);
    EXPECT_EQ(asked(request + "1234"), Verdict::no);
    EXPECT_EQ(asked(request.substr(0, 19)), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n\r\nxxxxxx"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::stun
