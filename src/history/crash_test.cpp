// SPDX-License-Identifier: Apache-2.0
// A writer that is killed at any moment has lost nothing that it acknowledged, and what its feed sends again
// is stored once. A full disk is an error, and what fits later is stored.
#include <array>
#include <csignal>
#include <random>
#include <set>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "history/storing_test.hpp"

namespace ward::history {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t events_max = 40'000;

/// Every third is of Sunday, so that a batch is of two files; every seventh is an alarm.
std::string numbered(std::uint64_t number) {
    const auto since = std::chrono::milliseconds{number * 100} - (number % 3 == 0 ? 24h : 0h);
    return event_at(
        since, fmt::format(R"("event_type":"{}","flow_id":{},"src_ip":"10.0.{}.{}")",
                           number % 7 == 0 ? "anomaly" : "flow", number, number / 200 % 200, number % 200));
}

std::vector<std::string> numbered(std::uint64_t first, std::uint64_t last) {
    std::vector<std::string> lines;
    for (auto number = first; number <= last; ++number) lines.push_back(numbered(number));
    return lines;
}

class Crash : public Storing {
protected:
    [[noreturn]] void write_until_killed(int acknowledgements, std::uint32_t seed) {
        std::mt19937 random{seed};
        auto history = open();
        if (!history) ::_exit(1);
        auto next = *history->watermark("sensor") + 1;
        for (;;) {
            // As a bus does after a reconnection: some of it again, cut anew.
            const auto again = std::min<std::uint64_t>(next - 1, random() % 50);
            const auto first = next - again;
            const auto last = std::min(events_max, next + random() % 600);
            const auto watermark = append(*history, first, numbered(first, last));
            if (!watermark) ::_exit(2);
            if (::write(acknowledgements, &*watermark, sizeof *watermark) != sizeof *watermark) ::_exit(3);
            if (last == events_max) ::_exit(0);
            next = last + 1;
        }
    }

    /// What the child acknowledged before it was killed, so long after its first sign of life.
    std::uint64_t kill_after(std::chrono::microseconds wait, std::uint32_t seed) {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe(ends.data()), 0);
        const pid_t child = ::fork();
        if (child == 0) write_until_killed(ends[1], seed);
        ::close(ends[1]);
        std::uint64_t acknowledged = 0, one = 0;
        for (bool is_first = true; ::read(ends[0], &one, sizeof one) == sizeof one; is_first = false) {
            acknowledged = one;
            if (!is_first) continue;
            const timespec time{0, std::chrono::nanoseconds{wait}.count()};
            ::nanosleep(&time, nullptr);
            ::kill(child, SIGKILL);   // then read what is still in the pipe
        }
        ::close(ends[0]);
        int status = 0;
        ::waitpid(child, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status) || WEXITSTATUS(status) == 0) << "it stopped by itself: " << status;
        return acknowledged;
    }

    /// Their numbers, which must be from 1 on without a gap or a double.
    std::uint64_t highest_stored() const {
        const auto all = page("", Question::limit_max);
        EXPECT_THAT(all.damage, ::testing::IsEmpty());
        std::vector<std::uint64_t> numbers;
        for (const auto& hit : all.hits) {
            EXPECT_EQ(hit.line, numbered(hit.place.sequence));
            numbers.push_back(hit.place.sequence);
        }
        std::ranges::sort(numbers);
        for (std::size_t i = 0; i < numbers.size(); ++i)
            if (numbers[i] != i + 1) return i;
        return numbers.size();
    }
};

TEST_F(Crash, NothingThatWasAcknowledgedIsLostAndNothingIsThereTwice) {
    const auto seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    std::mt19937 random{seed};
    std::uint64_t acknowledged = 0;
    for (int round = 0; round < 50 && acknowledged < events_max; ++round) {
        SCOPED_TRACE(fmt::format("round {}, seed {}", round, seed));
        const auto wait = std::chrono::microseconds{random() % 15'000};
        acknowledged = std::max(acknowledged, kill_after(wait, static_cast<std::uint32_t>(random())));
        if (round % 5 != 4) continue;
        const auto stored = page("", Question::limit_max);
        std::set<std::uint64_t> numbers;
        for (const auto& hit : stored.hits)
            EXPECT_TRUE(numbers.insert(hit.place.sequence).second) << hit.place.sequence << " is there twice";
        for (std::uint64_t number = 1; number <= acknowledged; ++number)
            ASSERT_TRUE(numbers.contains(number)) << number << " is lost";
    }
    auto history = open();
    const auto watermark = *history->watermark("sensor");
    EXPECT_GE(watermark, acknowledged);
    EXPECT_EQ(append(*history, watermark + 1, numbered(watermark + 1, events_max)), events_max);
    EXPECT_EQ(highest_stored(), events_max);
    EXPECT_EQ(lines("flow_id = 77").size(), 1U);
    EXPECT_EQ(lines("flow_id = 39000").size(), 1U);
}

TEST_F(Crash, AReaderSeesWholeBatchesWhileAnotherProgramWrites) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        auto history = open();
        for (std::uint64_t next = 1; next < 15'000; next += 500)
            if (!history || !append(*history, next, numbered(next, next + 499))) ::_exit(1);
        ::_exit(0);
    }
    int status = 0;
    std::size_t looks = 0;
    // Monday's numbers are those that three does not divide: 333 or 334 of 500.
    for (; ::waitpid(child, &status, WNOHANG) == 0; ++looks) {
        if (!std::filesystem::exists(day_path(folder_.path(), monday))) continue;
        const auto seen = page("timestamp >= 2026-03-02T00:00:00Z", Question::limit_max);
        EXPECT_THAT(seen.damage, ::testing::IsEmpty());
        const auto highest = seen.hits.empty() ? 0 : seen.hits.front().place.sequence;
        EXPECT_TRUE(highest % 500 == 0 || highest % 500 == 499) << highest << " is within a batch";
        EXPECT_EQ(seen.hits.size(), highest - highest / 3);
    }
    EXPECT_EQ(status, 0);
    EXPECT_GT(looks, 0U);
    EXPECT_EQ(highest_stored(), 15'000U);
}

TEST_F(Crash, AFullDiskIsAnErrorAndWhatFitsLaterIsStored) {
    const pid_t child = ::fork();
    if (child == 0) {
        std::signal(SIGXFSZ, SIG_IGN);
        auto history = open();
        if (!history || !append(*history, 1, numbered(1, 500))) ::_exit(1);
        rlimit limit{};
        ::getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = 300'000;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        std::uint64_t next = 501;
        int failures_in_a_row = 0;   // the log of the first one's file may have had room left
        while (failures_in_a_row < 3 && next < 30'000) {
            const bool is_stored{append(*history, next, numbered(next, next + 499))};
            next += is_stored ? 500U : 0U;
            failures_in_a_row = is_stored ? 0 : failures_in_a_row + 1;
        }
        if (next >= 30'000) ::_exit(2);
        if (history->watermark("sensor") != next - 1) ::_exit(3);
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_FSIZE, &limit);
        ::_exit(append(*history, next, numbered(next, 30'000)) ? 0 : 4);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(status, 0);
    EXPECT_EQ(highest_stored(), 30'000U);
}

}   // namespace
}   // namespace ward::history
