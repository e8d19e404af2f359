// SPDX-License-Identifier: Apache-2.0
#include "protocol/telnet/telnet.hpp"

#include "event/telnet.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::telnet {
namespace {

using event::Telnet;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// As a client and a server of BSD began.
const std::string client_options = hex("fffd03fffb18fffb1f");
const std::string server_options = hex("fffb03fffd18fffd1ffffa1801fff0");
const std::string greeting = "\r\nPump gateway 4.2 (ttyp2)\r\n\r\nlogin: ";

Bed bed() { return Bed{open_session()}; }

TEST(Telnet, TellsTheGreetingAndTheOptions) {
    auto talk = bed();
    talk.client(client_options).server(server_options + greeting).client("maria\r\n");
    talk.server("Password:").client("s3cret\r\n").server("Last login of maria\r\n$ ").end();
    const auto& told = talk.one<Telnet>();
    EXPECT_EQ(told.banner, "Pump gateway 4.2");
    EXPECT_THAT(told.options, ElementsAre("suppress-go-ahead", "terminal-type", "window-size"));
    EXPECT_TRUE(told.login_prompt);
    EXPECT_TRUE(told.password_prompt);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

TEST(Telnet, WhatTheServerShowsLaterIsNotKept) {
    auto talk = bed();
    talk.client("\r\n").server("Patient 4711").end();
    EXPECT_EQ(talk.one<Telnet>().banner, "");
    EXPECT_FALSE(talk.one<Telnet>().login_prompt);
}

// A gateway that puts an analyser's serial line on the network.
TEST(Telnet, WhatNoPromptEndsIsNoGreeting) {
    auto talk = bed();
    talk.server(hex("fffb03fffb01") + "P|1||4711||HADDAD^NADIA\r\n").client("\x06").server("L|1|N\r\n").end();
    EXPECT_EQ(talk.one<Telnet>().banner, "");
}

TEST(Telnet, AGreetingWithALossIsNone) {
    auto talk = bed();
    talk.server(server_options + "P|1|").lose(Side::server, 10).server("HADDAD\r\nlogin: ").client("m").end();
    EXPECT_EQ(talk.one<Telnet>().banner, "");
    EXPECT_TRUE(talk.one<Telnet>().login_prompt);
}

TEST(Telnet, ALastLoginIsNoPrompt) {
    const Dialogue dialogue{{Side::client, client_options + "\r\n"},
                            {Side::server, "Last login: Mon\r\n$ "},
                            {Side::client, std::string(4097, 'p')}};
    expect_any_split_gives_the_same_events(open_session, dialogue);
    EXPECT_THAT(events_of(open_session, dialogue, 0), HasSubstr("\"login_prompt\":false"));
}

TEST(Telnet, WhoWasThereLastIsNotTold) {
    auto talk = bed();
    talk.server(server_options + "HIS terminal\r\nLast user: Zorbanek\r\nlogin: ").client("x").end();
    EXPECT_EQ(talk.one<Telnet>().banner, "HIS terminal");
}

TEST(Telnet, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::client, client_options},
                                                          {Side::server, server_options + greeting},
                                                          {Side::client, "maria\r\n"},
                                                          {Side::server, "Password:"}});
}

TEST(Telnet, ALongSessionIsToldOnceAndTakesNoMemory) {
    auto talk = bed();
    for (int i = 0; i < 100; ++i) talk.server(std::string(1000, 'x')).client(std::string(9000, 'y'));
    EXPECT_LT(talk.memory(), 4096u);
    EXPECT_EQ(talk.one<Telnet>().banner, "");
    talk.end();
    EXPECT_EQ(talk.all<Telnet>().size(), 1u);
}

TEST(Telnet, ALossEndsASubnegotiation) {
    auto talk = bed();
    talk.server(hex("fffa18")).lose(Side::server, 10).server("login: ").end();
    EXPECT_TRUE(talk.one<Telnet>().login_prompt);
}

TEST(Telnet, IsRecognisedByItsNegotiation) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(asked(client_options), Verdict::yes);
    EXPECT_EQ(asked(hex("fffd03")), Verdict::unsure);
    EXPECT_EQ(asked(hex("fffd25") + "login: "), Verdict::unsure);
    EXPECT_EQ(asked(hex("ffd8ffe000104a464946")), Verdict::no);   // a JPEG
    EXPECT_EQ(asked(hex("ffffffffffff")), Verdict::no);
    EXPECT_EQ(asked("login: "), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::telnet
