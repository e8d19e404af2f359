// SPDX-License-Identifier: Apache-2.0
// The whole path under load: real programs, real TLS, 16 keep-alive connections, on the Synthea Bundles.
//   vault_load PROGRAMS_FOLDER BUNDLES_FOLDER [SECONDS]
// Budgets: import 3,000 resources/s (660 us of two cores each), creates 800/s, reads 8,000/s (250 us of two
// cores each, the client's own included), searches within a patient 2,000/s, $everything of 150 resources in
// 20 ms.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>
#include <functional>
#include <random>
#include <thread>
#include <vector>

#include "core/assert.hpp"
#include "core/scratch_folder.hpp"
#include "http/client.hpp"
#include "json/document.hpp"
#include "tests/running_ward.hpp"

namespace ward {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned connections = 16;

/// A running Ward in a scratch folder. BENCH_FOLDER says where, for a disk that is worth measuring.
class Ward {
public:
    explicit Ward(std::filesystem::path programs) {
        auto started = RunningWard::start({.programs = std::move(programs), .folder = folder_.path()});
        WARD_ASSERT(started.has_value());
        ward_ = *std::move(started);
        token_ = ward_->token();
    }

    http::Client connect() const {
        auto client = ward_->connect();
        WARD_ASSERT(client.has_value());
        return *std::move(client);
    }

    http::Response send(http::Client& client, http::Method method, const std::string& path,
                        std::string body = {}) const {
        auto response = RunningWard::send(client, token_, method, path, std::move(body));
        WARD_ASSERT(response.has_value());
        return *std::move(response);
    }

    Ran verify() const { return ward_->run({"ledger", "verify"}); }

    void restart() {
        ward_->stop();
        WARD_ASSERT(ward_->begin_again().has_value());
    }

private:
    ScratchFolder folder_{std::getenv("BENCH_FOLDER") != nullptr
                              ? std::filesystem::path{std::getenv("BENCH_FOLDER")}
                              : std::filesystem::temp_directory_path()};
    std::unique_ptr<RunningWard> ward_;
    std::string token_;
};

/// What was stored, for the measurements that read.
struct Stored {
    std::vector<std::string> paths;      // "/Observation/id"
    std::vector<std::string> patients;   // ids
    std::size_t resources = 0;
};

void note_stored(const http::Response& response, Stored& stored) {
    WARD_ASSERT(response.status == 200);
    const auto bundle = json::Document::parse(response.body);
    for (const auto entry : (*bundle)["entry"].items()) {
        const auto location = entry["response"]["location"].text();
        WARD_ASSERT(entry["response"]["status"].text().starts_with("20"));
        ++stored.resources;
        const auto path = location.substr(0, location.find("/_history"));
        stored.paths.push_back("/" + std::string{path});
        if (path.starts_with("Patient/")) stored.patients.emplace_back(path.substr(8));
    }
}

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

void import(const Ward& ward, const std::filesystem::path& folder, Stored& stored) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator{folder})
        if (file.path().extension() == ".json") files.push_back(file.path());
    std::ranges::sort(files);   // the hospitals and practitioners are named to come first
    auto client = ward.connect();
    std::vector<std::string> bundles;
    for (const auto& file : files) {
        if (file.filename().string().starts_with("0-"))
            note_stored(ward.send(client, http::Method::post, "", read_whole(file)), stored);
        else
            bundles.push_back(read_whole(file));
    }
    std::vector<Stored> results(2);
    std::atomic<std::size_t> next = 0;
    const auto start = Clock::now();
    {
        std::vector<std::jthread> senders;
        for (auto& result : results)
            senders.emplace_back([&] {
                auto own = ward.connect();
                for (std::size_t i = next++; i < bundles.size(); i = next++)
                    note_stored(ward.send(own, http::Method::post, "", bundles[i]), result);
            });
    }
    const double seconds = seconds_since(start);
    std::size_t count = 0;
    for (const auto& result : results) {
        count += result.resources;
        stored.paths.insert(stored.paths.end(), result.paths.begin(), result.paths.end());
        stored.patients.insert(stored.patients.end(), result.patients.begin(), result.patients.end());
    }
    std::printf("| transaction import, 2 connections | 3000 resources/s | %.0f resources/s |\n",
                static_cast<double>(count) / seconds);
}

