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

// Recorded: coturn 4.6.1, asked by its turnutils_stunclient and turnutils_uclient.
const std::string binding =
    hex("0101003c2112a4420de03955ea66c3109285823f002000080001fc70e112a640000100080001dd62c0000202802b00080001"
        "0d96c000020180220014436f7475726e2d342e362e312027476f72737427");
const std::string allocation =
    hex("000300682112a44222ee7cadd3184dba73a6b4770019000411000000000d0004000003090018000180000000000600056e75"
        "72736500000000150010623336323239386134656464616631620014000c776172642e6578616d706c65000800140265dff7"
        "d8636613bcfe869082adb5b1aea5a0468028000443f4b8c4");
const std::string refused =
    hex("011300582112a44222ee7cadd3184dba73a6b4770009001000000401556e617574686f72697a656400150010623336323239"
        "386134656464616631620014000c776172642e6578616d706c6580220014436f7475726e2d342e362e312027476f72737427"
        "8028000405579208");
const std::string request =
    hex("000100142112a442000102030405060708090a0b") + hex("80220010") + "Ward phone 1.2.3";

Bed bed() { return Bed{open_session()}; }

TEST(Stun, OfSoftwareOnlyProductsAreTold) {
    auto talk = bed();
    talk.client(request.substr(0, request.size() - 16) + "Zorbanek's phone").end();
    EXPECT_EQ(talk.one<Stun>().software, "phone");
}

TEST(Stun, TellsAFlowOnce) {
    auto talk = bed();
    talk.client(request).server(binding).client(allocation).server(refused).end();
    const auto& told = talk.one<Stun>();
    EXPECT_THAT(told.methods, ElementsAre("binding", "allocate"));
    EXPECT_EQ(told.software, "Ward phone 1.2.3");
    EXPECT_EQ(told.realm, "ward.example");
    EXPECT_EQ(told.requests, 2u);
    EXPECT_EQ(told.successes, 1u);
    EXPECT_EQ(told.errors, 1u);
    EXPECT_EQ(told.error_code, 401);
    EXPECT_TRUE(told.credentials);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nurse")));
}

TEST(Stun, LeavesTheFlowToDtls) {
    auto talk = bed();
    talk.client(request);
    talk.client(
        hex("16fefd0000000000000000002701000051000000000000001bfefd000102030405060708090a0b0c0d0e0f1011121314"
            "15161718"));
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
