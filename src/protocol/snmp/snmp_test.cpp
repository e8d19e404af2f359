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
// As they were captured: version 3 asks for an engine's identifier.
const std::string discovery =
    hex("303d02010330100204207b2f72020240000401040201030410300e040002012a02012a040004000400301404000400a00e"
        "0204207b2f720201000201003000");
const std::string report =
    hex("306a02010330100204207b2f7202024000040100020103041d301b040d80001f8880a9498e5e3a2c30430201dd0201dd04"
        "00040004003034040d80001f8880a9498e5e3a2c30430400a8210204207b2f720201000201003013301106092b06010603"
        "0f010100410400000003");

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
    EXPECT_EQ(told.engine_id, "80001f8880a9498e5e3a2c3043");
    EXPECT_FALSE(told.encrypted);
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
