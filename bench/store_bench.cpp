// SPDX-License-Identifier: Apache-2.0
// Budget: a read is a group-committed write, so 8,000 reads a second need as many small units a second, and
// half the machine is wanted for the rest: 15,000 units of one 1 KiB row at 16 writers. Set WARD_BENCH_FOLDER
// to a folder on the disk that is to be measured.
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/assert.hpp"
#include "core/scratch_folder.hpp"
#include "store/group_commit.hpp"
#include "store/migrations.hpp"

namespace {

using namespace ward;
using namespace ward::store;

class Folder : public ScratchFolder {
public:
    Folder() : ScratchFolder(above()) {}
    std::filesystem::path file() const { return *this / "bench.db"; }

private:
    static std::filesystem::path above() {
        const char* const chosen = std::getenv("WARD_BENCH_FOLDER");
        return chosen != nullptr ? chosen : std::filesystem::temp_directory_path();
    }
};

Database open_with_table(const Folder& folder) {
    auto database = Database::open(folder.file(), Mode::read_write_create);
    WARD_ASSERT(database);
    const std::array steps{Migration{"rows",
                                     "CREATE TABLE version (seq {integer} PRIMARY KEY, record {bytes} NOT "
                                     "NULL, sealed {bytes} NOT NULL) {strict}"}};
    WARD_ASSERT(migrate(*database, "bench", steps));
    return std::move(*database);
}

Result<> insert_row(Database& database, const Buffer& sealed) {
    auto insert = TRY(database.prepare("INSERT INTO version (record, sealed) VALUES (?, ?)"));
    return insert.run(Bytes{sealed}.first(16), Bytes{sealed});
}

/// The limit of the store: rows in transactions of 1,000, one thread.
void big_transactions(benchmark::State& state) {
    const Folder folder;
    auto database = open_with_table(folder);
    const Buffer sealed(1'024, std::byte{7});
    for (auto _ : state) {
        auto transaction = Transaction::begin(database);
        WARD_ASSERT(transaction);
        for (int row = 0; row < 1'000; ++row) WARD_ASSERT(insert_row(database, sealed));
        WARD_ASSERT(transaction->commit());
    }
    state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(big_transactions)->UseRealTime();

/// The same with a savepoint around each row: what isolating the units costs.
void savepoints(benchmark::State& state) {
    const Folder folder;
    auto database = open_with_table(folder);
    const Buffer sealed(1'024, std::byte{7});
    for (auto _ : state) {
        auto transaction = Transaction::begin(database);
        WARD_ASSERT(transaction);
        for (int row = 0; row < 1'000; ++row) {
            WARD_ASSERT(database.prepare("SAVEPOINT unit")->run());
            WARD_ASSERT(insert_row(database, sealed));
            WARD_ASSERT(database.prepare("RELEASE unit")->run());
        }
        WARD_ASSERT(transaction->commit());
    }
    state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(savepoints)->UseRealTime();

/// Reads rows until it is stopped, each in a transaction of its own.
void read_until(const std::stop_token& stop, const Folder& folder, std::atomic<std::int64_t>& reads) {
    auto reader = Database::open(folder.file(), Mode::read_only);
    WARD_ASSERT(reader);
    for (std::int64_t seq = 1; !stop.stop_requested(); seq = seq % 1'000 + 1) {
        auto query = reader->prepare("SELECT sealed FROM version WHERE seq = ?");
        WARD_ASSERT(query && query->bind(seq) && query->step());
        ++reads;
    }
}

/// Threads that each wait for their own commit before the next, beside threads that read all the time.
void group_commit(benchmark::State& state) {
    const Folder folder;
    GroupCommit group{open_with_table(folder)};
    const Buffer sealed(1'024, std::byte{7});
    constexpr int units_each = 2'000;
    std::atomic<std::int64_t> longest = 0;   // µs, of one unit: a checkpoint must not stall the writers
    const auto write = [&] {
        for (int unit = 0; unit < units_each; ++unit) {
            const auto begun = std::chrono::steady_clock::now();
            WARD_ASSERT(group.run([&](Database& database) { return insert_row(database, sealed); }));
            const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - begun;
            if (const auto wait = static_cast<std::int64_t>(took.count()); wait > longest) longest = wait;
        }
    };
    std::atomic<std::int64_t> reads = 0;
    std::vector<std::jthread> readers;
    for (int reader = 0; reader < state.range(1); ++reader)
        readers.emplace_back([&](const std::stop_token& stop) { read_until(stop, folder, reads); });
    for (auto _ : state) {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < state.range(0); ++writer) writers.emplace_back(write);
    }
    readers.clear();
    const auto counters = group.counters();
    state.SetItemsProcessed(static_cast<std::int64_t>(counters.committed));
    state.counters["units_per_batch"] =
        static_cast<double>(counters.committed) / static_cast<double>(counters.batches);
    state.counters["longest_ms"] = static_cast<double>(longest) / 1'000;
    state.counters["reads"] = benchmark::Counter(static_cast<double>(reads), benchmark::Counter::kIsRate);
    state.counters["log_mb"] =
        static_cast<double>(std::filesystem::file_size(folder.file().string() + "-wal")) / 1e6;
}
BENCHMARK(group_commit)
    ->ArgNames({"writers", "readers"})
    ->Args({1, 0})
    ->Args({4, 0})
    ->Args({16, 0})
    ->Args({64, 0})
    ->Args({16, 2})
    ->UseRealTime();

void point_reads(benchmark::State& state) {
    const Folder folder;
    auto writer = open_with_table(folder);
    const Buffer sealed(1'024, std::byte{7});
    constexpr std::int64_t rows = 100'000;
    auto transaction = Transaction::begin(writer);
    for (std::int64_t row = 0; row < rows; ++row) WARD_ASSERT(insert_row(writer, sealed));
    WARD_ASSERT(transaction->commit());
    auto reader = Database::open(folder.file(), Mode::read_only);
    WARD_ASSERT(reader);
    std::int64_t seq = 0;
    for (auto _ : state) {
        auto query = reader->prepare("SELECT record, sealed FROM version WHERE seq = ?");
        WARD_ASSERT(query && query->bind(seq = (seq + 7'919) % rows + 1) && *query->step());
        benchmark::DoNotOptimize(query->bytes(1).data());
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(point_reads);

}   // namespace
