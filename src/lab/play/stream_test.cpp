// SPDX-License-Identifier: Apache-2.0
#include "lab/play/stream.hpp"

#include <array>
#include <gmock/gmock.h>
#include <thread>

#include "lab/play/listening_test.hpp"
#include "lab/play/reach.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

Result<Stream> connect(const Receiver& receiver) {
    Deadline deadline{60s};
    return Stream::connect(receiver, nullptr, deadline);
}

TEST(Stream, WritesAndReadsUntilTheOtherSideCloses) {
    const Listening listening;
    Deadline deadline{60s};
    auto stream = connect(listening.receiver());
    ASSERT_TRUE(stream);
    std::thread other{[&] {
        const auto socket = listening.accept();
        std::array<char, 4> got{};
        EXPECT_EQ(::recv(socket.get(), got.data(), got.size(), MSG_WAITALL), 4);
        say(socket, "back");
    }};
    EXPECT_TRUE(stream->write("hear", deadline));
    std::array<char, 16> got{};
    EXPECT_EQ(stream->read(got, deadline).value(), 4U);
    EXPECT_EQ(stream->read(got, deadline).value(), 0U);
    EXPECT_FALSE(stream->is_usable());
    other.join();
}

TEST(Stream, NamesTheReceiverThatRefuses) {
    Receiver receiver;
    {
        const Listening listening;
        receiver = listening.receiver();
    }
    const auto stream = connect(receiver);
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().code, Errc::unavailable);
    EXPECT_THAT(stream.error().what, HasSubstr("127.0.0.1:" + std::to_string(receiver.port)));
}

TEST(Stream, GivesUpOnWhoNeverAnswers) {
    const Listening listening;
    auto stream = connect(listening.receiver());
    ASSERT_TRUE(stream);
    std::array<char, 16> got{};
    Deadline deadline{1s};
    const auto read = stream->read(got, deadline);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, HasSubstr("did not answer in time"));
}

TEST(Stream, HasOneDeadlineForAllThatComesInPieces) {
    const Listening listening;
    auto stream = connect(listening.receiver());
    ASSERT_TRUE(stream);
    const auto socket = listening.accept();
    std::jthread drip{[&](const std::stop_token& stop) {
        for (pollfd none{-1, 0, 0}; !stop.stop_requested(); ::poll(&none, 1, 100)) say(socket, ".");
    }};
    std::array<char, 1> got{};
    Deadline deadline{1s};
    Result<std::size_t> read = 0U;
    for (int i = 0; i < 100 && read; ++i) read = stream->read(got, deadline);
    EXPECT_FALSE(read);
}

TEST(Reach, TakesTheNextAddressWhenTheFirstDoesNotAnswer) {
    const Listening deaf{0}, hearing;
    const auto waiting = connect(deaf.receiver());   // its queue is full now
    std::vector<Endpoint> endpoints;
    for (const auto* one : {&deaf, &hearing}) endpoints.push_back(endpoints_of(one->receiver()).value()[0]);
    Deadline deadline{60s};
    const auto reached = reach({"both", 1}, endpoints, deadline);
    ASSERT_TRUE(reached);
    EXPECT_TRUE(hearing.accept());
    EXPECT_LT(deadline.spent(), 30s);
}

TEST(Reach, GivesUpInTime) {
    const Listening deaf{0};
    const auto waiting = connect(deaf.receiver());
    Deadline deadline{1s};
    const auto reached = reach(deaf.receiver(), endpoints_of(deaf.receiver()).value(), deadline);
    ASSERT_FALSE(reached);
    EXPECT_THAT(reached.error().what, HasSubstr("did not answer in time"));
    EXPECT_LT(deadline.spent(), 30s);
}

}   // namespace
}   // namespace ward::lab
