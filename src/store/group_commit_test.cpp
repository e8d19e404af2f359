// SPDX-License-Identifier: Apache-2.0
#include "store/group_commit.hpp"

#include <csignal>
#include <future>
#include <latch>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "core/scratch_folder.hpp"

namespace ward::store {
namespace {

Result<> add(Database& database, std::int64_t number, Bytes note = {}) {
    return TRY(database.prepare("INSERT INTO entry (number, note) VALUES (?, ?)")).run(number, note);
}

/// While it lives, no file of this process grows past `bytes`, as on a full disk.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int);
};

class GroupCommitTest : public testing::Test {
protected:
    Database open(Mode mode = Mode::read_write_create) {
        auto database = Database::open(folder / "store.db", mode);
        EXPECT_TRUE(database);
        return std::move(*database);
    }

    Database with_table() {
        auto database = open();
        EXPECT_TRUE(
            database.execute("CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, note BLOB)"));
        return database;
    }

    std::vector<std::int64_t> numbers() {
        auto reader = open(Mode::read_only);
        auto query = reader.prepare("SELECT number FROM entry ORDER BY number");
        std::vector<std::int64_t> found;
        while (*query->step()) found.push_back(query->integer(0));
        return found;
    }

    ScratchFolder folder;
};

/// Holds the writer inside a first batch until it is destroyed, so that what is submitted meanwhile is one
/// batch.
class HeldWriter {
public:
    explicit HeldWriter(GroupCommit& group) {
        std::promise<void> reached;
        auto arrival = reached.get_future();
        group.submit(
            [reached = std::move(reached), released = release_.get_future()](Database&) mutable -> Result<> {
                reached.set_value();
                released.wait();
                return {};
            },
            [](const Result<>&) {});
        arrival.wait();
    }
    HeldWriter(const HeldWriter&) = delete;
    HeldWriter& operator=(const HeldWriter&) = delete;
    ~HeldWriter() { release_.set_value(); }

private:
    std::promise<void> release_;
};

TEST_F(GroupCommitTest, SuccessIsToldWhenOthersSeeTheRow) {
    GroupCommit group{with_table()};
    ASSERT_TRUE(group.run([](Database& database) { return add(database, 1); }));
    EXPECT_EQ(numbers(), std::vector<std::int64_t>{1});
}

TEST_F(GroupCommitTest, UnitsThatGatherShareOneTransaction) {
    std::latch told{3};
    GroupCommit group{with_table()};
    {
        const HeldWriter held{group};
        for (int number = 1; number <= 3; ++number)
            group.submit([number](Database& database) { return add(database, number); },
                         [&](const Result<>& outcome) {
                             EXPECT_TRUE(outcome);
                             told.count_down();
                         });
    }
    told.wait();
    EXPECT_EQ(group.counters().batches, 2U);
    EXPECT_EQ(numbers(), (std::vector<std::int64_t>{1, 2, 3}));
}

TEST_F(GroupCommitTest, AFailingUnitLeavesNothingAndDisturbsNobody) {
    std::latch told{3};
    std::vector<Errc> errors;
    GroupCommit group{with_table()};
    const auto done = [&](const Result<>& outcome) {
        if (!outcome) errors.push_back(outcome.error().code);
        told.count_down();
    };
    {
        const HeldWriter held{group};
        group.submit([](Database& database) { return add(database, 1); }, done);
        group.submit(
            [](Database& database) -> Result<> {
                TRY(add(database, 2));
                return fail(Errc::denied, "after half the work");
            },
            done);
        group.submit([](Database& database) { return add(database, 3); }, done);
    }
    told.wait();
    EXPECT_EQ(errors, std::vector<Errc>{Errc::denied});
    EXPECT_EQ(numbers(), (std::vector<std::int64_t>{1, 3}));
}

TEST_F(GroupCommitTest, WhoMetARowOfALostBatchIsToldOfTheLoss) {
    std::latch told{2};
    std::vector<Errc> errors;
    GroupCommitOptions options;
    options.before_commit = [](Database& database) -> Result<> {
        auto rows = TRY(database.prepare("SELECT 1 FROM entry"));
        if (TRY(rows.step())) return fail(Errc::unavailable, "the disk is gone");
        return {};
    };
    GroupCommit group{with_table(), std::move(options)};
    {
        const HeldWriter held{group};
        for (int i = 0; i < 2; ++i)
            group.submit([](Database& database) { return add(database, 1); },
                         [&](const Result<>& outcome) {
                             if (!outcome) errors.push_back(outcome.error().code);
                             told.count_down();
                         });
    }
    told.wait();
    EXPECT_EQ(errors, (std::vector<Errc>{Errc::unavailable, Errc::unavailable}));
}

TEST_F(GroupCommitTest, AFullQueueRefuses) {
    std::latch told{2};
    GroupCommit group{with_table(), {.queue_max = 2}};
    {
        const HeldWriter held{group};
        for (int number = 1; number <= 2; ++number)
            group.submit([number](Database& database) { return add(database, number); },
                         [&](const Result<>&) { told.count_down(); });
        EXPECT_EQ(group.run([](Database& database) { return add(database, 3); }).error().code,
                  Errc::unavailable);
    }
    told.wait();
    EXPECT_EQ(group.counters().refused, 1U);
    EXPECT_EQ(numbers(), (std::vector<std::int64_t>{1, 2}));
}

TEST_F(GroupCommitTest, TheDestructorCommitsWhatIsQueued) {
    {
        GroupCommit group{with_table()};
        for (int number = 1; number <= 100; ++number)
            group.submit([number](Database& database) { return add(database, number); },
                         [](const Result<>& outcome) { EXPECT_TRUE(outcome); });
    }
    EXPECT_EQ(numbers().size(), 100U);
}

TEST_F(GroupCommitTest, HooksFrameEveryCommit) {
    std::vector<std::string> calls;
    GroupCommitOptions options;
    options.before_commit = [&](Database& database) -> Result<> {
        calls.push_back("before");
        if (calls.size() > 3) return fail(Errc::denied, "no more");
        return add(database, 100 + static_cast<std::int64_t>(calls.size()));
    };
    options.after_commit = [&] { calls.push_back("after"); };
    {
        GroupCommit group{with_table(), std::move(options)};
        ASSERT_TRUE(group.run([](Database& database) { return add(database, 1); }));
        // The hook follows the last Done, so only the next unit tells that it was called.
        ASSERT_TRUE(group.run([](Database& database) { return add(database, 2); }));
        EXPECT_EQ(group.run([](Database& database) { return add(database, 3); }).error().code, Errc::denied);
    }
    EXPECT_EQ(calls, (std::vector<std::string>{"before", "after", "before", "after", "before"}));
    EXPECT_EQ(numbers(), (std::vector<std::int64_t>{1, 2, 101, 103}));
}

TEST_F(GroupCommitTest, ALimitOfPagesFailsTheWholeBatchAndThenAnotherCommits) {
    auto database = with_table();
    ASSERT_TRUE(database.prepare("PRAGMA max_page_count = 8")->step());
    std::latch told{2};
    std::vector<Errc> errors;
    GroupCommit group{std::move(database)};
    const Buffer large(64 * 1'024);
    const auto done = [&](const Result<>& outcome) {
        if (!outcome) errors.push_back(outcome.error().code);
        told.count_down();
    };
    {
        const HeldWriter held{group};
        group.submit([](Database& writer) { return add(writer, 1); }, done);
        group.submit([&](Database& writer) { return add(writer, 2, large); }, done);
    }
    told.wait();
    EXPECT_EQ(errors, (std::vector<Errc>{Errc::unavailable, Errc::unavailable}));
    EXPECT_TRUE(group.run([](Database& writer) { return add(writer, 3); }));
    EXPECT_EQ(numbers(), std::vector<std::int64_t>{3});
}

TEST_F(GroupCommitTest, AFullDiskLosesNothingThatWasAcknowledged) {
    GroupCommit group{with_table()};
    const Buffer note(10'000);
    std::vector<std::int64_t> acknowledged;
    std::int64_t number = 0;
    {
        const FileSizeLimit full{300'000};
        while (group.run([&](Database& database) { return add(database, number, note); }))
            acknowledged.push_back(number++);
        EXPECT_EQ(group.run([&](Database& database) { return add(database, number, note); }).error().code,
                  Errc::unavailable);
    }
    EXPECT_GT(acknowledged.size(), 5U);
    ++number;
    ASSERT_TRUE(group.run([&](Database& database) { return add(database, number, note); }))
        << "there is room again";
    acknowledged.push_back(number);
    EXPECT_EQ(numbers(), acknowledged);
}

TEST_F(GroupCommitTest, TheLogDoesNotGrowWithoutEnd) {
    GroupCommit group{with_table(), {.checkpoint_pages = 50, .log_pages_max = 200}};
    const Buffer note(20'000);
    for (int number = 0; number < 500; ++number)
        ASSERT_TRUE(group.run([&](Database& database) { return add(database, number, note); }));
    EXPECT_LT(std::filesystem::file_size(folder / "store.db-wal"), 300U * 4'096);
    EXPECT_EQ(group.counters().checkpoints_failed, 0U);
}

TEST_F(GroupCommitTest, AReaderThatStaysDoesNotStopTheWriter) {
    GroupCommit group{with_table(), {.checkpoint_pages = 20, .log_pages_max = 100}};
    auto reader = open(Mode::read_only);
    auto snapshot = Transaction::begin(reader, Transaction::Access::read);
    ASSERT_TRUE(*reader.prepare("SELECT count(*) FROM entry")->step());
    const Buffer note(20'000);
    for (int number = 0; number < 50; ++number)
        ASSERT_TRUE(group.run([&](Database& database) { return add(database, number, note); }));
    EXPECT_GT(group.counters().checkpoints_failed, 0U) << "the log cannot be emptied under a reader";
}

TEST_F(GroupCommitTest, ManyThreadsEachGetTheirOwnAnswer) {
    GroupCommit group{with_table()};
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < 8; ++writer)
            writers.emplace_back([&group, writer] {
                for (int i = 0; i < 100; ++i) {
                    const auto number = writer * 100 + i;
                    const auto outcome = group.run([number](Database& database) -> Result<> {
                        TRY(add(database, number));
                        if (number % 7 == 0) return fail(Errc::not_found, "every seventh");
                        return {};
                    });
                    EXPECT_EQ(outcome.has_value(), number % 7 != 0);
                }
            });
    }
    EXPECT_EQ(numbers().size(), 800U - 115U);
    EXPECT_EQ(group.counters().failed, 115U);
}

}   // namespace
}   // namespace ward::store
