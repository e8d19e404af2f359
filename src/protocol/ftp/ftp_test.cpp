// SPDX-License-Identifier: Apache-2.0
#include "protocol/ftp/ftp.hpp"

#include "event/ftp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::ftp {
namespace {

using event::Ftp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string greeting = "220-Welcome\r\n220 (vsFTPd 3.0.3)\r\n";

Bed bed() { return Bed{open_session()}; }

TEST(Ftp, TellsACommandAndItsReply) {
    auto talk = bed();
    talk.server(greeting).client("STOR haddad_nadia.DCM\r\n").after(std::chrono::milliseconds{1});
    talk.server("150 Ok to send data.\r\n226 Transfer complete.\r\n");
    const auto& told = talk.one<Ftp>();
    EXPECT_EQ(told.command, "STOR");
    EXPECT_EQ(told.extension, "dcm");
    EXPECT_THAT(told.completion_code, ElementsAre(150, 226));
    EXPECT_EQ(told.server, "vsFTPd 3.0.3");
    EXPECT_EQ(told.latency_us, 1000);
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

TEST(Ftp, NamesNoUserButAnonymousOnes) {
    auto talk = bed();
    talk.server(greeting)
        .client("USER nadia\r\n")
        .server("331 a\r\n")
        .client("pass s3cret\r\n")
        .server("530 b\r\n");
    talk.client("USER Anonymous\r\n").server("331 c\r\n");
    const auto told = talk.all<Ftp>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->user, "");
    EXPECT_EQ(told[1]->command, "PASS");
    EXPECT_EQ(told[1]->credentials, "password");
    EXPECT_THAT(told[1]->completion_code, ElementsAre(530));
    EXPECT_EQ(told[2]->user, "anonymous");
    EXPECT_THAT(talk.json(), Not(HasSubstr("s3cret")));
}

TEST(Ftp, TellsThePortOfTheData) {
    auto talk = bed();
    talk.client("PASV\r\n").server("227 Entering Passive Mode (192,0,2,7,197,143)\r\n");
    talk.client("EPSV\r\n").server("229 Entering Extended Passive Mode (|||50123|)\r\n");
    talk.client("PORT 10,0,0,1,4,1\r\n")
        .server("200 a\r\n")
        .client("EPRT |2|::1|5282|\r\n")
        .server("200 b\r\n");
    talk.client("PASV\r\n").server("227 (1,2,3,4,5,600)\r\n");
    const auto told = talk.all<Ftp>();
    ASSERT_EQ(told.size(), 5u);
    EXPECT_EQ(told[0]->dynamic_port, 50575);
    EXPECT_EQ(told[0]->mode, "passive");
    EXPECT_EQ(told[1]->dynamic_port, 50123);
    EXPECT_EQ(told[2]->dynamic_port, 1025);
    EXPECT_EQ(told[2]->mode, "active");
    EXPECT_EQ(told[3]->dynamic_port, 5282);
    EXPECT_FALSE(told[4]->dynamic_port);
}

TEST(Ftp, AuthTlsLeavesTheRestToTls) {
    auto talk = bed();
    talk.server(greeting).client("AUTH TLS\r\n").server("234 Proceed\r\n\x16");
    EXPECT_EQ(talk.one<Ftp>().tls, "tls");
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(as_text(*talk.out.restart), "\x16");
}

TEST(Ftp, ProtectedCommandsAreCommands) {
    auto talk = bed();
    talk.client("AUTH GSSAPI\r\n").server("234 ok\r\n");
    talk.client("ENC aW52ZW50ZWQ=\r\n").server("632 aGk=\r\n").end();
    EXPECT_EQ(talk.all<Ftp>().back()->command, "ENC");
    EXPECT_EQ(talk.out.violation, "");
}

TEST(Ftp, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session,
                                           {{Side::server, greeting},
                                            {Side::client, "USER ftp\r\nFEAT\r\nRETR a.pdf\r\n"},
                                            {Side::server,
                                             "331 a\r\n211-Features:\r\n EPSV\r\n211 End\r\n"
                                             "150 b\r\n426 c\r\n"}});
}

TEST(Ftp, AServerThatWasNotAskedIsStillToldOf) {
    auto talk = bed();
    talk.server(greeting).end();
    EXPECT_EQ(talk.one<Ftp>().server, "vsFTPd 3.0.3");
    EXPECT_THAT(talk.one<Ftp>().command, IsEmpty());
}

TEST(Ftp, LossAndGarbageDoNotStopIt) {
    auto talk = bed();
    talk.client("RETR a").lose(Side::client, 5).client("x.pdf\r\nHELO x\r\nPWD\r\n").end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 6u);
    EXPECT_EQ(talk.one<Ftp>().command, "PWD");
    EXPECT_FALSE(talk.one<Ftp>().reply_received);
    EXPECT_EQ(talk.out.violation, "no FTP command");
}

TEST(Ftp, AReplyOfSeveralLinesThatWasTornEndsWithTheLoss) {
    auto talk = bed();
    talk.client("STAT\r\n").server("211-Status\r\n").lose(Side::server, 50);
    talk.client("PWD\r\n").server(" lost\r\n257 x\r\n");
    EXPECT_THAT(talk.all<Ftp>().back()->completion_code, ElementsAre(257));
}

TEST(Ftp, AMechanismThatNobodyKnowsIsNotTold) {
    auto talk = bed();
    talk.client("AUTH Zorbanek\r\n").end();
    EXPECT_EQ(talk.one<Ftp>().tls, "{other}");
}

TEST(Ftp, EndlessCommandsTakeBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i) talk.client("NOOP\r\n");
    EXPECT_EQ(talk.all<Ftp>().size(), 1000 - limits.unanswered_max);
    EXPECT_LT(talk.memory(), 16u << 10);
}

// RFC 959, 4.2: a line within may begin with digits.
TEST(Ftp, AReplyOfSeveralLinesEndsWithItsOwnCode) {
    Bed talk{open_session()};
    talk.server("220 FTP\r\n").client("STAT\r\nQUIT\r\n");
    talk.server("211-Status\r\n 150 files\r\n500 of them new\r\n211 End\r\n221 Bye\r\n");
    const auto told = talk.all<event::Ftp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_THAT(told[0]->completion_code, testing::ElementsAre(211));
    EXPECT_THAT(told[1]->completion_code, testing::ElementsAre(221));
}

// RFC 2228: the commands that follow are sealed one by one.
TEST(Ftp, GssapiIsNoTls) {
    Bed talk{open_session()};
    talk.server("220 FTP\r\n").client("AUTH GSSAPI\r\n").server("234 go on\r\n");
    EXPECT_FALSE(talk.out.restart);
}

TEST(Ftp, IsRecognisedByItsGreeting) {
    EXPECT_EQ(probe(as_bytes("220 (vsFTPd 3.0.3)\r\n"), Side::server), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("220 ready\r\n"), Side::server), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("220 x ESMTP\r\n"), Side::server), Verdict::no);
    EXPECT_EQ(probe(as_bytes("USER nadia\r\n"), Side::client), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("AUTH TLS\r\n"), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("EHLO x\r\n"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::ftp
