// SPDX-License-Identifier: Apache-2.0
// Budget: append at least half of the lower of the hash limit (two hashes an entry) and what the store writes
// in big batches (store_bench: big_transactions); verify a million entries in under 2 s, which leaves 8 of
// the 10 s to the store's rows. Set WARD_BENCH_FOLDER to a folder on the disk that is to be measured.
#include <cstdlib>
#include <filesystem>
#include <memory>

#include <benchmark/benchmark.h>

#include "core/assert.hpp"
#include "core/scratch_folder.hpp"
#include "crypto/sign.hpp"
#include "ledger/log.hpp"
#include "ledger/verify.hpp"

namespace {

using namespace ward;
using namespace ward::ledger;

constexpr std::size_t entry_bytes = 65;   // kind, commitment, row digest

std::filesystem::path bench_folder() {
    const char* const chosen = std::getenv("WARD_BENCH_FOLDER");
    return chosen != nullptr ? chosen : std::filesystem::temp_directory_path();
}

/// A log over entries that are made when they are asked for.
class BenchLog {
public:
    BenchLog() : key_(crypto::SigningKey::generate().value()) {
        auto log = Log::open(
            {.folder = folder_.path(),
             .key = verifier(),
             .read_entries = [](auto first, auto count, const auto& entry) -> Result<> {
                 return make_entries(first, count, entry);
             },
             .sign = [this](std::string_view text) -> Result<crypto::Signature> {
                 return key_.sign(as_bytes(text));
             },
             .load_checkpoint = [this]() -> Result<std::string> { return stored_; },
             .swap_checkpoint = [this](std::uint64_t, const Checkpoint&, std::string_view note) -> Result<> {
                 stored_ = note;
                 return {};
             }});
        WARD_ASSERT(log);
        log_ = std::make_unique<Log>(std::move(*log));
    }

    static Result<> make_entries(std::uint64_t first, std::uint64_t count,
                                 const std::function<Result<>(Bytes)>& entry) {
        std::array<std::byte, entry_bytes> bytes{};
        for (auto number = first; number < first + count; ++number) {
            for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<std::byte>(number >> (8 * i));
            TRY(entry(bytes));
        }
        return {};
    }

    Log& log() { return *log_; }
    const std::filesystem::path& folder() const { return folder_.path(); }
    VerifierKey verifier() const { return make_verifier_key("bench.example/log", key_.public_key()); }

private:
    ScratchFolder folder_{bench_folder()};
    crypto::SigningKey key_;
    std::string stored_;
    std::unique_ptr<Log> log_;
};

/// Entries hashed into a tree, and nothing else.
void hash_limit(benchmark::State& state) {
    CompactRange tree;
    for (auto _ : state) {
        const auto added = BenchLog::make_entries(tree.size(), 1'000, [&](Bytes entry) -> Result<> {
            tree.append(leaf_hash(entry));
            return {};
        });
        WARD_ASSERT(added);
    }
    benchmark::DoNotOptimize(tree.root());
    state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(hash_limit);

/// Checkpoints of this many new entries each: hashed twice, signed, written, synced.
void publish(benchmark::State& state) {
    BenchLog log;
    const auto step = static_cast<std::uint64_t>(state.range(0));
    std::uint64_t size = 0;
    for (auto _ : state) WARD_ASSERT(log.log().publish(size += step));
    state.SetItemsProcessed(static_cast<std::int64_t>(size));
}
BENCHMARK(publish)->Arg(1)->Arg(100)->Arg(3'000)->Arg(65'536)->UseRealTime();

void verify(benchmark::State& state) {
    BenchLog log;
    const auto size = static_cast<std::uint64_t>(state.range(0));
    WARD_ASSERT(log.log().publish(size));
    for (auto _ : state) {
        const auto report = verify_log({.folder = log.folder(),
                                        .key = log.verifier(),
                                        .entries = [](std::uint64_t count, const auto& entry) {
                                            return BenchLog::make_entries(0, count, entry);
                                        }});
        WARD_ASSERT(report);
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(verify)->Arg(1'000'000)->UseRealTime()->Unit(benchmark::kMillisecond);

}   // namespace
