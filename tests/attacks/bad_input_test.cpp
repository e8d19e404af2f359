// SPDX-License-Identifier: Apache-2.0
// Whatever comes in over the network: a clear refusal, bounded memory, and the next one is served.
#include <chrono>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/resource.h>
#include <thread>

#include "core/scratch_folder.hpp"
#include "http/fixture_test.hpp"
#include "tests/attacks/attack.hpp"
#include "tests/running_ward.hpp"
#include "vault/vault.hpp"

namespace ward::attacks {
namespace {

using http::RawClient;
using ::testing::HasSubstr;
using ::testing::StartsWith;

using enum http::Method;

constexpr std::size_t mib = std::size_t{1} << 20;

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
}

class BadInput : public testing::Test {
protected:
    void SetUp() override {
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);   // the programs inherit it
        make_cheap_key_file(folder_ / "ward");
        auto started = RunningWard::start(
            {.programs = programs_folder(), .folder = folder_ / "ward", .log = folder_ / "log"});
        ASSERT_TRUE(started) << started.error().what;
        ward_ = *std::move(started);
        token_ = ward_->token();
        const auto running = json::Document::parse(read_whole(vault::VaultPaths{ward_->data()}.running()));
        vault_ = static_cast<int>((*running)["process"].number().value_or(0));
        EXPECT_EQ(ask(put, "/Patient/p1", patient_).status, 201);
        rss_before_ = memory("VmRSS");
    }

    void TearDown() override {
        if (!ward_) return;
        EXPECT_EQ(ask(get, "/Patient/p1").status, 200) << "the vault serves on\n"
                                                       << read_whole(folder_ / "log");
        EXPECT_EQ(ward_->run({"ledger", "verify"}).exit, 0);
        fmt::print("memory of the vault: {} MiB before, {} after, {} at most\n", rss_before_ / mib,
                   memory("VmRSS") / mib, memory("VmHWM") / mib);
    }

    /// A line of the vault's /proc/PID/status, in bytes.
    std::size_t memory(const std::string& name) const {
#ifdef __SANITIZE_ADDRESS__
        return 0;   // a sanitized program's memory is mostly the sanitizer's
#endif
        const auto status = read_whole(fmt::format("/proc/{}/status", vault_));
        const auto line = status.find(name + ":");
        EXPECT_NE(line, std::string::npos) << "the vault is gone";
        return line == std::string::npos ? 0 : std::stoul(status.substr(line + name.size() + 1)) * 1024;
    }

    /// Once connections are done with. They are so a moment after their clients know.
    bool memory_falls_below(std::size_t bytes) const {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (memory("VmRSS") >= bytes && std::chrono::steady_clock::now() < until) ::poll(nullptr, 0, 20);
        return memory("VmRSS") < bytes;
    }

    http::Response ask(http::Method method, const std::string& path, const std::string& body = {},
                       const std::vector<http::Header>& headers = {}) const {
        auto client = ward_->connect();
        EXPECT_TRUE(client) << client.error().what;
        if (!client) return {.status = 0};
        auto answer = RunningWard::send(*client, token_, method, path, body, headers);
        EXPECT_TRUE(answer) << answer.error().what;
        return answer ? *std::move(answer) : http::Response{.status = 0};
    }

    void expect_refused(int status, http::Method method, const std::string& path,
                        const std::string& body = {}, const std::vector<http::Header>& headers = {}) const {
        SCOPED_TRACE(path + " " + body.substr(0, 80));
        const auto answer = ask(method, path, body, headers);
        EXPECT_EQ(answer.status, status) << answer.body;
        EXPECT_NE(refusal_in(answer), "") << answer.body;
    }

    RawClient raw(RawClient::Tls tls = RawClient::Tls::shakes_hands) const {
        return RawClient{ward_->address().port, ward_->address().trusted_certificate_pem, tls};
    }

    std::string head(std::string_view method, std::string_view path, std::string_view more) const {
        return fmt::format("{} /fhir{} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\n{}\r\n",
                           method, path, token_, more);
    }

    const std::string patient_ = R"({"resourceType":"Patient","id":"p1","name":[{"family":"Invented"}]})";
    const ScratchFolder folder_;
    std::unique_ptr<RunningWard> ward_;
    std::string token_;
    int vault_ = 0;
    std::size_t rss_before_ = 0;
};

