// SPDX-License-Identifier: Apache-2.0
#include "lab/play/play.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include "lab/play/frame_socket.hpp"
#include "lab/play/pace.hpp"

namespace ward::lab {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Clock = Deadline::Clock;

/// The end of a pipe from which a byte can be read.
UniqueFd told() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    EXPECT_EQ(::write(ends[1], "!", 1), 1);
    ::close(ends[1]);
    return UniqueFd{ends[0]};
}

TEST(Receiver, IsAnAddressAndAPort) {
    const auto receiver = parse_receiver("[::1]:2575");
    ASSERT_TRUE(receiver);
    EXPECT_EQ(receiver->host, "::1");
    EXPECT_EQ(receiver->port, 2575);
    for (const auto* wrong : {"", "nowhere", ":2575", "a:", "a:0", "a:65536", "a:25x"})
        EXPECT_FALSE(parse_receiver(wrong)) << wrong;
}

TEST(Deadline, TriesAgainUntilItWorks) {
    int tries = 0;
    Deadline deadline{60s};
    const auto result = try_until(deadline, [&]() -> Result<int> {
        if (++tries < 3) return fail(Errc::unavailable, "not yet");
        return tries;
    });
    EXPECT_EQ(result.value(), 3);
}

TEST(Deadline, EndsWithTheLastError) {
    Deadline deadline{0s};
    const auto result = try_until(deadline, []() -> Result<int> { return fail(Errc::unavailable, "never"); });
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().what, "never");
}

TEST(Deadline, IsNearOnceAStopIsAskedFor) {
    const auto stop = told();
    Deadline deadline{1h, stop.get()};
    const auto before = Clock::now();
    EXPECT_FALSE(deadline.wait(-1, POLLIN));
    EXPECT_TRUE(deadline.is_over());
    EXPECT_GT(Clock::now() - before, 1s) << "what is under way has a little time left";
    EXPECT_LT(Clock::now() - before, 60s);
}

TEST(Pace, WaitsForNothingOnceAStopIsAskedFor) {
    const auto stop = told();
    const Moment begin{};
    const Pace pace{begin, 1, stop.get()};
    const auto before = Clock::now();
    pace.wait_for(begin + 24h);
    EXPECT_TRUE(pace.is_stopped());
    EXPECT_LT(Clock::now() - before, 60s);
}

TEST(FrameSocket, NamesAnInterfaceThatIsNotThere) {
    const auto socket = FrameSocket::open("nowhere");
    ASSERT_FALSE(socket);
    EXPECT_EQ(socket.error().code, Errc::not_found);
    EXPECT_THAT(socket.error().what, HasSubstr("'nowhere'"));
}

}   // namespace
}   // namespace ward::lab
