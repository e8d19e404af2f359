// SPDX-License-Identifier: Apache-2.0
#include "protocol/mysql/mysql.hpp"

#include "event/database.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::mysql {
namespace {

using event::Mysql;
using testing::HasSubstr;
using testing::Not;

// As captured.
const std::string greeting =
    hex("380000000a352e312e36372d6c6f67001a000000345c536c434c325400fff721020000000000000000000000000000344334"
        "7b317c4270313f"
        "284c00");
const std::string login =
    hex("3f00000105a60f0000000001210000000000000000000000000000000000000000000000726f6f745f6e6f706500140462a9"
        "9c75e97363d10a"
        "6d4b06dc84dfd4da1a96");
const std::string accepted = hex("0700000200000002000000");
const std::string refused = hex("0c000002ff1504") + "#28000for";

Bed bed() { return Bed{open_session()}; }

TEST(Mysql, TellsHowAClientMetItsDatabase) {
    auto talk = bed();
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_key;
    talk.server(greeting).client(login).server(accepted);
    EXPECT_EQ(talk.one<Mysql>().server_version, "5.1.67-log");
    EXPECT_EQ(talk.one<Mysql>().user.text, "key:9");
    EXPECT_EQ(talk.one<Mysql>().authenticated, true);
    EXPECT_FALSE(talk.one<Mysql>().tls);
    EXPECT_THAT(talk.json(), Not(HasSubstr("root")));
}

TEST(Mysql, AWrongPasswordIsToldApart) {
    auto talk = bed();
    talk.server(greeting).client(login).server(refused);
    EXPECT_EQ(talk.one<Mysql>().authenticated, false);
    EXPECT_EQ(talk.one<Mysql>().error_code, 1045);
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
    talk.server(greeting).client(hex("2000000185ae0f00") + std::string(28, '\0'));
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
