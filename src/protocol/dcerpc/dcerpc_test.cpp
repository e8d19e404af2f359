// SPDX-License-Identifier: Apache-2.0
#include "protocol/dcerpc/dcerpc.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::dcerpc {
namespace {

using event::Dcerpc;

Bed bed() { return Bed{open_session()}; }

const std::string bind_svcctl =
    hex("05000b03100000004800000002000000d016d016000000000100000000000100"
        "81bb7a364498f135ad3298f03800100302000000045d888aeb1cc9119fe808002b10486002000000");
const std::string bind_ack =
    hex("05000c03100000004400000002000000d016d016340000000d005c504950455c6e74737663730000"
        "0100000000000000045d888aeb1cc9119fe808002b10486002000000");
const std::string open_manager =
    hex("050000031000000038000000030000002000000000000f00") + std::string(32, 's');
const std::string opened = hex("05000203100000003000000003000000180000000000"
                               "0000") +
                           std::string(24, 'r');

TEST(Dcerpc, NamesInterfaceAndOperation) {
    auto talk = bed();
    talk.client(bind_svcctl).server(bind_ack);
    talk.client(open_manager).after(std::chrono::milliseconds{1}).server(opened);
    const auto told = talk.all<Dcerpc>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->request, "BIND");
    EXPECT_EQ(told[0]->response, "BINDACK");
    ASSERT_EQ(told[0]->interfaces.size(), 1u);
    EXPECT_EQ(told[0]->interfaces[0].uuid, "367abb81-9844-35f1-ad32-98f038001003");
    EXPECT_EQ(told[0]->interfaces[0].version, "2.0");
    EXPECT_EQ(told[0]->interfaces[0].result, 0);
    EXPECT_EQ(told[1]->operation, "OpenSCManagerW");
    EXPECT_EQ(told[1]->opnum, 15);
    EXPECT_EQ(told[1]->request_bytes, 32u);
    EXPECT_EQ(told[1]->response_bytes, 24u);
    EXPECT_EQ(told[1]->latency_us, 1000);
}

TEST(Dcerpc, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(open_session, {{Side::client, bind_svcctl},
                                                          {Side::server, bind_ack},
                                                          {Side::client, open_manager},
                                                          {Side::server, opened}});
}

TEST(Dcerpc, SumsTheFragmentsOfACall) {
    auto talk = bed();
    auto first = open_manager;
    auto last = open_manager;
    first[3] = 1;
    last[3] = 2;
    talk.client(first).client(last).server(opened);
    EXPECT_EQ(talk.one<Dcerpc>().request_bytes, 64u);
}

TEST(Dcerpc, TellsFaultsAndAnswersAlone) {
    auto talk = bed();
    talk.client(open_manager)
        .server(hex("05000303100000002000000003000000200000000000000005000000"
                    "00000000"));
    EXPECT_EQ(talk.one<Dcerpc>().fault, "0x00000005");
    talk.server(opened);
    EXPECT_EQ(talk.all<Dcerpc>()[1]->request, "");
    EXPECT_EQ(talk.all<Dcerpc>()[1]->response, "RESPONSE");
}

TEST(Dcerpc, CallsWithoutAnswerAreBounded) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i) talk.client(open_manager);
    EXPECT_LT(talk.memory(), 64u << 10);
    EXPECT_EQ(talk.end().all<Dcerpc>().size(), 1000u);
}

TEST(Dcerpc, GoesOnAfterALossAndAfterGarbage) {
    auto talk = bed();
    talk.client(open_manager.substr(0, 30)).lose(Side::client, 26).client(bind_svcctl);
    talk.client("garbage, garbage, garbage").client(open_manager).end();
    EXPECT_EQ(talk.all<Dcerpc>().size(), 3u);
    EXPECT_EQ(talk.out.violation, "not version 5 of DCE/RPC");
}

TEST(Dcerpc, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(bind_svcctl), Verdict::yes);
    EXPECT_EQ(asked(bind_svcctl.substr(0, 8)), Verdict::unsure);
    EXPECT_EQ(asked(std::string("\x05\x02\x00\x02", 4)), Verdict::no);   // SOCKS
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::dcerpc