TEST_F(BadInput, ABodyThatIsNoJsonIsRefused) {
    for (std::size_t size = 1; size < patient_.size(); size += 7)
        expect_refused(400, put, "/Patient/p1", patient_.substr(0, size));
    const std::string start = R"({"resourceType":"Patient","id":"p1",)";
    const std::vector<std::string> bodies{
        " ",
        "null",
        "[]",
        "\"Patient\"",
        "{}",
        start,
        start + "}",
        "\xEF\xBB\xBF" + patient_,
        patient_ + patient_,
        start + "\"gender\":\"\xC3\x28\"}",                     // no UTF-8
        start + "\"gender\":\"\xED\xA0\x80\"}",                 // a surrogate
        start + R"("gender":"\uD800"})",                        // half a pair
        start + "\"gender\":\"a\nb\"}",                         // a bare control character
        start + R"("gender":"male","gender":"female"})",        // twice the same name
        start + R"("gender":"male","gend\u0065r":"female"})",   // the same, spelt otherwise
        start + R"("multipleBirthInteger":1e400})",             // past the range of a double
        start + R"("multipleBirthInteger":-1e999999999999})",
        start + R"("multipleBirthInteger":01})",
        start + R"("multipleBirthInteger":NaN})",
        start + R"("active":tru})",
        std::string(1 << 20, '\0'),
    };
    for (const auto& body : bodies) expect_refused(400, put, "/Patient/p1", body);
}

TEST_F(BadInput, NestingIsRefusedAtAnyDepthBeyondTheLimit) {
    constexpr std::size_t levels = 10'000;
    const std::string start = R"({"resourceType":"Patient","id":"p1","x":)";
    expect_refused(400, put, "/Patient/p1",
                   start + std::string(levels, '[') + std::string(levels, ']') + "}");
    expect_refused(400, put, "/Patient/p1", start + std::string(levels, '['));
    expect_refused(400, put, "/Patient/p1",
                   start + repeated(R"({"x":)", levels) + "1" + std::string(levels, '}') + "}");
    expect_refused(400, post, "",
                   R"({"resourceType":"Bundle","type":"batch","entry":[{"resource":)" +
                       repeated(R"({"contained":[)", levels) + repeated("]}", levels) + "}]}");
    EXPECT_LT(memory("VmHWM"), rss_before_ + 64 * mib);
}

TEST_F(BadInput, AResourceThatBelongsElsewhereIsRefused) {
    expect_refused(400, put, "/Observation/p1", patient_);
    expect_refused(400, put, "/Patient/p2", patient_);
    expect_refused(400, post, "/Patient", R"({"resourceType":"Patience"})");
    expect_refused(404, put, "/Patience/p1", patient_);
    expect_refused(404, put, "/Patient/" + std::string(65, 'a'),
                   R"({"resourceType":"Patient","id":")" + std::string(65, 'a') + "\"}");
    expect_refused(400, post, "", patient_);
}

TEST_F(BadInput, ABodyOfAnotherMediaTypeIsRefused) {
    const std::vector<http::Header> form{{"Content-Type", "application/x-www-form-urlencoded"}};
    for (const auto& other : {http::Header{"Content-Type", "application/xml"}, form.front()}) {
        expect_refused(415, post, "", patient_, {other});
        expect_refused(415, post, "/Patient", patient_, {other});
        expect_refused(415, put, "/Patient/p1", patient_, {other});
        expect_refused(415, put, "/Patient", "identifier=1", {other});
        expect_refused(415, http::Method::patch, "/Patient/p1", "active=true", {other});
    }
    expect_refused(415, http::Method::patch, "/Patient/p1", "{}",
                   {{"Content-Type", "application/fhir+json"}});
    expect_refused(415, post, "/Patient", "[]", {{"Content-Type", "application/json-patch+json"}});
}

