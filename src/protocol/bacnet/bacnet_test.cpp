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
