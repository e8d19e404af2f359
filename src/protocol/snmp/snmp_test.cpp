// SPDX-License-Identifier: Apache-2.0
#include "protocol/snmp/snmp.hpp"

#include "event/snmp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::snmp {
namespace {

using event::Snmp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

// Recorded: Net-SNMP 5.9.3, its snmpget and snmpd.
const std::string request =
    hex("30390201010408696e76656e746564a02a02047a598c9c020100020100301c300c06082b060102010101000500300c06082b"
        "060102010105000500");
const std::string response =
    hex("30560201010408696e76656e746564a24702047a598c9c0201000201003039302006082b060102010101000414496e76656e"
        "746564206d6f6e69746f7220312e30301506082b0601020101050004096d6f6e69746f722d37");
// RFC 3414, 4: version 3 asks for an engine's identifier.
const std::string discovery =
    hex("303e020103301102044e08b013020300ffe30401040201030410300e0400020100020100040004000400301404000400a00e"
        "02044e89c8c00201000201003000");
const std::string report =
    hex("3061020103301102044e08b013020300ffe304010002010304193017040980007ed904576172640201010201020400040004"
        "00302e040980007ed904576172640400a81f02044e89c8c00201000201003011300f060a2b060106030f01010400410101");
const std::string sealed =
    hex("307c020103301102044e08b012020300ffe304010702010304323030040980007ed9045761726402010102010204056e7572"
        "7365040c0927fe9cc210872bbb261283040800000001ad9b56e40430b9eb7d0d1d9acfe374eb3372aee5aefe22a157d39bb9"
        "81784bc5f4256750a93bc5a735ccb139b097e4d232de4b0b5ad2");

TEST(Snmp, JoinsARequestAndItsResponseAndKeepsTheCommunityOut) {
    Bed talk{open_session()};
    talk.client(request).after(std::chrono::milliseconds{2}).server(response);
    const auto& told = talk.one<Snmp>();
    EXPECT_EQ(told.version, 2);
    EXPECT_EQ(told.pdu_type, "get_request");
    EXPECT_THAT(told.vars, ElementsAre("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.5.0"));
    EXPECT_EQ(told.sys_descr, "Invented monitor 1.0");
    EXPECT_EQ(told.error_status, 0u);
    EXPECT_EQ(told.credentials, "community");
    EXPECT_EQ(told.latency_us, 2000);
    EXPECT_THAT(talk.json(), Not(HasSubstr("invented")));
}

TEST(Snmp, ReadsVersion3) {
    Bed talk{open_session()};
    talk.client(discovery).server(report);
    const auto& told = talk.one<Snmp>();
    EXPECT_EQ(told.version, 3);
    EXPECT_EQ(told.pdu_type, "get_request");
    EXPECT_EQ(told.engine_id, "80007ed90457617264");
    EXPECT_FALSE(told.encrypted);
}

// RFC 3412, 6.2: the message's number joins them; the inner one is another's.
TEST(Snmp, OfVersion3TheMessageIsAnswered) {
    auto other = discovery;
    other.replace(other.rfind(hex("4e89c8c0")), 4, hex("4e89c8c1"));
    Bed talk{open_session()};
    talk.client(other).server(report).end();
    EXPECT_EQ(talk.all<Snmp>().size(), 1u);
}

// RFC 2578, 7.7: a user's name is the index of usmUserTable.
TEST(Snmp, WhatAnIndexSpellsIsNotTold) {
    Bed talk{open_session()};
    talk
        .client(hex(
            "302a 020101 0400 a023 020107 020100 020100 3018 3016 0612 2b060106030f01020201030101047a6f7262 "
            "0500"))
        .end();
    EXPECT_THAT(talk.one<Snmp>().vars, ElementsAre("1.3.6.1.6.3.15.1.2.2.1.3.1.1.4"));
}

TEST(Snmp, OfASealedMessageOnlyTheHeaderIsTold) {
    Bed talk{open_session()};
    talk.client(sealed).end();
    EXPECT_TRUE(talk.one<Snmp>().encrypted);
    EXPECT_EQ(talk.one<Snmp>().engine_id, "80007ed90457617264");
    EXPECT_EQ(talk.one<Snmp>().credentials, "user");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 126u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("nurse")));
}

// RFC 1157, 4.1.6, and RFC 3416, 4.2.6: nobody answers a trap.
TEST(Snmp, TrapsAreToldAtOnce) {
    Bed talk{open_session()};
    talk.client(
        hex("303a0201000406736563726574a42d06072b060104018f654004c00002070201060201034301103013301106082b0601"
            "0201010500040570756d7037"));
    talk.client(
        hex("302b0201010406736563726574a71e0201090201000201003013301106082b06010201010500040570756d7037"));
    const auto told = talk.all<Snmp>();
    ASSERT_THAT(told, SizeIs(2));
    EXPECT_EQ(told[0]->version, 1);
    EXPECT_EQ(told[0]->pdu_type, "trap_v1");
    EXPECT_EQ(told[1]->pdu_type, "trap_v2");
    for (const auto* trap : told) EXPECT_THAT(trap->vars, ElementsAre("1.3.6.1.2.1.1.5.0"));
}

TEST(Snmp, ARefusalIsToldByItsNumber) {
    Bed talk{open_session()};
    talk.client(request).server(hex(
        "302e0201010406736563726574a22102047a598c9c0201110201013013301106082b06010201010500040570756d7037"));
    EXPECT_EQ(talk.one<Snmp>().error_status, 17u);   // RFC 3416, 3: notWritable
}

TEST(Snmp, AFloodOfRequestsTakesBoundedMemory) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(request);
    EXPECT_LT(talk.memory(), 64u << 10);
    EXPECT_THAT(talk.end().all<Snmp>(), SizeIs(1000));
}

TEST(Snmp, IsRecognisedByItsContentAndWhatIsCutIsNot) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(request), Verdict::yes);
    EXPECT_EQ(asked(report), Verdict::yes);
    for (std::size_t cut = 1; cut < request.size(); ++cut)
        EXPECT_EQ(asked(request.substr(0, cut)), Verdict::no) << cut;
    // A question of LDAP begins alike.
    EXPECT_EQ(asked(hex("300c 020101 6007 020103 0400 8000")), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::snmp
