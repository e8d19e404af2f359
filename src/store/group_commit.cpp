// SPDX-License-Identifier: Apache-2.0
#include "store/group_commit.hpp"

#include <future>
#include <utility>

#include "core/assert.hpp"

namespace ward::store {

namespace {
Result<> run_text(Database& database, std::string_view sql) {
    auto statement = TRY(database.prepare(sql));
    return statement.run();
}
}   // namespace

GroupCommit::GroupCommit(Database writer, GroupCommitOptions options)
    : options_(std::move(options)),
      database_(std::move(writer)),
      next_checkpoint_(options_.checkpoint_pages),
      writer_([this] { write_batches(); }) {}

GroupCommit::~GroupCommit() {
    {
        const Lock lock{queue_mutex_};
        stopping_ = true;
    }
    queue_filled_.notify_one();
}

void GroupCommit::submit(Work work, Done done) {
    if (!enqueue(work, done)) {
        refused_.fetch_add(1, std::memory_order_relaxed);
        done(fail(Errc::unavailable, "the store has more writes waiting than it takes"));
    }
}

bool GroupCommit::enqueue(Work& work, Done& done) {
    {
        const Lock lock{queue_mutex_};
        WARD_ASSERT(!stopping_);
        if (queue_.size() >= options_.queue_max) return false;
        queue_.push_back({std::move(work), std::move(done), {}});
        if (queue_.size() > 1) return true;   // the writer knows already
    }
    queue_filled_.notify_one();
    return true;
}

Result<> GroupCommit::run(Work work) {
    WARD_ASSERT(std::this_thread::get_id() != writer_.get_id());   // it would wait for itself
    std::promise<Result<>> told;
    auto outcome = told.get_future();
    submit(std::move(work),
           [told = std::move(told)](Result<> result) mutable { told.set_value(std::move(result)); });
    return outcome.get();
}

GroupCommit::Counters GroupCommit::counters() const {
    return {.committed = committed_.load(std::memory_order_relaxed),
            .failed = failed_.load(std::memory_order_relaxed),
            .refused = refused_.load(std::memory_order_relaxed),
            .batches = batches_.load(std::memory_order_relaxed),
            .checkpoints_failed = checkpoints_failed_.load(std::memory_order_relaxed)};
}

void GroupCommit::write_batches() {
    database_.autocheckpoint(0);
    while (take_batch()) {
        const auto committed = commit_batch();
        batches_.fetch_add(1, std::memory_order_relaxed);
        for (auto& unit : batch_) finish(unit, committed);
        batch_.clear();
        if (committed && options_.after_commit) options_.after_commit();
        bound_log();
    }
}

bool GroupCommit::take_batch() {
    Lock lock{queue_mutex_};
    while (queue_.empty() && !stopping_) queue_filled_.wait(lock);
    batch_.swap(queue_);
    return !batch_.empty();
}

/// An error is everybody's: then nothing of the batch was kept.
Result<> GroupCommit::commit_batch() {
    auto transaction = TRY(Transaction::begin(database_));
    for (auto& unit : batch_) TRY(run_unit(unit));
    if (options_.before_commit) TRY(options_.before_commit(database_));
    return transaction.commit();
}

/// A unit that fails leaves nothing and disturbs nobody; only the loss of the whole transaction is an error.
Result<> GroupCommit::run_unit(Unit& unit) {
    TRY(run_text(database_, "SAVEPOINT unit"));
    unit.outcome = unit.work(database_);
    // A full or failing disk makes SQLite roll everything back at once.
    if (!unit.outcome && !database_.in_transaction()) return tl::unexpected(unit.outcome.error());
    WARD_ASSERT(database_.in_transaction());
    if (!unit.outcome) TRY(run_text(database_, "ROLLBACK TO unit"));
    return run_text(database_, "RELEASE unit");
}

/// What a unit met, such as another's row, is not there either if the batch is lost.
void GroupCommit::finish(Unit& unit, const Result<>& committed) {
    if (!committed) unit.outcome = tl::unexpected(committed.error());
    (unit.outcome ? committed_ : failed_).fetch_add(1, std::memory_order_relaxed);
    unit.done(std::move(unit.outcome));
}

void GroupCommit::bound_log() {
    const auto length = database_.log_pages();
    // SQLite starts the log again from its beginning when all of it was moved and nobody reads it.
    if (length + options_.checkpoint_pages < next_checkpoint_) next_checkpoint_ = options_.checkpoint_pages;
    if (length < next_checkpoint_) return;
    next_checkpoint_ = length + options_.checkpoint_pages;
    const auto moved =
        length < options_.log_pages_max ? database_.checkpoint() : database_.empty_log(options_.patience);
    if (!moved) checkpoints_failed_.fetch_add(1, std::memory_order_relaxed);
}

}   // namespace ward::store
