// SPDX-License-Identifier: Apache-2.0
#include "protocol/bacnet/bacnet.hpp"

#include "protocol/bed_test.hpp"

namespace ward::protocol::bacnet {
namespace {

using event::Bacnet;
using testing::IsEmpty;

// Frames of public captures of BACnet devices.
const std::string i_am = hex("810b001c0128ffff000003016cfe1000c40200006c2201e09100212a");
const std::string read_name = hex("810a001101040005010c0c00000001194d");
const std::string name = hex("810a0021010030010c0c00000001194d3e750d0053656e736f725f34353331323f");

TEST(Bacnet, AnIAmNamesADeviceAndItsVendor) {
    Bed talk{open_session()};
    talk.client(i_am);
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "i-Am");
    EXPECT_EQ(told.object, "device,108");
    EXPECT_EQ(told.device_instance, 108u);
    EXPECT_EQ(told.max_apdu_length, 480u);
    EXPECT_EQ(told.vendor_id, 42u);
}

TEST(Bacnet, JoinsAPropertyWithItsValue) {
    Bed talk{open_session()};
    talk.client(read_name).after(std::chrono::milliseconds{2}).server(name);
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "readProperty");
    EXPECT_EQ(told.object, "analog-input,1");
    EXPECT_EQ(told.property, "object-name");
    EXPECT_EQ(told.value, "Sensor_45312");
    EXPECT_EQ(told.response, "ComplexACK-PDU");
    EXPECT_EQ(told.latency_us, 2000);
}

// Clause 20.2.1.3.1: 254 and 255 stand for lengths of two and of four bytes.
TEST(Bacnet, ALengthOfTwoBytesMayBe255) {
    Bed talk{open_session()};
    const auto head = hex("810a0118010030010c0c00000001194d3e 75fe00ff 00");
    talk.server(head + std::string(254, 'n') + hex("3f"));
    EXPECT_EQ(talk.one<Bacnet>().value, std::string(64, 'n'));
}

TEST(Bacnet, TextIsReadInItsEncoding) {
    Bed talk{open_session()};
    talk.server(hex("810a001d010030010c0c00000001194d3e 75 06 05 4c fc 66 74 65 3f"));
    talk.server(hex("810a001d010030010c0c00000001194d3e 75 07 04 004c 00fc 0066 3f"));
    ASSERT_EQ(talk.all<Bacnet>().size(), 2u);
    EXPECT_EQ(talk.all<Bacnet>()[0]->value, "L\u00fcfte");
    EXPECT_EQ(talk.all<Bacnet>()[1]->value, "L\u00fcf");
}

// J.2.5: a router tells on whose behalf it speaks. What it carries is read as if that one had spoken.
TEST(Bacnet, AForwardedMessageIsRead) {
    Bed talk{open_session()};
    talk.client(hex("8104001e c0a80a07bac0 0120ffff00ff1000c40200006c2201e09100212a"));
    EXPECT_EQ(talk.one<Bacnet>().bvlc, "Forwarded-NPDU");
    EXPECT_EQ(talk.one<Bacnet>().device_instance, 108u);
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
    talk.client(read_name).server(hex("810a000d 0100 3c 01 00 04 0c 4e44"));
    talk.server(hex("810a000d 0100 3c 01 01 04 0c 4e44")).end();
    EXPECT_EQ(talk.one<Bacnet>().response, "ComplexACK-PDU");
    EXPECT_EQ(talk.one<Bacnet>().service, "readProperty");
}

TEST(Bacnet, TellsErrorsAndAnswersAlone) {
    Bed talk{open_session()};
    talk.client(read_name).server(hex("810a000d010050010c9101911f")).server(name).client(read_name).end();
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
    for (std::size_t size = 1; size < 14; ++size) talk.client(i_am.substr(0, size));
    EXPECT_THAT(talk.all<Bacnet>(), IsEmpty());
    EXPECT_EQ(talk.out.violation, "application message is cut or unknown");
}

TEST(Bacnet, ADeviceObeysAndAnswersThoughTheLengthIsWrong) {
    // As they were captured: somebody guesses the password that restarts a controller.
    Bed talk{open_session()};
    talk.client(hex("810a001101040005011409061d0b0044656c63617474793730"))
        .server(hex("810a001101045001149105911a"));
    const auto& told = talk.one<Bacnet>();
    EXPECT_EQ(told.service, "reinitializeDevice");
    EXPECT_EQ(told.error_class, 5u);
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
