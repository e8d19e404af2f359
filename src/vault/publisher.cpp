// SPDX-License-Identifier: Apache-2.0
#include "vault/publisher.hpp"

#include "core/log.hpp"
#include "ledger/log.hpp"
#include "vault/records.hpp"

namespace ward::vault {
namespace {

/// Rows are read back a piece at a time, so that a long ledger needs little memory.
constexpr std::int64_t rows_at_a_time = 1'000;

Result<> read_leaves(Readers& readers, std::uint64_t first, std::uint64_t count,
                     const std::function<Result<>(Bytes)>& entry) {
    const auto reader = TRY(readers.take());
    const Records records{*reader};
    auto next = static_cast<std::int64_t>(first);
    const auto end = next + static_cast<std::int64_t>(count);
    while (next < end) {
        const auto rows = TRY(records.range(next, std::min(rows_at_a_time, end - next)));
        for (const auto& row : rows) {
            if (row.seq != next) return {};   // a row is missing: whoever asked counts
            TRY(entry(leaf_of(row.version)));
            ++next;
        }
        if (rows.empty()) return {};
    }
    return {};
}

Result<std::string> load_checkpoint(Readers& readers) {
    const auto reader = TRY(readers.take());
    auto statement = TRY((*reader).prepare("SELECT note FROM checkpoint WHERE only = 1"));
    const bool found = TRY(statement.step());
    return found ? std::string{statement.text(0)} : std::string{};
}

Result<> swap_checkpoint(store::Database& writer, std::uint64_t old_size, std::uint64_t new_size,
                         std::string_view note) {
    auto statement =
        TRY(writer.prepare("INSERT INTO checkpoint (only, size, note) VALUES (1, ?, ?)"
                           " ON CONFLICT (only) DO UPDATE SET size = excluded.size,"
                           " note = excluded.note WHERE checkpoint.size = ?"));
    TRY(statement.run(static_cast<std::int64_t>(new_size), note, static_cast<std::int64_t>(old_size)));
    if (writer.changes() != 1) return fail(Errc::conflict, "the stored checkpoint is another one");
    return {};
}

}   // namespace

Publisher::Publisher(PublisherParts parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<Publisher>> Publisher::start(PublisherParts parts) {
    auto publisher = std::make_unique<Publisher>(std::move(parts));
    auto& p = publisher->parts_;
    ledger::LogParts log;
    log.folder = p.directory;
    log.key = ledger::make_verifier_key(p.origin, TRY(p.keys.public_keys()).ledger);
    log.read_entries = [&p](std::uint64_t first, std::uint64_t count,
                            const std::function<Result<>(Bytes)>& entry) {
        return read_leaves(p.readers, first, count, entry);
    };
    log.sign = [&p](std::string_view text) { return p.keys.sign_checkpoint(text); };
    log.load_checkpoint = [&p] { return load_checkpoint(p.readers); };
    log.swap_checkpoint = [&p](std::uint64_t old_size, const ledger::Checkpoint& checkpoint,
                               std::string_view note) {
        return p.commits.run([&, size = checkpoint.head.size](store::Database& writer) {
            return swap_checkpoint(writer, old_size, size, note);
        });
    };
    publisher->log_ = std::make_unique<ledger::Log>(TRY(ledger::Log::open(std::move(log))));
    TRY(publisher->publish());
    publisher->thread_ = std::jthread{[&self = *publisher] { self.run(); }};
    return publisher;
}

Publisher::~Publisher() {
    {
        const Lock lock{mutex_};
        stopping_ = true;
    }
    stop_asked_.notify_one();
    if (thread_.joinable()) thread_.join();
    if (!log_) return;
    if (const auto last = publish(); !last)
        log::error("ledger was not published", {{"reason", last.error().what}});
}

Result<> Publisher::publish() {
    const auto size = [&]() -> Result<std::uint64_t> {
        const auto reader = TRY(parts_.readers.take());
        return static_cast<std::uint64_t>(TRY(Records{*reader}.size()));
    }();
    if (!size) return tl::unexpected(size.error());
    if (*size < log_->head().size) return fail(Errc::corrupt, "the store has fewer entries than the ledger");
    const bool is_new = log_->checkpoint().empty();   // an empty ledger is signed too
    return *size == log_->head().size && !is_new ? Result<>{} : log_->publish(*size);
}

void Publisher::run() {
    Lock lock{mutex_};
    while (!stopping_) {
        stop_asked_.wait_for(lock, interval,
                             [this]() WARD_TSA(requires_capability(mutex_)) { return stopping_; });
        if (stopping_) return;
        lock.unlock();
        if (const auto done = publish(); !done)
            log::error("ledger was not published", {{"reason", done.error().what}});
        if (parts_.each_second) parts_.each_second();
        lock.lock();
    }
}

}   // namespace ward::vault
