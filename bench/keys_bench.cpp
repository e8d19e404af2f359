// SPDX-License-Identifier: Apache-2.0
// Budget: an import of 3,000 resources a second meets some 50 new patients a second, so a new key may take 20
// ms. A chart that is opened waits for one unwrap: 10 ms of it would be felt. Both are one synced write.
#include <cstdlib>
#include <filesystem>
#include <string>

#include <benchmark/benchmark.h>

#include "core/scratch_folder.hpp"
#include "crypto/random.hpp"
#include "keys/keeper.hpp"

namespace {

using namespace ward;
using namespace ward::keys;

constexpr Time noon = Time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours{12}};

/// An unsealed keeper with so many owners, on the disk of the build.
class Bench {
public:
    explicit Bench(std::int64_t owners) {
        const auto passphrase = crypto::SecretBytes::copy_of(as_bytes("an invented passphrase")).value();
        if (!keeper.unseal(passphrase, Keeper::KeyFile::made_if_nothing_is_wrapped)) std::abort();
        for (std::int64_t i = 0; i < owners; ++i) create();
    }

    void create() {
        last = {.op = Op::unwrap, .owner = crypto::random_array<16>()};
        ask({.op = Op::create, .owner = last.owner});
        std::copy_n(reply.begin(), 16, last.key.begin());
    }

    void ask(const Request& request) {
        WireWriter fields{reply};
        if (!keeper.answer(request, now, fields)) std::abort();
    }

    const ScratchFolder folder{std::filesystem::current_path()};
    Keeper keeper = Keeper::open({.directory = folder.path(),
                                  .limits = {.burst = 1'000'000},
                                  .cost = {.passes = 1, .memory_kib = 8}},
                                 noon)
                        .value();
    Time now = noon;
    Buffer reply = Buffer(8192);
    Request last;
};

void create_a_key(benchmark::State& state) {
    Bench bench{0};
    for (auto _ : state) bench.create();
}

void unwrap_a_key_again(benchmark::State& state) {
    Bench bench{1};
    for (auto _ : state) bench.ask(bench.last);
}

void unwrap_a_key_that_counts(benchmark::State& state) {
    Bench bench{1};
    for (auto _ : state) {
        bench.now += std::chrono::hours{1};
        bench.ask(bench.last);
    }
}

BENCHMARK(create_a_key)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(unwrap_a_key_again)->Unit(benchmark::kMicrosecond)->UseRealTime();
BENCHMARK(unwrap_a_key_that_counts)->Unit(benchmark::kMicrosecond)->UseRealTime();

}   // namespace
