// SPDX-License-Identifier: Apache-2.0
#include "lab/frames/equipment/video.hpp"

#include <gtest/gtest.h>

namespace ward::lab {
namespace {

Device axis() {
    Device device;
    device.vendor = "Axis";
    device.model = "M3106-L Mk II";
    device.address = 0x0a14c00c;
    return device;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

TEST(Rtsp, AnswersWithTheNumberOfTheQuestion) {
    for (const auto& spoken : {video::options(axis(), 1), video::describe_refused(axis(), 2, "n"),
                               video::describe(axis(), 3, "n", "r")}) {
        const auto number = spoken.asked.substr(spoken.asked.find("CSeq: "), 9);
        EXPECT_TRUE(has(spoken.answered, "\r\n" + number)) << spoken.asked;
    }
}

/// RFC 2617: the answer is to this challenge.
TEST(Rtsp, TellsOnlyWhoHasThePassword) {
    const auto refused = video::describe_refused(axis(), 2, "n");
    EXPECT_FALSE(has(refused.asked, "Authorization"));
    EXPECT_TRUE(refused.answered.starts_with("RTSP/1.0 401 Unauthorized\r\n"));
    const auto challenge = refused.answered.find("Digest realm=");
    ASSERT_NE(challenge, std::string::npos);
    const auto end = refused.answered.find("\r\n", challenge);
    const auto words = refused.answered.substr(challenge + 7, end - challenge - 7);
    const auto told = video::describe(axis(), 3, "n", "r");
    EXPECT_TRUE(has(told.asked, words)) << words;
    EXPECT_TRUE(has(told.asked, R"(, uri="rtsp://10.20.192.12/axis-media/media.amp", response="r")"));
    EXPECT_TRUE(told.answered.starts_with("RTSP/1.0 200 OK\r\n"));
}

TEST(Rtsp, HasItsMakersPath) {
    auto camera = axis();
    EXPECT_TRUE(video::options(camera, 1).asked.starts_with("OPTIONS rtsp://10.20.192.12/axis-media/"));
    camera.vendor = "Hanwha";
    EXPECT_TRUE(video::options(camera, 1).asked.starts_with("OPTIONS rtsp://10.20.192.12/profile1/"));
    camera.vendor = "Bosch";
    EXPECT_TRUE(video::options(camera, 1).asked.starts_with("OPTIONS rtsp://10.20.192.12/?inst=1 "));
}

TEST(Rtsp, CountsWhatItTells) {
    const auto told = video::describe(axis(), 3, "n", "r").answered;
    const auto body = body_of(told);
    EXPECT_TRUE(body.starts_with("v=0\r\n"));
    EXPECT_TRUE(has(told, "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"));
}

/// WS-Discovery of April 2005, sections 4.1 and appendix II, and ONVIF's Core Specification, 7.3.2.
TEST(Onvif, SaysHelloWithItsPlaceInTheSequence) {
    const auto text = video::hello(axis(), {"urn:uuid:1", "3W"},
                                   {.id = "urn:uuid:2", .number = 1, .instance = 1'772'409'600});
    for (const auto part :
         {R"(xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing")",
          R"(xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery")",
          "<wsa:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Hello</wsa:Action>",
          "<wsa:MessageID>urn:uuid:2</wsa:MessageID>",
          "<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>",
          R"(<wsd:AppSequence InstanceId="1772409600" MessageNumber="1"/>)",
          "<wsa:Address>urn:uuid:1</wsa:Address>", "<wsd:Types>dn:NetworkVideoTransmitter</wsd:Types>",
          "onvif://www.onvif.org/Profile/Streaming", "onvif://www.onvif.org/location/3W",
          "<wsd:XAddrs>http://10.20.192.12/onvif/device_service</wsd:XAddrs>"})
        EXPECT_TRUE(has(text, part)) << part;
}

}   // namespace
}   // namespace ward::lab
