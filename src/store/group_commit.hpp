// SPDX-License-Identifier: Apache-2.0
// Many writers share one fsync.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "core/mutex.hpp"
#include "core/unique_function.hpp"
#include "store/database.hpp"

namespace ward::store {

/// A unit of work: all of it is committed or none. Runs on the writer thread, inside a transaction that it
/// must not end itself.
using Work = UniqueFunction<Result<>(Database&)>;

/// What became of the unit. Success is told only after the commit is on disk. Called once, on the writer
/// thread, and must be quick; for a unit that was refused, by `submit` before it returns.
using Done = UniqueFunction<void(Result<>)>;

struct GroupCommitOptions {
    std::size_t queue_max = 4'096;   // units waiting, and so also in one transaction; more are refused
    std::int64_t checkpoint_pages = 4'000;    // a log longer by this is moved into the file between batches
    std::int64_t log_pages_max = 64'000;      // a log this long is emptied, waiting for readers ...
    std::chrono::milliseconds patience{50};   // ... this long

    std::function<Result<>(Database&)> before_commit{};   // inside each batch's transaction, after its units
    std::function<void()> after_commit{};                 // on the writer thread, after a batch's last Done
};

/// Owns the one writer connection and its thread. While one batch is being synced the next one gathers, so
/// batches grow with the load, without timers. The destructor commits what is queued.
class GroupCommit {
public:
    explicit GroupCommit(Database writer, GroupCommitOptions options = {});
    ~GroupCommit();

    /// From any thread. A full queue refuses with limit_exceeded.
    void submit(Work work, Done done);

    /// Submits and waits. Not from the writer thread.
    Result<> run(Work work);

    struct Counters {
        std::uint64_t committed = 0;   // units
        std::uint64_t failed = 0;
        std::uint64_t refused = 0;
        std::uint64_t batches = 0;
        std::uint64_t checkpoints_failed = 0;   // the log grows until one succeeds
    };
    Counters counters() const;

private:
    struct Unit {
        Work work;
        Done done;
        Result<> outcome;
    };

    bool enqueue(Work& work, Done& done);
    void write_batches();
    bool take_batch();
    Result<> commit_batch();
    Result<> run_unit(Unit& unit);
    void finish(Unit& unit, const Result<>& committed);
    void bound_log();

    GroupCommitOptions options_;

    // Owned by the writer thread.
    Database database_;
    std::vector<Unit> batch_;
    std::int64_t next_checkpoint_;   // length of the log

    // Guards what any thread adds and the writer takes.
    Mutex queue_mutex_;
    std::vector<Unit> queue_ GUARDED_BY(queue_mutex_);
    bool stopping_ GUARDED_BY(queue_mutex_) = false;
    std::condition_variable_any queue_filled_;

    std::atomic<std::uint64_t> committed_ = 0;
    std::atomic<std::uint64_t> failed_ = 0;
    std::atomic<std::uint64_t> refused_ = 0;
    std::atomic<std::uint64_t> batches_ = 0;
    std::atomic<std::uint64_t> checkpoints_failed_ = 0;

    std::jthread writer_;   // last: runs only while the rest exists
};

}   // namespace ward::store
