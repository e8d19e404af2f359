// SPDX-License-Identifier: Apache-2.0
#include "protocol/pop3/pop3.hpp"

#include "event/mailbox.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::pop3 {
namespace {

using event::Pop3;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Recorded: Dovecot 2.3.19.1, but for the name of its host.
const std::string greeting =
    "+OK Dovecot (Debian) ready. <1d5c.2.6b0b1a41.iB96SZvNLpr0/XCfJvV5aA==@mail.ward.example>\r\n";
const std::string capabilities =
    "+OK\r\nCAPA\r\nTOP\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\nAUTH-RESP-CODE\r\nUSER\r\nSASL PLAIN "
    "CRAM-MD5\r\n.\r\n";

Bed bed() { return Bed{open_session()}; }

TEST(Pop3, TellsAConnectionWithoutWhoseItWas) {
    auto talk = bed();
    talk.server(greeting).client("CAPA\r\n").server(capabilities);
    talk.client("USER maria\r\n").server("+OK\r\n").client("PASS invented\r\n").server("+OK Logged in.\r\n");
    talk.client("STAT\r\n").server("+OK 1 47\r\n");
    talk.client("RETR 1\r\n")
        .server("+OK 47 octets\r\nFrom: a@ward.example\r\nSubject: Biopsy\r\n\r\ntext\r\n.\r\n");
    talk.client("DELE 1\r\n").end();
    const auto& told = talk.one<Pop3>().access;
    EXPECT_THAT(told.server, HasSubstr("Dovecot"));
    EXPECT_THAT(told.capabilities, ElementsAre("TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE",
                                               "USER", "SASL PLAIN CRAM-MD5"));
    EXPECT_EQ(told.auth, "pass");
    EXPECT_TRUE(told.clear_password);
    EXPECT_EQ(told.authenticated, true);
    EXPECT_EQ(told.messages, 1u);
    EXPECT_EQ(told.fetched, 1u);
    EXPECT_EQ(told.deleted, 1u);
    for (const char* value : {"maria", "invented", "Biopsy"}) EXPECT_THAT(talk.json(), Not(HasSubstr(value)));
}

TEST(Pop3, AWrongPasswordIsToldApart) {
    auto talk = bed();
    talk.server(greeting).client("AUTH PLAIN\r\n").server("+ \r\n").client("AGEAYg==\r\n");
    talk.server("-ERR wrong\r\n").end();
    EXPECT_EQ(talk.one<Pop3>().access.auth, "plain");
    EXPECT_EQ(talk.one<Pop3>().access.authenticated, false);
}

TEST(Pop3, LeavesTheRestToTls) {
    auto talk = bed();
    talk.server(greeting).client("STLS\r\n").server("+OK begin\r\n");
    EXPECT_TRUE(talk.out.restart);
    talk.end();
    EXPECT_TRUE(talk.one<Pop3>().access.starttls);
}

TEST(Pop3, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::server, greeting},
                                                          {Side::client, "CAPA\r\n"},
                                                          {Side::server, capabilities},
                                                          {Side::client, "PASS x\r\n"},
                                                          {Side::server, "-ERR no\r\n"}});
}

TEST(Pop3, AListWithoutEndTakesBoundedMemory) {
    auto talk = bed();
    talk.server(greeting).client("CAPA\r\n").server("+OK\r\n");
    for (int i = 0; i < 1000; ++i) talk.server("TOP " + std::string(1000, 'c') + "\r\n");
    EXPECT_LT(talk.memory(), 8192u);
    talk.lose(Side::server, 10).end();
    EXPECT_EQ(talk.one<Pop3>().access.capabilities.size(), 32u);
}

// A hole in the list of capabilities may reach into a mail.
TEST(Pop3, AMailBehindALossIsNoListOfCapabilities) {
    auto talk = bed();
    talk.server(greeting).client("CAPA\r\n").server("+OK\r\nTOP\r\n").lose(Side::server, 100);
    talk.server("Subject: Biopsy of Haddad\r\nSTLS\r\n").end();
    EXPECT_THAT(talk.one<Pop3>().access.capabilities, ElementsAre("TOP"));
}

TEST(Pop3, EachReplyBelongsToItsOwnCommand) {
    auto talk = bed();
    talk.server(greeting).client("USER a\r\nPASS b\r\n").server("+OK\r\n-ERR wrong\r\n");
    talk.client("RETR 1\r\nCAPA\r\n").server("+OK\r\nUSER Haddad\r\n.\r\n+OK\r\nTOP\r\n.\r\n").end();
    EXPECT_EQ(talk.one<Pop3>().access.authenticated, false);
    EXPECT_THAT(talk.one<Pop3>().access.capabilities, ElementsAre("TOP"));
}

TEST(Pop3, OnlyKnownWordsAreCapabilities) {
    auto talk = bed();
    talk.server(greeting).client("CAPA\r\n").server("+OK\r\nIMPLEMENTATION Haddad\r\nUSER Nadia\r\n.\r\n");
    EXPECT_THAT(talk.end().one<Pop3>().access.capabilities, ElementsAre("USER"));
}

TEST(Pop3, TheFirstReplySeenIsNotAlwaysAGreeting) {
    auto talk = bed();
    talk.server("+OK nadia's maildrop has 2 messages\r\n").end();
    EXPECT_EQ(talk.one<Pop3>().access.server, "");
}

TEST(Pop3, CountsTheMailsThatItPassesBy) {
    auto talk = bed();
    talk.server(greeting).client("RETR 1\r\n").server("+OK\r\nSubject: a\r\n\r\n.\r\n");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 14u);
}

TEST(Pop3, IsRecognisedByItsGreeting) {
    const auto asked = [](std::string_view first, Side from) { return probe(as_bytes(first), from); };
    EXPECT_EQ(asked(greeting, Side::server), Verdict::yes);
    EXPECT_EQ(asked("+OK\r\n", Side::server), Verdict::unsure);   // Redis
    EXPECT_EQ(asked("+PONG\r\n", Side::server), Verdict::no);
    EXPECT_EQ(asked("USER maria\r\n", Side::client), Verdict::unsure);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n", Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::pop3
