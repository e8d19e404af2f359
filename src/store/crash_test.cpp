// SPDX-License-Identifier: Apache-2.0
// A program that is killed at any moment has kept every write that it acknowledged, and no half of one.
#include <algorithm>
#include <array>
#include <csignal>
#include <random>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"
#include "store/group_commit.hpp"

namespace ward::store {
namespace {

constexpr int writers_max = 4;

/// A unit is two rows, so that half of one can be recognised.
Result<> add_pair(Database& database, std::int64_t number) {
    const Buffer note(500, static_cast<std::byte>(number));
    auto insert = TRY(database.prepare("INSERT INTO entry (number, half, note) VALUES (?, ?, ?)"));
    TRY(insert.run(number, 1, note));
    return insert.run(number, 2, note);
}

[[noreturn]] void write_until_killed(const std::filesystem::path& path, int acknowledgements, int round) {
    auto database = Database::open(path, Mode::read_write_create);
    if (!database || !database->execute("CREATE TABLE IF NOT EXISTS entry (number INTEGER, half INTEGER,"
                                        " note BLOB, PRIMARY KEY (number, half))"))
        ::_exit(1);
    GroupCommit group{std::move(*database), {.checkpoint_pages = 100, .log_pages_max = 1'000}};
    std::vector<std::jthread> writers;
    for (int writer = 0; writer < writers_max; ++writer)
        writers.emplace_back([&, writer] {
            for (std::int64_t i = 0;; ++i) {
                const std::int64_t number = (i * writers_max + writer) * 1'000 + round;
                if (!group.run([number](Database& target) { return add_pair(target, number); })) ::_exit(2);
                if (::write(acknowledgements, &number, sizeof number) != sizeof number) ::_exit(3);
            }
        });
    writers.clear();   // joins: never returns
    ::_exit(4);
}

/// The acknowledgements that a child gave until it was killed, after `count` of them.
std::set<std::int64_t> kill_after(const std::filesystem::path& path, int count, int round) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(path, ends[1], round);
    ::close(ends[1]);
    std::set<std::int64_t> acknowledged;
    std::int64_t number = 0;
    while (::read(ends[0], &number, sizeof number) == sizeof number) {
        acknowledged.insert(number);
        if (--count == 0) ::kill(child, SIGKILL);   // then read what is still in the pipe
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child stopped by itself: " << status;
    return acknowledged;
}

TEST(Crash, EveryAcknowledgedUnitIsThereAndNoHalfOfOne) {
    const ScratchFolder folder;
    const auto seed = std::random_device{}();
    RecordProperty("seed", std::to_string(seed));
    std::mt19937 random{seed};
    std::set<std::int64_t> acknowledged;
    for (int round = 0; round < 20; ++round) {
        const auto count = std::uniform_int_distribution{1, 300}(random);
        acknowledged.merge(kill_after(folder / "store.db", count, round));
        // Read-only and first: a check must work on what the crash left, before anybody repairs it.
        auto reader = Database::open(folder / "store.db", Mode::read_only);
        ASSERT_TRUE(reader) << reader.error().what;
        auto query = reader->prepare("SELECT number, count(*) FROM entry GROUP BY number");
        std::set<std::int64_t> found;
        while (*query->step()) {
            EXPECT_EQ(query->integer(1), 2) << "half a unit, seed " << seed;
            found.insert(query->integer(0));
        }
        EXPECT_TRUE(std::ranges::includes(found, acknowledged)) << "round " << round << ", seed " << seed;
        auto check = reader->prepare("PRAGMA integrity_check");
        ASSERT_TRUE(*check->step());
        EXPECT_EQ(check->text(0), "ok");
    }
}

}   // namespace
}   // namespace ward::store
