// SPDX-License-Identifier: Apache-2.0
// The protocol as it looks on the wire.
#include "http/fixture_test.hpp"

namespace ward::http {
namespace {

TEST(HttpProtocol, HeadHasTheLengthAndNoBody) {
    TestServer server;
    const auto text = answer_to(server,
                                "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n"
                                "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(text, HasSubstr("Content-Length: 8\r\nConnection: keep-alive\r\n\r\nHTTP/1.1 200 OK"));
    auto client = server.client();
    const auto response = client.send({.method = Method::head, .target = "/a"});
    EXPECT_EQ(response->header("Content-Length"), "8");
    EXPECT_EQ(client.send(get("/a"))->body, "GET /a ");
}

TEST(HttpProtocol, RequestsInOnePieceAreAnsweredInTheirOrder) {
    TestServer server;
    std::string requests;
    for (int i = 0; i < 200; ++i) requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n";
    RawClient client{server};
    ASSERT_TRUE(client.send(requests));
    for (int i = 0; i < 200; ++i)
        EXPECT_THAT(client.receive_until("GET /" + std::to_string(i) + " "), StartsWith("HTTP/1.1 200 OK"));
}

// One recv may bring many TLS records; those that no read has returned yet must not wait for the next recv.
TEST(HttpProtocol, RequestsInRecordsOfTheirOwnAreAnsweredInTheirOrder) {
    TestServer server;
    RawClient client{server};
    for (int i = 0; i < 500; ++i)
        ASSERT_TRUE(client.send("GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
    for (int i = 0; i < 500 && !HasFailure(); ++i)
        EXPECT_THAT(client.receive_until("GET /" + std::to_string(i) + " "), StartsWith("HTTP/1.1 200 OK"));
}

TEST(HttpProtocol, ChunksAreJoined) {
    TestServer server;
    EXPECT_THAT(
        answer_to(server,
                  "POST /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "3\r\nWar\r\n1\r\nd\r\n0\r\n\r\n"),
        HasSubstr("POST /a Ward"));
}

TEST(HttpProtocol, AsksForTheBodyOfAClientThatWaits) {
    TestServer server;
    RawClient client{server};
    ASSERT_TRUE(
        client.send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"));
    EXPECT_EQ(client.receive_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    ASSERT_TRUE(client.send("Ward"));
    EXPECT_THAT(client.receive_until("Ward"), StartsWith("HTTP/1.1 200 OK"));
}

TEST(HttpProtocol, RefusesABodyBeforeItIsSentToAClientThatWaits) {
    TestServer server{{.body_bytes_max = 10}};
    EXPECT_THAT(
        answer_to(server,
                  "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n"),
        StartsWith("HTTP/1.1 413 "));
}

TEST(HttpProtocol, AnOldClientGetsOneAnswerOrAsksForMore) {
    TestServer server;
    EXPECT_THAT(answer_to(server, "GET /a HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n\r\nGET /a "));
    RawClient client{server};
    ASSERT_TRUE(client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_THAT(client.receive_until("GET /a "), HasSubstr("Connection: keep-alive"));
    ASSERT_TRUE(client.send("GET /b HTTP/1.0\r\n\r\n"));
    EXPECT_THAT(client.receive_until_closed(), HasSubstr("GET /b "));
}

// What a proxy in front might take for a second request must not be one here (RFC 9112, 6.3 and 11.2).
TEST(HttpProtocol, ASmuggledRequestIsNotAnswered) {
    TestServer server;
    const std::string smuggled = "0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";
    for (const auto* framing :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: xchunked\r\nContent-Length: 5", "Content-Length: 5, 6",
          "Transfer-Encoding: identity", "Content-Length: 5\r\n Content-Length: 6"}) {
        const auto text = answer_to(
            server, "POST / HTTP/1.1\r\nHost: x\r\n" + std::string{framing} + "\r\n\r\n" + smuggled);
        EXPECT_THAT(text, testing::AnyOf(StartsWith("HTTP/1.1 400 "), StartsWith("HTTP/1.1 501 ")))
            << framing;
        EXPECT_THAT(text, Not(HasSubstr("/smuggled"))) << framing;
    }
    EXPECT_EQ(server.server().counters().requests, 0U);
}

TEST(HttpProtocol, GarbageIsRefusedAndTheConnectionClosed) {
    TestServer server;
    EXPECT_THAT(answer_to(server, std::string(100, '\0') + "\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer_to(server, "GET / HTTP/3.0\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 505 "));
    EXPECT_THAT(answer_to(server, "GET /a?b=%C3 HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
    EXPECT_EQ(server.server().counters().requests_refused, 3U);
    EXPECT_EQ(server.client().send(get("/"))->status, 200);
}

TEST(HttpProtocol, ARefusalSaysNothingOfTheRequest) {
    TestServer server;
    EXPECT_THAT(answer_to(server, "GET /Patient?name=Zebedee%zz HTTP/1.1\r\nHost: x\r\n\r\n"),
                Not(HasSubstr("Zebedee")));
}

}   // namespace
}   // namespace ward::http
