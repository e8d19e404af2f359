// SPDX-License-Identifier: Apache-2.0
// On loopback, with datagrams that this test sends to itself.
#include "capture/live.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace ward::capture {
namespace {

/// A datagram socket on a free port of loopback.
class Speaker {
public:
    explicit Speaker(std::uint32_t host = INADDR_LOOPBACK) : socket_(::socket(AF_INET, SOCK_DGRAM, 0)) {
        address_.sin_family = AF_INET;
        address_.sin_addr.s_addr = htonl(host);
        EXPECT_EQ(::bind(socket_, generic(), sizeof address_), 0);
        socklen_t size = sizeof address_;
        EXPECT_EQ(::getsockname(socket_, generic(), &size), 0);
    }
    Speaker(const Speaker&) = delete;
    Speaker& operator=(const Speaker&) = delete;
    ~Speaker() { ::close(socket_); }

    void say(std::string_view text) { say_to(*this, text); }
    void say_to(Speaker& other, std::string_view text) {
        EXPECT_EQ(::sendto(socket_, text.data(), text.size(), 0, other.generic(), sizeof address_),
                  static_cast<ssize_t>(text.size()));
    }

private:
    sockaddr* generic() { return static_cast<sockaddr*>(static_cast<void*>(&address_)); }

    int socket_;
    sockaddr_in address_{};
};

/// How many frames arrive that contain `text`, until the ring has been quiet for a while.
std::size_t heard(std::vector<std::unique_ptr<Ring>>& rings, std::string_view text) {
    std::size_t count = 0;
    constexpr int rounds = 20;
    for (int i = 0; i < rounds; ++i)
        for (const auto& ring : rings)
            EXPECT_TRUE(ring->take(std::chrono::milliseconds{20}, [&](const wire::Frame& frame) {
                EXPECT_EQ(frame.link, wire::LinkType::ethernet);
                EXPECT_GE(frame.wire_length, frame.bytes.size());
                count += as_text(frame.bytes).find(text) != std::string_view::npos;
            }));
    return count;
}

std::vector<std::unique_ptr<Ring>> rings_on_loopback(unsigned rings) {
    auto opened = listen({.interface = "lo", .ring_bytes = std::size_t{4} << 20, .rings = rings});
    return opened ? *std::move(opened) : std::vector<std::unique_ptr<Ring>>{};
}

TEST(Live, HearsEachDatagramOnLoopbackOnce) {
    auto rings = rings_on_loopback(1);
    if (rings.empty()) GTEST_SKIP() << "no CAP_NET_RAW";
    Speaker speaker;
    for (int i = 0; i < 10; ++i) speaker.say("quokka at the bedside");
    EXPECT_EQ(heard(rings, "quokka at the bedside"), 10u);
    EXPECT_EQ(rings.front()->counts().dropped, 0u);
}

TEST(Live, RingsShareWhatPassesAndHearItOnceTogether) {
    auto rings = rings_on_loopback(2);
    if (rings.empty()) GTEST_SKIP() << "no CAP_NET_RAW";
    std::array<Speaker, 8> speakers;
    for (auto& speaker : speakers) speaker.say("wombat in the corridor");
    EXPECT_EQ(heard(rings, "wombat in the corridor"), speakers.size());
}

TEST(Live, BothDirectionsAndAllPortsOfTwoHostsBelongToOneRing) {
    auto rings = rings_on_loopback(2);
    if (rings.empty()) GTEST_SKIP() << "no CAP_NET_RAW";
    constexpr std::uint32_t hosts = 16;
    for (std::uint32_t i = 0; i < hosts; ++i) {
        const std::string text{static_cast<char>('a' + i)};
        for (int port = 0; port < 3; ++port) {
            Speaker near;
            Speaker far{INADDR_LOOPBACK + 9 + i * 7};
            near.say_to(far, "kiosk " + text);
            far.say_to(near, "kiosk " + text);
        }
    }
    std::array<std::array<int, hosts>, 2> counts{};   // by ring and host
    for (std::size_t r = 0; r < rings.size(); ++r)
        for (int i = 0; i < 10; ++i)
            EXPECT_TRUE(rings[r]->take(std::chrono::milliseconds{20}, [&](const wire::Frame& frame) {
                const auto text = as_text(frame.bytes);
                const auto at = text.find("kiosk ");
                if (at != std::string_view::npos) ++counts[r][static_cast<std::size_t>(text[at + 6] - 'a')];
            }));
    for (std::size_t i = 0; i < hosts; ++i)
        EXPECT_TRUE(std::max(counts[0][i], counts[1][i]) == 6 && std::min(counts[0][i], counts[1][i]) == 0)
            << "host " << i << ": " << counts[0][i] << " and " << counts[1][i];
    for (const auto& ring : counts) EXPECT_NE(std::ranges::count(ring, 6), 0) << "one ring has everything";
}

TEST(Live, AnInterfaceThatDoesNotExistIsNamed) {
    for (const char* name : {"nosuchport0", "", "../lo", "a-name-that-is-much-too-long-for-one"}) {
        const auto opened = listen({.interface = name});
        ASSERT_FALSE(opened);
        if (opened.error().code == Errc::denied) GTEST_SKIP() << "no CAP_NET_RAW";
        EXPECT_EQ(opened.error().code, Errc::not_found);
        EXPECT_NE(opened.error().what.find("ip link"), std::string::npos);
    }
}

}   // namespace
}   // namespace ward::capture
