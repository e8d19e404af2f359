// SPDX-License-Identifier: Apache-2.0
#include "protocol/smtp/smtp.hpp"

#include "event/smtp.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::smtp {
namespace {

using event::Smtp;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// As an Exchange server greets.
const std::string greeting = "220 mx4.ward.example Microsoft ESMTP MAIL Service ready\r\n";
const std::string extensions =
    "250-mx4.ward.example Hello\r\n250-SIZE 52428800\r\n250-STARTTLS\r\n250 XSHADOW\r\n";
const std::string mail =
    "Subject: Results of N. Haddad\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    "content-type: application/pdf\r\nContent-Disposition: attachment; "
    "filename=haddad.pdf\r\n\r\n..\r\nAA\r\n.\r\n";

Bed bed() { return Bed{open_session()}; }
Bed greeted() {
    auto talk = bed();
    talk.server(greeting).client("EHLO pump7.ward.example\r\n").server(extensions);
    return talk;
}

TEST(Smtp, TellsAMailWithoutWhoAndWhat) {
    auto talk = greeted();
    talk.client("MAIL FROM:<nadia@ward.example> SIZE=695\r\n").server("250 2.1.0 Sender OK\r\n");
    talk.client("RCPT TO:<a@lab.example>\r\nRCPT TO:<b@Lab.example>\r\nRCPT TO:<c@x.example>\r\nDATA\r\n");
    talk.server("250 OK\r\n250 OK\r\n250 OK\r\n354 Start mail input\r\n")
        .client(mail)
        .server("250 2.6.0 Queued\r\n");
    const auto& told = talk.one<Smtp>();
    EXPECT_EQ(told.server, "mx4.ward.example Microsoft ESMTP MAIL Service");
    EXPECT_EQ(told.helo, "pump7.ward.example");
    EXPECT_EQ(told.mail_from, "ward.example");
    EXPECT_THAT(told.rcpt_to, ElementsAre("lab.example", "x.example"));
    EXPECT_EQ(told.recipients, 3u);
    EXPECT_EQ(told.bytes, mail.size() - 3);
    EXPECT_THAT(told.content_types, ElementsAre("multipart/mixed", "application/pdf"));
    EXPECT_EQ(told.attachments, 1u);
    EXPECT_EQ(told.message, 1u);
    EXPECT_EQ(told.reply, 250);
    EXPECT_TRUE(told.starttls_offered);
    for (const char* secret : {"nadia", "addad", "Results"}) EXPECT_THAT(talk.json(), Not(HasSubstr(secret)));
    talk.client("QUIT\r\n").server("221 Bye\r\n").end();
    EXPECT_EQ(talk.all<Smtp>().size(), 1u);
}

TEST(Smtp, WhoGreetsIsAHostOrNotTold) {
    const auto helo_of = [](const std::string& host) {
        auto talk = bed();
        talk.server(greeting).client("EHLO " + host + "\r\n").server(extensions);
        talk.client("MAIL FROM:<a@one.example>\r\n").server("250 ok\r\n");
        talk.client("RCPT TO:<b@two.example>\r\n").server("250 ok\r\n");
        talk.client("DATA\r\n").server("354 go\r\n").client("\r\n.\r\n").server("250 ok\r\n");
        return talk.one<Smtp>().helo;
    };
    EXPECT_EQ(helo_of("[IPv6:2001:db8::1]"), "[IPv6:2001:db8::1]");
    EXPECT_EQ(helo_of("[192.0.2.1]"), "[192.0.2.1]");
    EXPECT_EQ(helo_of("Nadia Haddad"), "");
    EXPECT_EQ(helo_of("haddad's-phone"), "");
}

TEST(Smtp, OnlyAHeaderNamesWhatAMailHolds) {
    auto talk = greeted();
    talk.client("MAIL FROM:<a@one.example>\r\nRCPT TO:<b@two.example>\r\nDATA\r\n");
    talk.client(
        "Content-Type: Zorbanek/Quilithe\r\n\r\ncontent-type: text/haddad\r\n-- \r\nContent-Type: "
        "text/nadia\r\n--b\r\nContent-Type: IMAGE/png; name=zorbanek.png\r\n\r\nContent-Type: "
        "text/biopsy\r\n.\r\n");
    EXPECT_THAT(talk.end().one<Smtp>().content_types, ElementsAre("image/png"));
}

TEST(Smtp, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session,
        {{Side::server, greeting},
         {Side::client, "EHLO a\r\n"},
         {Side::server, extensions},
         {Side::client, "AUTH LOGIN\r\n"},
         {Side::server, "334 VXNlcm5hbWU6\r\n"},
         {Side::client, "bmFkaWE=\r\n"},
         {Side::server, "535 no\r\n"},
         {Side::client, "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nBDAT 9\r\nA\r\n.\r\nRCPBDAT 2 LAST\r\nxy"},
         {Side::server, "250 a\r\n250 b\r\n250 c\r\n250 d\r\n"},
         {Side::client, "MAIL FROM:<>\r\nDATA\r\n"},
         {Side::server, "250 a\r\n354 b\r\n"},
         {Side::client, mail + "QUIT\r\n"},
         {Side::server, "250 ok\r\n221 bye\r\n"}});
}