TEST_F(BadInput, AParameterThatIsNotKnownIsRefused) {
    expect_refused(400, get, "/Patient?nonsense=1");
    expect_refused(400, get, "/Patient?name:sounds=a");
    expect_refused(400, get, "/Patient?_count=many");
    expect_refused(400, get, "/Patient?birthdate=yesterday");
    expect_refused(400, get, "/Patient?_page=AAAA");
    expect_refused(400, get, "/Patient/p1?nonsense=1");
    expect_refused(403, get, "/Patient");
    expect_refused(400, get, "/Patient?" + repeated("name=ab&", 1'000) + "name=x");
}

TEST_F(BadInput, AHundredMebibytesAreRefusedWithoutBeingHeld) {
    auto declared = raw();
    EXPECT_TRUE(declared.send(head("POST", "/Patient", "Content-Length: 104857600\r\n")));
    const auto refusal = declared.receive_until_closed();
    EXPECT_THAT(refusal, StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(refusal, HasSubstr("OperationOutcome"));
    EXPECT_LT(memory("VmHWM"), rss_before_ + 16 * mib);

    const auto chunk = "100000\r\n" + std::string(mib, ' ') + "\r\n";
    for (int round = 0; round < 5; ++round) {
        auto chunked = raw();
        EXPECT_TRUE(chunked.send(head("POST", "/Patient", "Transfer-Encoding: chunked\r\n")));
        for (int i = 0; i < 100 && chunked.send(chunk); ++i) {
        }
        EXPECT_THAT(chunked.receive_until_closed(), StartsWith("HTTP/1.1 413"));
    }
    EXPECT_LT(memory("VmHWM"), rss_before_ + 160 * mib)
        << "64 MiB may be held, and twice that while it grows";
    EXPECT_TRUE(memory_falls_below(rss_before_ + 16 * mib)) << "nothing of it is kept";
}

TEST_F(BadInput, BodiesThatAreAllStructureTakeBoundedMemory) {
    // As many values as fit into the largest body that is let in: the most work for its bytes.
    const auto body = "[" + repeated("0,", 30 * mib) + "0]";
    constexpr std::size_t clients_at_once = 4;
    std::vector<std::jthread> clients;
    for (std::size_t i = 0; i < clients_at_once; ++i)
        clients.emplace_back([&] { expect_refused(400, post, "/Patient", body); });
    clients.clear();
    EXPECT_LT(memory("VmHWM"), clients_at_once * 400 * mib);
    EXPECT_TRUE(memory_falls_below(rss_before_ + 16 * mib));
}

TEST_F(BadInput, TwoThousandIdleConnectionsDoNotKeepAnotherWaiting) {
    constexpr int idle = 2'000;
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < 2 * idle) GTEST_SKIP() << "needs more open files than " << files.rlim_cur;
    std::vector<RawClient> clients;
    for (int i = 0; i < idle; ++i) clients.push_back(raw());
    const auto begin = std::chrono::steady_clock::now();
    auto other = *ward_->connect();
    constexpr int reads = 100;
    for (int i = 0; i < reads; ++i)
        EXPECT_EQ(RunningWard::send(other, token_, get, "/Patient/p1")->status, 200);
    const auto took = std::chrono::steady_clock::now() - begin;
    EXPECT_LT(took, std::chrono::seconds{20});
    const auto each = (memory("VmRSS") - std::min(memory("VmRSS"), rss_before_)) / idle;
    fmt::print("{} idle connections, {} KiB each; {} reads beside them in {} ms\n", idle, each / 1024, reads,
               std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
    EXPECT_LT(each, 128 * 1024U);
    EXPECT_TRUE(clients.front().send(head("GET", "/Patient/p1", "")));
    EXPECT_THAT(clients.front().receive_until("\r\n"), StartsWith("HTTP/1.1 200"))
        << "an idle one may still ask";
}

TEST_F(BadInput, SlowClientsAreShownOutAndDoNotKeepOthersWaiting) {
    constexpr int each = 50;
    std::vector<RawClient> silent, of_headers, of_bodies;
    for (int i = 0; i < each; ++i) {
        silent.push_back(raw(RawClient::Tls::stays_silent));
        EXPECT_TRUE(of_headers.emplace_back(raw()).send("GET /fhir/Patient/p1 HTTP/1.1\r\nX-Slow: "));
        EXPECT_TRUE(
            of_bodies.emplace_back(raw()).send(head("POST", "/Patient", "Content-Length: 1000\r\n") + "{"));
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto patience = std::chrono::seconds{60};
    std::vector<bool> open(each, true);
    for (int rounds = 0; std::ranges::count(open, true) > 0; ++rounds) {
        ASSERT_LT(std::chrono::steady_clock::now() - begin, patience) << "still open";
        for (std::size_t i = 0; i < each; ++i) open[i] = open[i] && of_headers[i].send("a");
        EXPECT_EQ(ask(get, "/Patient/p1").status, 200) << "in round " << rounds;
        std::ignore = of_headers.front().waits_in_vain(std::chrono::milliseconds{500});   // between two bytes
    }
    for (auto& client : of_bodies) EXPECT_THAT(client.receive_until_closed(), StartsWith("HTTP/1.1 408"));
    EXPECT_LT(std::chrono::steady_clock::now() - begin, patience);
    EXPECT_TRUE(memory_falls_below(rss_before_ + 16 * mib));
}

TEST_F(BadInput, WhatIsNoHttpIsRefused) {
    const std::vector<std::string> requests{
        "GET\r\n\r\n",
        "G\xFFT / HTTP/1.1\r\n\r\n",
        "POST /fhir/Patient HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST /fhir/Patient HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
        "POST /fhir/Patient HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "GET /fhir/Patient HTTP/1.1\r\nHost: a\r\nX: " + std::string(64 * 1024, 'x') + "\r\n\r\n",
        "GET /fhir/" + std::string(64 * 1024, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /fhir/%00%2f..%2f.. HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        std::string(4'096, '\x16'),
    };
    for (const auto& request : requests) {
        auto client = raw();
        client.send(request);
        EXPECT_THAT(client.receive_until_closed(),
                    ::testing::MatchesRegex("HTTP/1.1 [45](.|\n|\r)*OperationOutcome(.|\n|\r)*"))
            << request.substr(0, 80);
    }
    const auto trail = ask(get, "/AuditEvent/_history?_count=50").body;
    EXPECT_THAT(trail, HasSubstr("the request target is malformed"))
        << "what never became a request is recorded too";
}

}   // namespace
}   // namespace ward::attacks
