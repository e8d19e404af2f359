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

const std::string greeting = "* OK IMAP4rev1 Ward mail 3.1 at your service\r\n";
const std::string capabilities =
    "* CAPABILITY IMAP4rev1 IDLE AUTH=LOGIN AUTH=PLAIN AUTH=CRAM-MD5\r\nC0 OK CAPABILITY completed\r\n";

Bed bed() { return Bed{open_session()}; }

TEST(Imap, TellsAConnectionWithoutWhoseItWas) {
    auto talk = bed();
    talk.server(greeting).client("C0 CAPABILITY\r\n").server(capabilities);
    talk.client("C1 LOGIN maria s3cret\r\n").server("C1 OK LOGIN completed\r\n");
    talk.client("C2 SELECT INBOX\r\n").server("* 13 EXISTS\r\n* 1 RECENT\r\nC2 OK SELECT completed\r\n");
    talk.client("C3 UID FETCH 1:13 (FLAGS)\r\n").end();
    const auto& told = talk.one<Imap>().access;
    EXPECT_EQ(told.server, "OK IMAP4rev1 Ward mail 3.1 at your service");
    EXPECT_THAT(told.capabilities,
                ElementsAre("IMAP4rev1", "IDLE", "AUTH=LOGIN", "AUTH=PLAIN", "AUTH=CRAM-MD5"));
    EXPECT_EQ(told.auth, "login");
    EXPECT_TRUE(told.clear_password);
    EXPECT_EQ(told.authenticated, true);
    EXPECT_EQ(told.messages, 13u);
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

TEST(Imap, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::server, greeting},
                                                          {Side::client, "C0 CAPABILITY\r\n"},
                                                          {Side::server, capabilities},
                                                          {Side::client, "C1 LOGIN {5}\r\nmaria s3cret\r\n"},
                                                          {Side::server, "C1 OK LOGIN completed\r\n"}});
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
