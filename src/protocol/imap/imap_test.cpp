// SPDX-License-Identifier: Apache-2.0
#include "protocol/imap/imap.hpp"

#include "event/mailbox.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::imap {
namespace {

using event::Imap;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// Recorded: Dovecot 2.3.19.1. What it can do after a login is left out, and most of what it says of a
// mailbox.
const std::string greeting =
    "* OK [CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=CRAM-MD5] "
    "Dovecot (Debian) ready.\r\n";
const std::string capabilities =
    "* CAPABILITY IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE LITERAL+ AUTH=PLAIN AUTH=CRAM-MD5\r\n"
    "MIBH0 OK Pre-login capabilities listed, post-login capabilities have more.\r\n";

Bed bed() { return Bed{open_session()}; }

TEST(Imap, TellsAConnectionWithoutWhoseItWas) {
    auto talk = bed();
    talk.server(greeting).client("MIBH0 CAPABILITY\r\n").server(capabilities);
    talk.client("MIBH1 LOGIN maria \"invented\"\r\n").server("MIBH1 OK Logged in\r\n");
    talk.client("MIBH2 SELECT INBOX\r\n");
    talk.server(
        "* 1 EXISTS\r\n* 1 RECENT\r\nMIBH2 OK [READ-WRITE] Select completed (0.009 + 0.000 + 0.009 "
        "secs).\r\n");
    talk.client("MIBH3 UID FETCH 1:* (FLAGS)\r\n").end();
    const auto& told = talk.one<Imap>().access;
    EXPECT_THAT(told.server, HasSubstr("Dovecot"));
    EXPECT_THAT(told.capabilities, ElementsAre("IMAP4rev1", "SASL-IR", "LOGIN-REFERRALS", "ID", "ENABLE",
                                               "IDLE", "LITERAL+", "AUTH=PLAIN", "AUTH=CRAM-MD5"));
    EXPECT_EQ(told.auth, "login");
    EXPECT_TRUE(told.clear_password);
    EXPECT_EQ(told.authenticated, true);
    EXPECT_EQ(told.messages, 1u);
    EXPECT_EQ(told.fetched, 1u);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

TEST(Imap, WhatAMessageSaysIsNotRead) {
    auto talk = bed();
    talk.server(greeting + "* 1 FETCH (BODY[] {15}\r\n* 99 EXISTS\r\nxx)\r\n").end();
    EXPECT_FALSE(talk.one<Imap>().access.messages);
}

TEST(Imap, LeavesTheRestToTls) {
    auto talk = bed();
    talk.server(greeting).client("a STARTTLS\r\n").server("a OK begin\r\n");
    EXPECT_TRUE(talk.out.restart);
    talk.end();
    EXPECT_TRUE(talk.one<Imap>().access.starttls);
}

TEST(Imap, AnswersToAChallengeAreNotCommands) {
    auto talk = bed();
    talk.server(greeting).client("a AUTHENTICATE PLAIN\r\n").server("+ \r\n").client("x FETCH secret\r\n");
    talk.server("a NO wrong\r\n").end();
    EXPECT_EQ(talk.one<Imap>().access.fetched, 0u);
    EXPECT_EQ(talk.one<Imap>().access.authenticated, false);
}

TEST(Imap, WordsThatNobodyKnowsAreNotTold) {
    auto talk = bed();
    talk.server("* PREAUTH IMAP4rev1 server logged in as Zorbanek\r\n").client("a AUTHENTICATE Zorbanek\r\n");
    talk.server("a NO\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=ZORBANEK Zorbanek\r\n").end();
    EXPECT_EQ(talk.one<Imap>().access.server, "IMAP4rev1 server");
    EXPECT_EQ(talk.one<Imap>().access.auth, "{other}");
    EXPECT_THAT(talk.one<Imap>().access.capabilities, ElementsAre("IMAP4rev1", "AUTH=PLAIN"));
    auto midstream = bed();
    midstream.server("* OK Zorbanek selected\r\n").end();
    EXPECT_EQ(midstream.one<Imap>().access.server, "");
}

TEST(Imap, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session,
                                           {{Side::server, greeting},
                                            {Side::client, "MIBH0 CAPABILITY\r\n"},
                                            {Side::server, capabilities},
                                            {Side::client, "MIBH1 LOGIN {5}\r\nmaria invented\r\n"},
                                            {Side::server, "MIBH1 OK Logged in\r\n"}});
}

TEST(Imap, CommandsWithoutAnswersTakeBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i)
        talk.client(std::string(200, 't') + " LOGIN a b\r\n" + std::string(900, 'z'));
    talk.lose(Side::client, 100);
    EXPECT_LT(talk.memory(), 8192u);
}

TEST(Imap, IsRecognisedByItsGreeting) {
    const auto asked = [](std::string_view first, Side from) { return probe(as_bytes(first), from); };
    EXPECT_EQ(asked(greeting, Side::server), Verdict::yes);
    EXPECT_EQ(asked("* OK ready\r\n", Side::server), Verdict::unsure);
    EXPECT_EQ(asked("* O", Side::server), Verdict::unsure);
    EXPECT_EQ(asked("+OK ready\r\n", Side::server), Verdict::no);
    EXPECT_EQ(asked("a1 LOGIN maria x\r\n", Side::client), Verdict::unsure);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n", Side::client), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::imap
