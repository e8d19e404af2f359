// SPDX-License-Identifier: Apache-2.0
#include "protocol/modbus/modbus.hpp"

#include "event/modbus.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::modbus {
namespace {

using event::Modbus;

const std::string read_registers = hex("000100000006010300640002");
const std::string registers = hex("00010000000701030400070008");
const std::string write_coil = hex("0002000000060105000aff00");
const std::string refused = hex("000200000003018502");
const std::string identify = hex("000300000005012b0e0100");
const std::string identified =
    hex("000300000014012b0e018100000200"
        "0441434d45"
        "010450313030");

TEST(Modbus, JoinsARequestAndItsAnswer) {
    Bed talk{open_session()};
    talk.client(read_registers).after(std::chrono::milliseconds{1}).server(registers);
    const auto& told = talk.one<Modbus>();
    EXPECT_EQ(told.function, "RdHoldRegs");
    EXPECT_EQ(told.access, "read");
    EXPECT_EQ(told.address, 100);
    EXPECT_EQ(told.quantity, 2);
    EXPECT_EQ(told.unit_id, 1);
    EXPECT_TRUE(told.answered);
    EXPECT_EQ(told.latency_us, 1000);
}

TEST(Modbus, TellsExceptionsAndAnswersAlone) {
    Bed talk{open_session()};
    talk.client(write_coil).server(refused).server(registers).client(write_coil).end();
    const auto told = talk.all<Modbus>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->function, "WrSingleCoil");
    EXPECT_EQ(told[0]->exception, 2);
    EXPECT_TRUE(told[1]->request_unseen);
    EXPECT_FALSE(told[2]->answered);
}

TEST(Modbus, ADeviceNamesItself) {
    Bed talk{open_session()};
    talk.client(identify).server(identified);
    EXPECT_EQ(talk.one<Modbus>().vendor, "ACME");
    EXPECT_EQ(talk.one<Modbus>().product, "P100");
}

TEST(Modbus, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, read_registers + write_coil}, {Side::server, registers + refused}});
}

TEST(Modbus, QuestionsWithoutAnswerAreBounded) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(read_registers);
    EXPECT_LT(talk.memory(), 32u << 10);
    EXPECT_EQ(talk.end().all<Modbus>().size(), 1000u);
}

TEST(Modbus, GoesOnAfterALossAndAfterGarbage) {
    Bed talk{open_session()};
    talk.client(read_registers.substr(0, 9)).lose(Side::client, 3).client("garbage, garbage");
    talk.client(read_registers).end();
    EXPECT_EQ(talk.all<Modbus>().size(), 1u);
    EXPECT_EQ(talk.out.violation, "protocol identifier is not zero");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 9u);
}

TEST(Modbus, ItsSignatureIsWeakSoThePortHasToAgree) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(read_registers), Verdict::unsure);
    EXPECT_EQ(asked(hex("0001000000060177")), Verdict::unsure);
    EXPECT_EQ(asked(hex("000100000006017700640002")), Verdict::unsure);   // a function that nobody has
    EXPECT_EQ(asked(hex("000100010006010300640002")), Verdict::no);
    EXPECT_EQ(asked("GET / HTTP/1.1\r\n"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::modbus
