// SPDX-License-Identifier: Apache-2.0
#include "http/server.hpp"

#include <future>
#include <latch>
#include <mutex>
#include <thread>

#include "http/fixture_test.hpp"

namespace ward::http {
namespace {

TEST(HttpServer, KeepsAConnectionAliveBetweenRequests) {
    TestServer server;
    auto client = server.client();
    for (int i = 0; i < 3; ++i) {
        const auto response = client.send(post("/fhir/Patient?a=b+c", "{}"));
        ASSERT_TRUE(response) << response.error().what;
        EXPECT_EQ(response->status, 200);
        EXPECT_EQ(response->body, "POST /fhir/Patient a=b c {}");
        EXPECT_NE(response->header("Date"), "");
    }
    EXPECT_EQ(server.server().counters().connections, 1U);
    EXPECT_EQ(server.server().counters().requests, 3U);
}

TEST(HttpServer, TellsTheProgramWhoAsks) {
    TestServer server{{}, [](Request request, Respond respond) { respond({.body = request.peer_address}); }};
    auto client = server.client();
    EXPECT_EQ(client.send(get("/"))->body, "127.0.0.1");
}

TEST(HttpServer, AnswersManyClientsAtOnce) {
    TestServer server;
    std::vector<std::jthread> threads;
    std::atomic<int> answered{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&, i] {
            auto client = server.client();
            const std::string body(static_cast<std::size_t>(i) * 5000, 'b');
            for (int n = 0; n < 50; ++n)
                if (client.send(post("/p", body))->body == "POST /p " + body) ++answered;
        });
    threads.clear();
    EXPECT_EQ(answered, 400);
}

TEST(HttpServer, TakesAnswersFromAnotherThread) {
    std::mutex mutex;   // guards waiting
    std::vector<Respond> waiting;
    std::latch all_asked{3};
    TestServer server{{}, [&](Request, Respond respond) {
                          const std::lock_guard lock{mutex};
                          waiting.push_back(std::move(respond));
                          all_asked.count_down();
                      }};
    std::jthread answering{[&] {
        all_asked.wait();
        const std::lock_guard lock{mutex};
        for (auto& respond : waiting) respond({.status = 201});
        waiting.clear();
    }};
    std::vector<std::jthread> asking;
    for (int i = 0; i < 3; ++i)
        asking.emplace_back([&] { EXPECT_EQ(server.client().send(get("/"))->status, 201); });
}

TEST(HttpServer, ADroppedRespondIsA500AndTheEndOfTheConnection) {
    TestServer server{{}, [](Request, Respond) {}};
    auto client = server.client();
    const auto response = client.send(get("/"));
    ASSERT_TRUE(response) << response.error().what;
    EXPECT_EQ(response->status, 500);
    EXPECT_EQ(response->header("Connection"), "close");
    EXPECT_EQ(client.send(get("/"))->status, 500);   // on a new connection
    EXPECT_EQ(server.server().counters().connections, 2U);
}

TEST(HttpServer, AnAnswerThatComesTooLateIsNotTakenForTheNext) {
    std::promise<Respond> asked;
    TestServer server{{}, [&](Request request, Respond respond) {
                          if (request.path == "/slow") return asked.set_value(std::move(respond));
                          respond({.body = request.path});
                      }};
    auto client = server.client({.response_timeout = 300ms});
    EXPECT_FALSE(client.send(get("/slow")));
    const auto response = client.send(get("/fast"));
    asked.get_future().get()({.body = "/slow"});
    ASSERT_TRUE(response) << response.error().what;
    EXPECT_EQ(response->body, "/fast");
}

TEST(HttpServer, SendsALargeAnswerWhole) {
    const std::string large(20'000'000, 'l');
    TestServer server{{}, [&](Request, Respond respond) { respond({.body = large}); }};
    auto client = server.client();
    for (int i = 0; i < 2; ++i) EXPECT_TRUE(client.send(get("/"))->body == large);
}

TEST(HttpServer, AnAnswerWithALineBreakInAFieldIsNotSent) {
    TestServer server{{}, [](Request, Respond respond) {
                          respond({.headers = {{"Location", "/\r\nA: b"}}, .body = "x"});
                      }};
    const auto response = server.client().send(get("/"));
    EXPECT_EQ(response->status, 500);
    EXPECT_EQ(response->header("A"), "");
    EXPECT_EQ(response->body, "");
}

TEST(HttpServer, TheOwnerIsAskedBeforeItRefuses) {
    const auto identity = make_test_identity();
    std::promise<std::string> told;
    ServerOptions options;
    options.refused = [&told](int status, std::string_view what, const std::string& peer_address,
                              UniqueFunction<void()> go_on) {
        told.set_value(std::to_string(status) + " " + peer_address + ": " + std::string{what});
        go_on();
    };
    auto server = Server::open(std::move(options), identity, echo);
    ASSERT_TRUE(server);
    server->start();
    auto client =
        Client::connect({.port = server->port(), .trusted_certificate_pem = identity.certificate_pem});
    EXPECT_EQ(client->send(get("/%zz"))->status, 400);
    EXPECT_EQ(told.get_future().get(), "400 127.0.0.1: the request target is malformed");
}

TEST(HttpServer, TheOwnerShapesTheBodyOfItsErrors) {
    const auto identity = make_test_identity();
    auto server = Server::open({.error_body = {"application/fhir+json",
                                               [](int status, std::string_view) {
                                                   return R"({"s":)" + std::to_string(status) + "}";
                                               }}},
                               identity, echo);
    ASSERT_TRUE(server);
    server->start();
    auto client =
        Client::connect({.port = server->port(), .trusted_certificate_pem = identity.certificate_pem});
    const auto response = client->send(get("/%zz"));
    EXPECT_EQ(response->status, 400);
    EXPECT_EQ(response->header("Content-Type"), "application/fhir+json");
    EXPECT_EQ(response->body, R"({"s":400})");
}

TEST(HttpServer, StopLetsARequestInFlightBeAnswered) {
    std::promise<Respond> asked;
    TestServer server{{}, [&](Request, Respond respond) { asked.set_value(std::move(respond)); }};
    auto client = server.client();
    auto idle = server.client();
    std::jthread asking{[&] {
        const auto response = client.send(get("/"));
        ASSERT_TRUE(response) << response.error().what;
        EXPECT_EQ(response->body, "just in time");
        EXPECT_EQ(response->header("Connection"), "close");
    }};
    auto respond = asked.get_future().get();
    std::jthread stopping{[&] { server.server().stop(); }};
    ASSERT_TRUE(server.reaches([](const auto& counters) { return counters.connections_open == 1; }));
    EXPECT_FALSE(idle.send(get("/")));
    respond({.body = "just in time"});
    stopping.join();
    EXPECT_EQ(server.server().counters().connections_open, 0U);
}

TEST(HttpServer, StopCutsWhoDoesNotFinish) {
    TestServer server{{.drain_timeout = 50ms}};
    RawClient client{server};
    ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n123"));
    ASSERT_TRUE(server.reaches([](const auto& counters) { return counters.bodies_bytes == 3; }));
    server.server().stop();
    EXPECT_EQ(client.receive_until_closed(), "");
    EXPECT_EQ(server.server().counters().bodies_bytes, 0U);
}

TEST(HttpServer, StopsUnderLoad) {
    TestServer server{{.drain_timeout = 5s}};
    std::atomic<bool> go_on{true};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] {
            while (go_on) {
                auto client =
                    Client::connect({.port = server.port(), .trusted_certificate_pem = server.certificate()});
                while (client && client->send(post("/", "body"))) {
                }
            }
        });
    ASSERT_TRUE(server.reaches([](const auto& counters) { return counters.requests > 200; }));
    server.server().stop();
    go_on = false;
    EXPECT_EQ(server.server().counters().requests_in_flight, 0U);
}

TEST(HttpServer, ListensOnlyWhereItCan) {
    const auto identity = make_test_identity();
    for (const auto* address :
         {"localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "nowhere:1", "192.0.2.1:1"})
        EXPECT_FALSE(Server::open({.address = address}, identity, echo)) << address;
    EXPECT_TRUE(Server::open({.address = "[::1]:0"}, identity, echo));
}

}   // namespace
}   // namespace ward::http
