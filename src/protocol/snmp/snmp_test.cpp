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

const std::string request =
    hex("3026 020101 0406 736563726574 a019 020107 020100 020100 300e 300c 06082b06010201010100 0500");
const std::string response = hex(
    "302a 020101 0406 736563726574 a21d 020107 020100 020100 3012 3010 06082b06010201010100 0404 50756d70");
// RFC 3414, 4: version 3 asks for an engine's identifier.
const std::string discovery =
    hex("3039020103300e02021b59020205c00401040201030410300e0400020100020100040004000400301204000400a00c02"
        "021b590201000201003000");
const std::string report =
    hex("3061020103300e02021b59020205c0040100020103041c301a040b800000090300005e00530102010302021267040004"
        "000400302e040b800000090300005e0053010400a81d02021b590201000201003011300f060a2b060106030f01010400"
        "410105");

TEST(Snmp, JoinsARequestAndItsResponseAndKeepsTheCommunityOut) {
    Bed talk{open_session()};
    talk.client(request).after(std::chrono::milliseconds{2}).server(response);
    const auto& told = talk.one<Snmp>();
    EXPECT_EQ(told.version, 2);
    EXPECT_EQ(told.pdu_type, "get_request");
    EXPECT_THAT(told.vars, ElementsAre("1.3.6.1.2.1.1.1.0"));
    EXPECT_EQ(told.sys_descr, "Pump");
    EXPECT_EQ(told.error_status, 0u);
    EXPECT_EQ(told.credentials, "community");
    EXPECT_EQ(told.latency_us, 2000);
    EXPECT_THAT(talk.json(), Not(HasSubstr("secret")));
}

TEST(Snmp, ReadsVersion3) {
    Bed talk{open_session()};
    talk.client(discovery).server(report);
    const auto& told = talk.one<Snmp>();
    EXPECT_EQ(told.version, 3);
    EXPECT_EQ(told.pdu_type, "get_request");
    EXPECT_EQ(told.engine_id, "800000090300005e005301");
    EXPECT_FALSE(told.encrypted);
}

TEST(Snmp, OfASealedMessageOnlyTheHeaderIsTold) {
    Bed talk{open_session()};
    talk
        .client(hex(
            "3062020103300d020109020205c004010702010304343032040b800000090300005e00530102010302012f04056d6172"
            "6961040c6161616161616161616161610408707070707070707004187373737373737373737373737373737373737373"
            "73737373"))
        .end();
    EXPECT_TRUE(talk.one<Snmp>().encrypted);
    EXPECT_EQ(talk.one<Snmp>().engine_id, "800000090300005e005301");
    EXPECT_EQ(talk.one<Snmp>().credentials, "user");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 100u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
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
    talk.client(request).server(
        hex("302b0201010406736563726574a21e0201070201110201013013301106082b06010201010500040570756d7037"));
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
