// SPDX-License-Identifier: Apache-2.0
// Listening to loopback, where this test speaks.
#include "sensor/listener.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

#include "json/document.hpp"
#include "sensor/eve.hpp"

namespace ward::sensor {
namespace {

using testing::HasSubstr;

/// To a port of loopback where nobody answers.
void send(std::string_view datagram, std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::sendto(socket, datagram.data(), datagram.size(), 0,
                       static_cast<sockaddr*>(static_cast<void*>(&address)), sizeof address),
              static_cast<ssize_t>(datagram.size()));
    ::close(socket);
}

/// Sends a DNS query for a name.
void ask_for(const std::string& label) {
    std::string query{"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00", 12};
    query += static_cast<char>(label.size());
    query += label + std::string{
                         "\x07"
                         "example\x00\x00\x01\x00\x01",
                         13};
    send(query, 9);   // discard
}

/// Looks for a DHCP server (RFC 2131), as a device with this hardware address and a name.
void discover(char hardware) {
    std::string message{"\x01\x01\x06\x00", 4};
    message += std::string(24, '\0') + "\x02" + std::string(4, '\0') + hardware + std::string(202, '\0');
    message +=
        "\x63\x82\x53\x63"
        "\x35\x01\x01"
        "\x0c\x04"
        "host"
        "\xff";
    message[7] = hardware;   // of the transaction's number
    send(message, 67);
}

struct Heard {
    std::string text;
    ListenerCounts counts;
};

/// What a listener on loopback told while `speak` ran. Nothing without the right to listen.
std::optional<Heard> heard_while(const std::function<void()>& speak, const Write& also = {},
                                 ListenerOptions options = {}) {
    auto rings = capture::listen({.interface = "lo", .ring_bytes = std::size_t{4} << 20, .rings = 4});
    if (!rings) return std::nullopt;
    Heard heard;
    const SystemClock clock;
    const Write write = [&](std::string_view text) -> Result<> {
        heard.text += text;
        return also ? also(text) : Result<>{};
    };
    Listener listener{std::move(options), *std::move(rings), append_eve, write, clock};
    listener.start();
    speak();
    ::poll(nullptr, 0, 300);   // the kernel hands a block over after 50 ms
    heard.counts = listener.stop();
    return heard;
}

TEST(Listener, TellsWhatPassesAndHowItIsDoing) {
    const auto heard = heard_while([] { ask_for("quokka"); });
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    EXPECT_THAT(heard->text, HasSubstr("quokka.example"));
    EXPECT_THAT(heard->text, HasSubstr(R"("event_type":"flow")"));
    EXPECT_THAT(heard->text, HasSubstr(R"("event_type":"stats")"));
    EXPECT_GE(heard->counts.packets, 1u);
    EXPECT_EQ(heard->counts.events_lost, 0u);
}

TEST(Listener, EachLineIsOneEvent) {
    const auto heard = heard_while([] {
        for (int i = 0; i < 50; ++i) ask_for("host" + std::to_string(i));
    });
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    std::uint64_t lines = 0;
    for (std::string_view rest = heard->text; !rest.empty(); ++lines) {
        const auto end = rest.find('\n');
        ASSERT_NE(end, std::string_view::npos);
        ASSERT_TRUE(json::Document::parse(std::string{rest.substr(0, end)}));
        rest.remove_prefix(end + 1);
    }
    EXPECT_EQ(lines, heard->counts.events);
}

TEST(Listener, WaitsForASlowDiskWhenItStops) {
    // Each of the four threads has something to write at the end, and one text may wait.
    ListenerOptions options;
    options.texts_max = 1;
    const auto heard = heard_while([] { ask_for("numbat"); },
                                   [](std::string_view) -> Result<> {
                                       ::poll(nullptr, 0, 50);
                                       return {};
                                   },
                                   std::move(options));
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    EXPECT_EQ(heard->counts.events_lost, 0u);
    EXPECT_THAT(heard->text, HasSubstr("numbat.example"));
}

TEST(Listener, ALossIsToldWithItsReasonAndOnceAMinute) {
    testing::internal::CaptureStderr();
    const auto heard =
        heard_while([] { ask_for("bilby"); },
                    [](std::string_view) -> Result<> { return fail(Errc::unavailable, "no space left"); });
    const auto told = testing::internal::GetCapturedStderr();
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    EXPECT_THAT(told, HasSubstr("no space left"));
    EXPECT_EQ(told.find("events are lost"), told.rfind("events are lost")) << "once is enough";
}

TEST(Listener, SaysHowManyDevicesItForgot) {
    ListenerOptions options;
    options.devices.inside_max = 1;
    testing::internal::CaptureStderr();
    const auto heard = heard_while([] { discover(1), discover(2); }, {}, options);
    const auto told = testing::internal::GetCapturedStderr();
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    EXPECT_GT(heard->counts.devices_forgotten, 0u);
    EXPECT_THAT(told, HasSubstr("devices are forgotten"));
}

TEST(Listener, CountsTheEventsThatNobodyTook) {
    const auto heard =
        heard_while([] { ask_for("wombat"); },
                    [](std::string_view) -> Result<> { return fail(Errc::unavailable, "disk full"); });
    if (!heard) GTEST_SKIP() << "no CAP_NET_RAW";
    EXPECT_GT(heard->counts.events, 0u);
    EXPECT_EQ(heard->counts.events_lost, heard->counts.events);
}

}   // namespace
}   // namespace ward::sensor
