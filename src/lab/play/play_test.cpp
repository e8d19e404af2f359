// SPDX-License-Identifier: Apache-2.0
#include "lab/play/play.hpp"

#include <arpa/inet.h>
#include <array>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <thread>

#include "lab/play/frame_socket.hpp"
#include "lab/play/patience.hpp"
#include "lab/play/stream.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// A socket that listens on loopback.
class Listening {
public:
    Listening() {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* any = static_cast<sockaddr*>(static_cast<void*>(&address));
        EXPECT_EQ(::bind(socket_.get(), any, size), 0);
        EXPECT_EQ(::listen(socket_.get(), 1), 0);
        EXPECT_EQ(::getsockname(socket_.get(), any, &size), 0);
        port_ = ntohs(address.sin_port);
    }
    Receiver receiver() const { return {"127.0.0.1", port_}; }
    UniqueFd accept() const { return UniqueFd{::accept(socket_.get(), nullptr, nullptr)}; }

private:
    UniqueFd socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::uint16_t port_ = 0;
};

TEST(Receiver, IsAnAddressAndAPort) {
    const auto receiver = parse_receiver("[::1]:2575");
    ASSERT_TRUE(receiver);
    EXPECT_EQ(receiver->host, "::1");
    EXPECT_EQ(receiver->port, 2575);
    for (const auto* wrong : {"", "nowhere", ":2575", "a:", "a:0", "a:65536", "a:25x"})
        EXPECT_FALSE(parse_receiver(wrong)) << wrong;
}

TEST(Stream, WritesAndReadsUntilTheOtherSideCloses) {
    const Listening listening;
    auto stream = Stream::connect(listening.receiver(), {});
    ASSERT_TRUE(stream);
    std::thread other{[&] {
        const auto socket = listening.accept();
        std::array<char, 4> got{};
        EXPECT_EQ(::recv(socket.get(), got.data(), got.size(), MSG_WAITALL), 4);
        EXPECT_EQ(::send(socket.get(), "back", 4, MSG_NOSIGNAL), 4);
    }};
    EXPECT_TRUE(stream->write("hear"));
    std::array<char, 16> got{};
    EXPECT_EQ(stream->read(got).value(), 4U);
    EXPECT_EQ(stream->read(got).value(), 0U);
    other.join();
}

TEST(Stream, NamesTheReceiverThatRefuses) {
    Receiver receiver;
    {
        const Listening listening;
        receiver = listening.receiver();
    }
    const auto stream = Stream::connect(receiver, {});
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code, Errc::unavailable);
    EXPECT_THAT(stream.error().what, HasSubstr("127.0.0.1:" + std::to_string(receiver.port)));
}

TEST(Stream, GivesUpOnWhoNeverAnswers) {
    const Listening listening;
    auto stream = Stream::connect(listening.receiver(), {nullptr, 1s});
    ASSERT_TRUE(stream);
    std::array<char, 16> got{};
    const auto read = stream->read(got);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, HasSubstr("did not answer in time"));
}

TEST(Patience, TriesAgainUntilItWorks) {
    int tries = 0;
    const auto result = try_until(60s, [&]() -> Result<int> {
        if (++tries < 3) return fail(Errc::unavailable, "not yet");
        return tries;
    });
    EXPECT_EQ(result.value(), 3);
}

TEST(Patience, EndsWithTheLastError) {
    const auto result = try_until(0s, []() -> Result<int> { return fail(Errc::unavailable, "never"); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "never");
}

TEST(FrameSocket, NamesAnInterfaceThatIsNotThere) {
    const auto socket = FrameSocket::open("nowhere");
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().code, Errc::not_found);
    EXPECT_THAT(socket.error().what, HasSubstr("'nowhere'"));
}

}   // namespace
}   // namespace ward::lab
