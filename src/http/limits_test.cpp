// SPDX-License-Identifier: Apache-2.0
// Slow, greedy and silent clients: the server stays small, and others are served.
#include <sys/resource.h>

#include <algorithm>
#include <future>
#include <thread>

#include "http/fixture_test.hpp"

namespace ward::http {
namespace {

// Sends a byte whenever the server has not answered the last one for a moment.
std::string drip(RawClient& client, std::string_view head) {
    client.send(head);
    int sent = 0;
    while (sent < 1000 && client.waits_in_vain(5ms) && client.send("a")) ++sent;
    EXPECT_LT(sent, 1000) << "the server waited for more";
    return client.receive_until_closed();
}

std::size_t resident_bytes_max() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::size_t>(usage.ru_maxrss) * 1024;
}

TEST(HttpLimits, AHeaderThatDripsInIsCutOff) {
    TestServer server{{.header_timeout = 100ms}};
    RawClient client{server};
    EXPECT_THAT(drip(client, "GET / HTTP/1.1\r\nHost: x\r\nA: "), StartsWith("HTTP/1.1 408 "));
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.timeouts == 1; }));
}

TEST(HttpLimits, ABodyThatDripsInIsCutOff) {
    TestServer server{{.body_timeout = 100ms}};
    RawClient client{server};
    EXPECT_THAT(drip(client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"),
                StartsWith("HTTP/1.1 408 "));
    EXPECT_EQ(server.server().counters().bodies_bytes, 0U);
}

TEST(HttpLimits, ABodyThatMakesProgressHasMoreTime) {
    TestServer server{{.body_timeout = 100ms, .body_rate_min = 10}};
    RawClient client{server};
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 40\r\n\r\n"));
    for (int i = 0; i < 40; ++i) {
        client.waits_in_vain(5ms);
        ASSERT_TRUE(client.send("b"));
    }
    EXPECT_THAT(client.receive_until_closed(), StartsWith("HTTP/1.1 200 "));
}

TEST(HttpLimits, AnIdleConnectionIsClosedWithoutAWord) {
    TestServer server{{.idle_timeout = 300ms}};
    RawClient client{server};
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_THAT(client.receive_until_closed(), testing::EndsWith("GET / "));
    EXPECT_EQ(server.server().counters().timeouts, 0U);
}

TEST(HttpLimits, AProperClientConnectsAnewAfterThat) {
    TestServer server{{.idle_timeout = 300ms}};
    auto client = server.client();
    ASSERT_TRUE(client.send(get("/")));
    ASSERT_TRUE(server.reaches([](const auto& counters) { return counters.connections_open == 0; }));
    EXPECT_TRUE(client.send(get("/")));
}

TEST(HttpLimits, AHandshakeThatDoesNotComeIsCutOff) {
    TestServer server{{.handshake_timeout = 50ms}};
    RawClient client{server, RawClient::Tls::stays_silent};
    EXPECT_EQ(client.receive_until_closed(), "");
    EXPECT_TRUE(server.reaches([](const auto& counters) { return counters.timeouts == 1; }));
}

TEST(HttpLimits, AnAnswerThatIsNotFetchedIsGivenUp) {
    TestServer server{{.write_timeout = 100ms, .body_rate_min = 1'000'000'000},
                      [](Request, Respond respond) { respond({.body = std::string(30'000'000, 'x')}); }};
    RawClient client{server};
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_TRUE(server.reaches([](const auto& c) { return c.timeouts == 1 && c.connections_open == 0; }));
}

TEST(HttpLimits, AHugeBodyIsRefusedAndNeverHeld) {
    TestServer server{{.body_bytes_max = 100'000, .linger_timeout = 30s}};
    const std::string piece(1'000'000, 'p');
    const auto before = resident_bytes_max();
    RawClient client{server};
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"));
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send(piece));   // the server reads on, so as to be heard
    EXPECT_THAT(client.receive_until_closed(), StartsWith("HTTP/1.1 413 "));
    EXPECT_LT(resident_bytes_max() - before, 40'000'000U);
    EXPECT_EQ(server.server().counters().bodies_bytes, 0U);
}

TEST(HttpLimits, AHugeBodyInChunksIsRefusedOnceItIsTooLarge) {
    TestServer server{{.body_bytes_max = 100'000}};
    const std::string chunk = "2710\r\n" + std::string(10'000, 'c') + "\r\n";
    RawClient client{server};
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
    for (int i = 0; i < 1000; ++i) client.send(chunk);
    EXPECT_THAT(client.receive_until_closed(), StartsWith("HTTP/1.1 413 "));
}

TEST(HttpLimits, AProperClientHearsTheRefusalOfItsHugeBody) {
    TestServer server{{.body_bytes_max = 100'000}};
    const auto response = server.client().send(post("/", std::string(100'000'000, 'b')));
    ASSERT_TRUE(response) << response.error().what;
    EXPECT_EQ(response->status, 413);
}

TEST(HttpLimits, BodiesTogetherHaveABudget) {
    std::promise<Respond> asked;
    TestServer server{{.bodies_bytes_max = 10'000}, [&](Request request, Respond respond) {
                          if (request.path == "/wait") return asked.set_value(std::move(respond));
                          respond({});
                      }};
    std::jthread first{
        [&] { EXPECT_EQ(server.client().send(post("/wait", std::string(9'000, 'a')))->status, 200); }};
    auto respond = asked.get_future().get();
    const auto refused = server.client().send(post("/", std::string(2'000, 'a')));
    EXPECT_EQ(refused->status, 503);
    EXPECT_NE(refused->header("Retry-After"), "");
    respond({});
    first.join();
    EXPECT_EQ(server.client().send(post("/", std::string(2'000, 'a')))->status, 200);
}

TEST(HttpLimits, RequestsInFlightHaveAMaximum) {
    std::promise<Respond> asked;
    TestServer server{{.requests_in_flight_max = 1},
                      [&](Request, Respond respond) { asked.set_value(std::move(respond)); }};
    std::jthread first{[&] { EXPECT_EQ(server.client().send(get("/"))->status, 200); }};
    auto respond = asked.get_future().get();
    EXPECT_EQ(server.client().send(get("/"))->status, 503);
    respond({});
}

TEST(HttpLimits, ConnectionsOverTheLimitAreClosedAtOnceAndCounted) {
    TestServer server{{.connections_max = 2}};
    auto first = server.client();
    auto second = server.client();
    RawClient third{server, RawClient::Tls::stays_silent};
    EXPECT_EQ(third.receive_until_closed(), "");
    EXPECT_EQ(server.server().counters().connections_rejected, 1U);
    EXPECT_TRUE(first.send(get("/")));
    EXPECT_TRUE(second.send(get("/")));
}

TEST(HttpLimits, TwoThousandIdleConnectionsDoNotKeepOthersFromBeingServed) {
    constexpr std::size_t idle_connections = 2000;
    rlimit files{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    const rlimit wished{std::max<rlim_t>(files.rlim_cur, std::min<rlim_t>(files.rlim_max, 8192)),
                        files.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &wished), 0);
    if (wished.rlim_cur < 2 * idle_connections + 100) GTEST_SKIP() << "RLIMIT_NOFILE is " << wished.rlim_cur;

    TestServer server;
    const auto before = resident_bytes_max();
    std::vector<RawClient> idle;
    idle.reserve(idle_connections);
    for (std::size_t i = 0; i < idle_connections; ++i) idle.emplace_back(server);
    ASSERT_EQ(server.server().counters().connections_open, idle_connections);
    RecordProperty("bytes_per_connection_and_client",
                   static_cast<int>((resident_bytes_max() - before) / 2000));

    auto client = server.client();
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(client.send(get("/")));
    ASSERT_TRUE(idle.back().send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    EXPECT_THAT(idle.back().receive_until_closed(), StartsWith("HTTP/1.1 200 OK"));
}

}   // namespace
}   // namespace ward::http
