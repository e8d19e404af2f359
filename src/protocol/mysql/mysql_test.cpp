// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/mysql.hpp"

#include "event/database.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::mysql {
namespace {

using event::Mysql;
using testing::HasSubstr;
using testing::Not;

// Recorded: MariaDB 10.11.19 and its client.
const std::string greeting =
    hex("640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100050000005a7045466f7c4270"
        "00feff080200ff81150000000000001d00000033485349534541566a356626006d7973716c5f6e61746976655f7061737377"
        "6f726400");
const std::string login =
    hex("d100000184a2bf000000100021000000000000000000000000000000000000001d0000006d617269610014b708033783cfa9"
        "75917ebda59497b84b822e09536d7973716c5f6e61746976655f70617373776f7264007f035f6f73054c696e75780c5f636c"
        "69656e745f6e616d650a6c69626d617269616462045f7069640531343039360f5f636c69656e745f76657273696f6e06332e"
        "332e3230095f706c6174666f726d067838365f36340c70726f6772616d5f6e616d65056d7973716c0c5f7365727665725f68"
        "6f7374093139322e302e322e31");
const std::string accepted = hex("0700000200000002000000");
const std::string refused =
    hex("49000002ff15042332383030304163636573732064656e69656420666f72207573657220276d617269612740273139322e30"
        "2e322e322720287573696e672070617373776f72643a2059455329");
const std::string tls_request =
    hex("2000000184aabf000000100021000000000000000000000000000000000000001d000000");

Bed bed() { return Bed{open_session()}; }

TEST(Mysql, TellsHowAClientMetItsDatabase) {
    auto talk = bed();
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_key;
    talk.server(greeting).client(login).server(accepted);
    EXPECT_EQ(talk.one<Mysql>().server_version, "5.5.5-10.11.19-MariaDB-0+deb12u1");
    EXPECT_EQ(talk.one<Mysql>().user.text, "key:5");
    EXPECT_EQ(talk.one<Mysql>().authenticated, true);
    EXPECT_FALSE(talk.one<Mysql>().tls);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

TEST(Mysql, WhatIsNoVersionAndNoPluginIsNotTold) {
    const auto renamed = [](std::string text, std::string_view from, std::string_view to) {
        return text.replace(text.find(from), from.size(), to);
    };
    const std::string_view version = "5.5.5-10.11.19-MariaDB-0+deb12u1";
    const std::string_view plugin = "mysql_native_password";
    auto talk = bed();
    talk.server(renamed(renamed(greeting, version, "5-Zorbanek-Quilithe-of-Ostrin---"), plugin,
                        "zorbanek_quilithe_who"));
    talk.client(tls_request);
    EXPECT_EQ(talk.one<Mysql>().server_version, "5");
    EXPECT_EQ(talk.one<Mysql>().auth_plugin, "{other}");
    EXPECT_THAT(talk.json(), Not(HasSubstr("orbanek")));
    talk = bed();
    talk.server(greeting).client(renamed(login, plugin, "zorbanek_quilithe_who")).server(accepted);
    EXPECT_EQ(talk.one<Mysql>().auth_plugin, "{other}");
}

TEST(Mysql, AWrongPasswordIsToldApart) {
    auto talk = bed();
    talk.server(greeting).client(login).server(refused);
    EXPECT_EQ(talk.one<Mysql>().authenticated, false);
    EXPECT_EQ(talk.one<Mysql>().error_code, 1045);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

// As one answers that has no password.
TEST(Mysql, AnEmptyPacketOfTheClientsIsNoGarbage) {
    auto talk = bed();
    talk.server(greeting).client(login).client(hex("00000003")).server(accepted);
    EXPECT_EQ(talk.out.violation, "");
    EXPECT_EQ(talk.one<Mysql>().authenticated, true);
}

TEST(Mysql, LeavesTheRestToTls) {
    auto talk = bed();
    talk.server(greeting).client(tls_request);
    EXPECT_TRUE(talk.out.restart);
    EXPECT_TRUE(talk.one<Mysql>().tls);
}

TEST(Mysql, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::server, greeting}, {Side::client, login}, {Side::server, accepted}});
}

TEST(Mysql, GarbageLossAndStatementsTakeNoMemory) {
    auto talk = bed();
    talk.server(greeting).client(login).server(accepted);
    for (int i = 0; i < 100; ++i) talk.client(std::string(60'000, 'Q'));
    EXPECT_LT(talk.memory(), 1024u);
    auto other = bed();
    other.server(hex("0100000009")).server(hex("ffffff00") + "x").lose(Side::server, 10).end();
    EXPECT_EQ(other.out.violation, "no MySQL greeting");
    EXPECT_EQ(other.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 5u);
    auto cut = bed();
    cut.server(greeting.substr(0, 20)).lose(Side::server, 10);
    EXPECT_EQ(cut.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 20u);
}

TEST(Mysql, IsRecognisedByItsGreeting) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(asked(greeting), Verdict::yes);
    EXPECT_EQ(asked(greeting.substr(0, 20)), Verdict::unsure);
    EXPECT_EQ(asked(greeting + "x"), Verdict::no);
    EXPECT_EQ(asked(login), Verdict::no);
    EXPECT_EQ(asked("SSH-2.0-x\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::mysql
