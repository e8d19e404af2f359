// SPDX-License-Identifier: Apache-2.0
#include "protocol/postgres/postgres.hpp"

#include "event/database.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::postgres {
namespace {

using event::Postgres;
using testing::HasSubstr;
using testing::Not;

// Recorded: PostgreSQL 15.18 and psql. Of the parameters that the server tells, one is kept.
const std::string tls_request = hex("0000000804d2162f");
const std::string startup =
    hex("000000380003000075736572006d617269610064617461626173650077617264006170706c69636174696f6e5f6e616d6500"
        "7073716c0000");
const std::string md5 = hex("520000000c000000055e1c8a52");
const std::string password =
    hex("70000000286d6435343262346365373632373532656137666663356262363139343538393436353700");
const std::string accepted =
    hex("52000000080000000053000000327365727665725f76657273696f6e0031352e3138202844656269616e2031352e31382d30"
        "2b6465623132753129005a0000000549");
const std::string refused =
    hex("450000006553464154414c0056464154414c00433238503031004d70617373776f72642061757468656e7469636174696f6e"
        "206661696c656420666f72207573657220226d61726961220046617574682e63004c3333340052617574685f6661696c6564"
        "0000");

Bed bed() { return Bed{open_session()}; }

TEST(Postgres, TellsHowAClientMetItsDatabase) {
    auto talk = bed();
    const Pseudonymise by_key = [](std::string_view id) {
        return event::Pseudonym{"key:" + std::to_string(id.size())};
    };
    talk.out.pseudonymise = &by_key;
    talk.client(startup).server(md5).client(password).server(accepted);
    const auto& told = talk.one<Postgres>();
    EXPECT_EQ(told.protocol_version, "3.0");
    EXPECT_EQ(told.database, "ward");
    EXPECT_EQ(told.user.text, "key:5");
    EXPECT_EQ(told.authentication, "md5");
    EXPECT_EQ(told.authenticated, true);
    EXPECT_EQ(told.server_version, "15.18 (Debian 15.18-0+deb12u1)");
    EXPECT_FALSE(told.tls_requested);
}

TEST(Postgres, OfAnApplicationWhatIsAProductIsTold) {
    using namespace std::string_literals;
    const auto application_of = [](const std::string& name) {
        const auto body = hex("00030000") + "user\0x\0application_name\0"s + name + "\0\0"s;
        auto talk = bed();
        talk.client(hex("000000") + static_cast<char>(body.size() + 4) + body).server(accepted);
        return talk.one<Postgres>().application;
    };
    EXPECT_EQ(application_of("pgAdmin 4 - Zorbanek"), "pgAdmin 4");
    EXPECT_EQ(application_of("Zorbanek"), "");
}

TEST(Postgres, WhatIsNoVersionIsNotTold) {
    const std::string_view version = "15.18 (Debian 15.18-0+deb12u1)";
    auto named = accepted;
    named.replace(named.find(version), version.size(), "15.18 Zorbanek (Quilithe 1953)");
    auto talk = bed();
    talk.client(startup).server(named);
    EXPECT_EQ(talk.one<Postgres>().server_version, "15.18");
    EXPECT_EQ(talk.one<Postgres>().authenticated, true);
}

TEST(Postgres, LeavesTheRestToTls) {
    auto talk = bed();
    talk.client(tls_request).server("S");
    EXPECT_TRUE(talk.out.restart);
    EXPECT_TRUE(talk.one<Postgres>().tls);
}

TEST(Postgres, GoesOnInTheClearWhereTheServerHasNoTls) {
    auto talk = bed();
    talk.client(tls_request).server("N").client(startup).server(accepted);
    EXPECT_TRUE(talk.one<Postgres>().tls_requested);
    EXPECT_FALSE(talk.one<Postgres>().tls);
    EXPECT_EQ(talk.one<Postgres>().database, "ward");
}

TEST(Postgres, WhatFollowsItsBeginningIsCounted) {
    auto talk = bed();
    talk.client(startup).server(accepted + "D").client("Q").server("DD");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 4u);
    auto sealed = bed();
    sealed.client(hex("0000000804d21630")).server("G").client("secret");
    EXPECT_EQ(sealed.out.uninspected[static_cast<std::size_t>(Uninspected::encrypted)], 6u);
}

TEST(Postgres, AnAnswerAboutTlsThatWasLostIsNotAwaited) {
    auto talk = bed();
    talk.client(tls_request).lose(Side::server, 1).client(startup).server(accepted);
    EXPECT_EQ(talk.one<Postgres>().authenticated, true);
}

TEST(Postgres, OfAnErrorOnlyTheCodeIsKept) {
    auto talk = bed();
    talk.client(startup).server(refused);
    EXPECT_EQ(talk.one<Postgres>().error_code, "28P01");
    EXPECT_EQ(talk.one<Postgres>().authenticated, false);
    EXPECT_THAT(talk.json(), Not(HasSubstr("maria")));
}

TEST(Postgres, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::client, tls_request},
                                                          {Side::server, "N"},
                                                          {Side::client, startup},
                                                          {Side::server, md5},
                                                          {Side::client, password},
                                                          {Side::server, accepted}});
}

TEST(Postgres, GarbageLossAndStatementsTakeNoMemory) {
    auto talk = bed();
    talk.client(startup).server(accepted);
    for (int i = 0; i < 100; ++i) talk.client(std::string(60'000, 'Q'));
    EXPECT_LT(talk.memory(), 1024u);
    auto other = bed();
    other.client(std::string(8, '\x7f')).lose(Side::server, 10).server(hex("5200000001")).end();
    EXPECT_EQ(other.out.violation, "PostgreSQL message length");
}

TEST(Postgres, IsRecognisedByItsStartup) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(startup), Verdict::yes);
    EXPECT_EQ(asked(tls_request), Verdict::yes);
    EXPECT_EQ(asked(startup.substr(0, 10)), Verdict::unsure);
    EXPECT_EQ(asked(hex("0000000e00030000") + "nobody"), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::postgres