/// Runs `act` on all connections for a while; prints the rate and the latencies.
void measure(const Ward& ward, const char* name, const char* target, double seconds,
             const std::function<void(http::Client&, std::mt19937&)>& act) {
    std::vector<std::vector<double>> latencies(connections);
    const auto start = Clock::now();
    {
        std::vector<std::jthread> clients;
        for (unsigned i = 0; i < connections; ++i)
            clients.emplace_back([&, i] {
                auto client = ward.connect();
                std::mt19937 random{i};
                while (seconds_since(start) < seconds) {
                    const auto begin = Clock::now();
                    act(client, random);
                    latencies[i].push_back(seconds_since(begin) * 1000);
                }
            });
    }
    const double took = seconds_since(start);
    std::vector<double> all;
    for (const auto& some : latencies) all.insert(all.end(), some.begin(), some.end());
    std::ranges::sort(all);
    std::printf("| %s | %s | %.0f/s (median %.2f ms, 99 %% %.2f ms) |\n", name, target,
                static_cast<double>(all.size()) / took, all[all.size() / 2], all[all.size() * 99 / 100]);
}

template <class T>
const T& any_of(const std::vector<T>& values, std::mt19937& random) {
    return values[random() % values.size()];
}

void measure_everything(const Ward& ward, const Stored& stored) {
    auto client = ward.connect();
    struct Chart {
        std::size_t size;
        std::string patient;
    };
    std::vector<Chart> charts;
    for (const auto& patient : stored.patients) {
        const auto response =
            ward.send(client, http::Method::get, fmt::format("/Patient/{}/$everything", patient));
        const auto bundle = json::Document::parse(response.body);
        charts.push_back({(*bundle)["entry"].size(), patient});
    }
    const auto chart = *std::ranges::min_element(
        charts, {}, [](const Chart& c) { return c.size < 150 ? 1'000'000 : c.size; });
    std::vector<double> times;
    for (int i = 0; i < 50; ++i) {
        const auto start = Clock::now();
        ward.send(client, http::Method::get, fmt::format("/Patient/{}/$everything", chart.patient));
        times.push_back(seconds_since(start) * 1000);
    }
    std::ranges::sort(times);
    std::printf("| $everything of %zu resources | 20 ms for 150 | %.1f ms |\n", chart.size,
                times[times.size() / 2]);
}

int run(const std::filesystem::path& programs, const std::filesystem::path& bundles, double seconds) {
    Ward ward{programs};
    Stored stored;
    std::printf("| measure | target | measured |\n|---|---|---|\n");
    import(ward, bundles, stored);
    WARD_ASSERT(!stored.patients.empty());
    measure(
        ward, "creates, 16 connections", "800/s", seconds, [&](http::Client& client, std::mt19937& random) {
            auto body = fmt::format(
                R"({{"resourceType":"Observation","status":"final","code":{{"coding":[{{"system":)"
                R"("http://loinc.org","code":"2339-0"}}]}},"subject":{{"reference":"Patient/{}"}},)"
                R"("effectiveDateTime":"2026-03-04T05:06:07Z","valueQuantity":{{"value":{}}}}})",
                any_of(stored.patients, random), random() % 1000);
            WARD_ASSERT(ward.send(client, http::Method::post, "/Observation", std::move(body)).status == 201);
        });
    measure(ward, "reads, 16 connections", "8000/s", seconds,
            [&](http::Client& client, std::mt19937& random) {
                WARD_ASSERT(ward.send(client, http::Method::get, any_of(stored.paths, random)).status == 200);
            });
    measure(ward, "searches within a patient, 16 connections", "2000/s", seconds,
            [&](http::Client& client, std::mt19937& random) {
                const auto path =
                    fmt::format("/Observation?patient={}&code=http://loinc.org|8302-2&_count=10",
                                any_of(stored.patients, random));
                WARD_ASSERT(ward.send(client, http::Method::get, path).status == 200);
            });
    measure_everything(ward, stored);

    auto start = Clock::now();
    const auto verified = ward.verify();
    std::printf("| ledger verify, beside a vault that serves | 10 s for 1,000,000 entries | %.1f s |\n",
                seconds_since(start));
    start = Clock::now();
    ward.restart();
    std::printf("| stop and start again, which verifies too | | %.1f s |\n", seconds_since(start));
    std::printf("%s", verified.output.c_str());
    return verified.exit;
}

}   // namespace
}   // namespace ward

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: vault_load PROGRAMS_FOLDER BUNDLES_FOLDER [SECONDS]\n");
        return 2;
    }
    return ward::run(argv[1], argv[2], argc > 3 ? std::atof(argv[3]) : 5.0);
}