TEST(Smtp, AChunkIsNoCommand) {
    auto talk = greeted();
    talk.client("MAIL FROM:<a@b>\r\nBDAT 11 LAST\r\nRCPT TO:<x\nQUIT\r\n")
        .server("250 a\r\n250 b\r\n221 c\r\n");
    EXPECT_EQ(talk.one<Smtp>().bytes, 11u);
    EXPECT_EQ(talk.one<Smtp>().recipients, 0u);
}

TEST(Smtp, NamesTheMechanismAndNotTheSecret) {
    auto talk = greeted();
    talk.client("AUTH LOGIN\r\n")
        .server("334 VXNlcm5hbWU6\r\n")
        .client("bmFkaWE=\r\n")
        .server("334 UGFzc3dvcmQ6\r\n");
    talk.client("c2VjcmV0\r\n").server("535 5.7.3 Authentication unsuccessful\r\n").end();
    EXPECT_EQ(talk.one<Smtp>().auth, "login");
    EXPECT_EQ(talk.one<Smtp>().auth_reply, 535);
    EXPECT_FALSE(talk.one<Smtp>().message);
    EXPECT_THAT(talk.json(), Not(HasSubstr("c2VjcmV0")));
}

TEST(Smtp, StarttlsLeavesTheRestToTls) {
    auto talk = greeted();
    talk.client("STARTTLS\r\n").server("220 2.0.0 Ready\r\n\x16\x03");
    EXPECT_TRUE(talk.one<Smtp>().starttls);
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(as_text(*talk.out.restart), "\x16\x03");
}

TEST(Smtp, ADataThatIsRefusedIsNoMail) {
    auto talk = greeted();
    talk.client("MAIL FROM:<a@b>\r\n").server("250 a\r\n").client("DATA\r\n").server("503 no recipients\r\n");
    talk.client("QUIT\r\n").server("221 bye\r\n").end();
    EXPECT_FALSE(talk.one<Smtp>().message);
    EXPECT_EQ(talk.one<Smtp>().reply, 503);
}

// RFC 2920: the commands of the next mail may follow at once.
TEST(Smtp, APipelinedMailKeepsItsOwnDomainsAndReply) {
    auto talk = greeted();
    const std::string first = "MAIL FROM:<a@one.example>\r\nRCPT TO:<b@lab.example>\r\nBDAT 2 LAST\r\nxy";
    const std::string second = "MAIL FROM:<a@two.example>\r\nRCPT TO:<b@x.example>\r\nDATA\r\n";
    talk.client(first + second).server("250 a\r\n250 b\r\n250 c\r\n250 d\r\n550 e\r\n554 f\r\n");
    talk.client("QUIT\r\n").server("221 bye\r\n").end();
    const auto told = talk.all<Smtp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->mail_from, "one.example");
    EXPECT_EQ(told[0]->message, 1u);
    EXPECT_EQ(told[0]->reply, 250);
    EXPECT_EQ(told[1]->mail_from, "two.example");
    EXPECT_FALSE(told[1]->message);
    EXPECT_EQ(told[1]->reply, 554);
}

TEST(Smtp, ARefusedMailIsToldBeforeTheNext) {
    auto talk = greeted();
    talk.client("MAIL FROM:<a@one.example>\r\n").server("250 a\r\n");
    talk.client("RCPT TO:<b@lab.example>\r\n").server("550 no\r\n");
    talk.client("MAIL FROM:<a@two.example>\r\n").server("250 a\r\n").end();
    const auto told = talk.all<Smtp>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->reply, 550);
    EXPECT_EQ(told[1]->mail_from, "two.example");
}

TEST(Smtp, ALostReplyToALoginDoesNotHideWhatFollows) {
    auto talk = greeted();
    talk.client("AUTH PLAIN AGEAYg==\r\n").lose(Side::server, 30);
    talk.client("MAIL FROM:<a@one.example>\r\n").end();
    EXPECT_EQ(talk.one<Smtp>().mail_from, "one.example");
}

TEST(Smtp, ALossWithinAMailIsPartOfIt) {
    auto talk = greeted();
    talk.client("MAIL FROM:<a@b>\r\nDATA\r\n").server("250 a\r\n354 b\r\n").client("AAAA");
    talk.lose(Side::client, 1000).client("AA\r\nB\r\n.\r\n").server("250 c\r\n");
    EXPECT_EQ(talk.one<Smtp>().reply, 250);
    EXPECT_GT(talk.one<Smtp>().bytes, 1000u);
}

TEST(Smtp, EndlessLinesAndEndlessCommandsTakeBoundedMemory) {
    auto talk = greeted();
    for (int i = 0; i < 1000; ++i) talk.client("RCPT TO:<a@host" + std::to_string(i) + ">\r\n");
    for (int i = 0; i < 1000; ++i) talk.client(std::string(1000, 'x'));
    EXPECT_LT(talk.memory(), 16u << 10);
    talk.end();
    EXPECT_EQ(talk.one<Smtp>().rcpt_to.size(), limits.domains_max);
    EXPECT_EQ(talk.one<Smtp>().recipients, 1000u);
}

TEST(Smtp, IsRecognisedByGreetingAndHello) {
    EXPECT_EQ(probe(as_bytes(greeting), Side::server), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("220 ftp.example FTP"), Side::server), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("200 OK"), Side::server), Verdict::no);
    EXPECT_EQ(probe(as_bytes("ehlo x"), Side::client), Verdict::yes);
    EXPECT_EQ(probe(as_bytes("EH"), Side::client), Verdict::unsure);
    EXPECT_EQ(probe(as_bytes("HELP"), Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::smtp
