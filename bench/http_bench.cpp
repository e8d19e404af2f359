// SPDX-License-Identifier: Apache-2.0
// Requests over keep-alive TLS, answered from another thread as after a group commit: 1.5 KB each.
// Budget: reads of records are to reach 8,000/s at 16 connections on 2 cores, clients included. HTTP may take
// a third of that time: 24,000/s, or 83 us of both cores a request.
#include <benchmark/benchmark.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>

#include "core/clock.hpp"
#include "http/client.hpp"
#include "http/server.hpp"

namespace {

using namespace ward;
using namespace ward::http;

// Answers all that waits at once, as the writer does after a commit.
class AnsweringThread {
public:
    void take(Respond respond) {
        {
            const std::lock_guard lock{mutex_};
            waiting_.push_back(std::move(respond));
        }
        arrived_.notify_one();
    }

private:
    void run(const std::stop_token& stopped) {
        for (std::deque<Respond> taken; !stopped.stop_requested(); taken.clear()) {
            std::unique_lock lock{mutex_};
            arrived_.wait(lock, stopped, [&] { return !waiting_.empty(); });
            taken.swap(waiting_);
            lock.unlock();
            for (auto& respond : taken)
                respond({.headers = {{"Content-Type", "application/fhir+json"}, {"ETag", "W/\"1\""}},
                         .body = std::string(1500, 'x')});
        }
    }

    std::mutex mutex_;   // guards waiting_
    std::condition_variable_any arrived_;
    std::deque<Respond> waiting_;
    std::jthread thread_{[this](const std::stop_token& stopped) { run(stopped); }};
};

struct Site {
    Site()
        : identity(*make_self_signed({.addresses = {"127.0.0.1"}, .not_before = SystemClock{}.now()})),
          server(*Server::open({}, identity,
                               [this](Request, Respond respond) { answers.take(std::move(respond)); })) {
        server.start();
    }
    Client client() const {
        return *Client::connect({.port = server.port(), .trusted_certificate_pem = identity.certificate_pem});
    }

    AnsweringThread answers;
    TlsIdentity identity;
    Server server;
};

class HttpBench : public benchmark::Fixture {
public:
    void SetUp(const benchmark::State& state) override {
        if (state.thread_index() == 0) site.emplace();
    }
    void TearDown(const benchmark::State& state) override {
        if (state.thread_index() == 0) site.reset();
    }

    std::optional<Site> site;
};

BENCHMARK_DEFINE_F(HttpBench, KeepAlive)(benchmark::State& state) {
    std::optional<Client> client;
    const Request request{.target = "/fhir/Patient/1", .headers = {{"Authorization", std::string(300, 't')}}};
    for (auto _ : state) {
        if (!client) client.emplace(site->client());   // the first turn begins after every SetUp
        if (!client->send(request)) state.SkipWithError("no answer");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_REGISTER_F(HttpBench, KeepAlive)->Threads(1)->Threads(16)->UseRealTime();

BENCHMARK_DEFINE_F(HttpBench, NewConnection)(benchmark::State& state) {
    for (auto _ : state)
        if (!site->client().send({.target = "/"})) state.SkipWithError("no answer");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK_REGISTER_F(HttpBench, NewConnection)->UseRealTime();

}   // namespace
