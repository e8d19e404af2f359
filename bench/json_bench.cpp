// SPDX-License-Identifier: Apache-2.0
// Budget: 250 MB/s on resources of 1 to 3 KB, 4 to 12 us each; a read of 8,000/s on two cores has 250 us for
// everything. What is parsed: a bundle of samples/patients, and its resources one by one.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include <benchmark/benchmark.h>

#include "core/assert.hpp"
#include "json/document.hpp"
#include "json/writer.hpp"

namespace {

using namespace ward;

std::string sample_bundle() {
    std::ifstream file{"samples/patients/01-mustermann.json", std::ios::binary};
    WARD_ASSERT(file.good());   // run from the top of the checkout
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<std::string> sample_resources() {
    std::vector<std::string> resources;
    const auto bundle = json::Document::parse(sample_bundle());
    for (const auto entry : (*bundle)["entry"].items())
        json::append_value(resources.emplace_back(), entry["resource"]);
    return resources;
}

void parse_bundle(benchmark::State& state) {
    const auto text = sample_bundle();
    for (auto _ : state) benchmark::DoNotOptimize(json::Document::parse(text));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(parse_bundle);

void parse_resources(benchmark::State& state) {
    const auto resources = sample_resources();
    std::size_t bytes = 0;
    for (auto _ : state) {
        for (const auto& text : resources) {
            benchmark::DoNotOptimize(json::Document::parse(text));
            bytes += text.size();
        }
    }
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(resources.size()));
}
BENCHMARK(parse_resources);

void copy_a_spaced_bundle(benchmark::State& state) {
    const auto document = json::Document::parse(sample_bundle());
    std::string out;
    for (auto _ : state) {
        out.clear();
        json::append_value(out, document->root());
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}
BENCHMARK(copy_a_spaced_bundle);

}   // namespace
