// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/bacnet.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::bacnet {
namespace {

using event::Bacnet;
using testing::IsEmpty;

// Recorded: node-bacnet 0.2.4 on both sides, of an invented device.
const std::string i_am = hex("810b001501001000c402000c1d2205ca91032203e7");
const std::string read_name = hex("810a001101040275000c0c00000004194d");
const std::string name =
    hex("810a0027010030000c0c00000004194d3e751300526f6f6d5f375f74656d70657261747572653f");
const std::string read_unknown = hex("810a001101040275010c0c00000009194d");
const std::string unknown = hex("810a000d010050010c9101911f");

TEST(Bacnet, AnIAmNamesADeviceAndItsVendor) {
    Bed talk{open_session()};
    talk.client(i_am);
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "i-Am");
    EXPECT_EQ(told.object, "device,3101");
    EXPECT_EQ(told.device_instance, 3101u);
    EXPECT_EQ(told.max_apdu_length, 1482u);
    EXPECT_EQ(told.vendor_id, 999u);
}

TEST(Bacnet, JoinsAPropertyWithItsValue) {
    Bed talk{open_session()};
    talk.client(read_name).after(std::chrono::milliseconds{2}).server(name);
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "readProperty");
    EXPECT_EQ(told.object, "analog-input,4");
    EXPECT_EQ(told.property, "object-name");
    EXPECT_EQ(told.value, "Room_7_temperature");
    EXPECT_EQ(told.response, "ComplexACK-PDU");
    EXPECT_EQ(told.latency_us, 2000);
}

// Clause 20.2.1.3.1: 254 and 255 stand for lengths of two and of four bytes.
TEST(Bacnet, ALengthOfTwoBytesMayBe255) {
    Bed talk{open_session()};
    const auto head = hex("810a0118010030000c0c00000004194d3e 75fe00ff 00");
    talk.server(head + std::string(254, 'n') + hex("3f"));
    EXPECT_EQ(talk.one<Bacnet>().value, std::string(64, 'n'));
}

TEST(Bacnet, TextIsReadInItsEncoding) {
    Bed talk{open_session()};
    talk.server(hex("810a001d010030000c0c00000004194d3e 75 06 05 4c fc 66 74 65 3f"));
    talk.server(hex("810a001d010030000c0c00000004194d3e 75 07 04 004c 00fc 0066 3f"));
    ASSERT_EQ(talk.all<Bacnet>().size(), 2u);
    EXPECT_EQ(talk.all<Bacnet>()[0]->value, "L\u00fcfte");
    EXPECT_EQ(talk.all<Bacnet>()[1]->value, "L\u00fcf");
}

// J.2.5: a router tells on whose behalf it speaks. What it carries is read as if that one had spoken.
TEST(Bacnet, AForwardedMessageIsRead) {
    Bed talk{open_session()};
    talk.client(hex("8104001b c0000207bac0") + i_am.substr(4));
    EXPECT_EQ(talk.one<Bacnet>().bvlc, "Forwarded-NPDU");
    EXPECT_EQ(talk.one<Bacnet>().device_instance, 3101u);
}

// Clause 6.4.2: I-Am-Router-To-Network.
TEST(Bacnet, AMessageOfTheNetworkLayerIsToldByItsNumber) {
    Bed talk{open_session()};
    talk.client(hex("810b0009 0180 01 0007"));
    EXPECT_EQ(talk.one<Bacnet>().pdu, "network-layer-message");
    EXPECT_EQ(talk.one<Bacnet>().service, "1");
}

// Clause 20.1.5: of an answer in segments the first one answers.
TEST(Bacnet, TheFirstSegmentAnswers) {
    Bed talk{open_session()};
    talk.client(read_name).server(hex("810a000d 0100 3c 00 00 04 0c 4e44"));
    talk.server(hex("810a000d 0100 3c 00 01 04 0c 4e44")).end();
    EXPECT_EQ(talk.one<Bacnet>().response, "ComplexACK-PDU");
    EXPECT_EQ(talk.one<Bacnet>().service, "readProperty");
}

TEST(Bacnet, TellsErrorsAndAnswersAlone) {
    Bed talk{open_session()};
    talk.client(read_unknown).server(unknown).server(name).client(read_name).end();
    const auto told = talk.all<Bacnet>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->error_class, 1u);
    EXPECT_EQ(told[0]->error_code, 31u);
    EXPECT_TRUE(told[1]->request_unseen);
    EXPECT_THAT(told[2]->response, IsEmpty());
}

TEST(Bacnet, QuestionsWithoutAnswerAreBounded) {
    Bed talk{open_session()};
    for (int i = 0; i < 1000; ++i) talk.client(read_name);
    EXPECT_LT(talk.memory(), 32u << 10);
    EXPECT_EQ(talk.end().all<Bacnet>().size(), 1000u);
}

TEST(Bacnet, ACutDatagramIsMalformed) {
    Bed talk{open_session()};
    const auto routed = hex("810b001d 0128ffff000007 0105ff") + i_am.substr(6);
    for (std::size_t size = 1; size < 14; ++size) talk.client(routed.substr(0, size));
    EXPECT_THAT(talk.all<Bacnet>(), IsEmpty());
    EXPECT_EQ(talk.out.violation, "application message is cut or unknown");
}

TEST(Bacnet, ADeviceObeysAndAnswersThoughTheLengthIsWrong) {
    // Recorded as above, but for the lengths: somebody guesses the password that restarts a controller.
    Bed talk{open_session()};
    talk.client(hex("810a001101040075021409001d080067756573732d31"))
        .server(hex("810a001101005002149104911a"));
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "reinitializeDevice");
    EXPECT_EQ(told.error_class, 4u);
    EXPECT_EQ(told.error_code, 26u);
    EXPECT_EQ(talk.out.violation, "length of another datagram");
}

TEST(Bacnet, IsRecognisedByItsContent) {
    const auto asked = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    EXPECT_EQ(asked(i_am), Verdict::yes);
    EXPECT_EQ(asked(i_am + "x"), Verdict::unsure);
    EXPECT_EQ(asked(i_am.substr(0, 12)), Verdict::no);
    EXPECT_EQ(asked(hex("810a000402")), Verdict::no);
    EXPECT_EQ(asked("hello"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::bacnet
