// SPDX-License-Identifier: Apache-2.0
#include "protocol/http/http.hpp"

#include "event/http.hpp"
#include "protocol/bed_test.hpp"

namespace ward::protocol::http {
namespace {

using event::Http;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string post =
    "POST /fhir/Observation HTTP/1.1\r\nHost: ehr.rose.example:8080\r\nAccept-Encoding: identity\r\n"
    "Content-Length: 17\r\nContent-Type: application/fhir+json\r\n"
    "User-Agent: lark-pump/2.7 (unit 4; SN L4-93)\r\n\r\n{\"status\":\"test\"}";
const std::string created =
    "HTTP/1.1 201 Created\r\nServer: RoseFHIR/7 Jetty/12\r\n"
    "Content-Type: application/fhir+json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}";
const std::string get = "GET /index.html HTTP/1.1\r\nHost: pacs.example\r\n\r\n";
const std::string chunked =
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nExpires: "
    "0\r\n\r\n";

Bed bed() { return Bed{open_session()}; }

TEST(Http, JoinsARequestAndItsResponse) {
    auto talk = bed();
    talk.client(post).after(std::chrono::milliseconds{3}).server(created);
    const auto& told = talk.one<Http>();
    EXPECT_EQ(told.http_method, "POST");
    EXPECT_EQ(told.hostname, "ehr.rose.example");
    EXPECT_EQ(told.http_port, 8080);
    EXPECT_EQ(told.url, "/fhir/Observation");
    EXPECT_EQ(told.http_user_agent, "lark-pump/2.7 (unit 4; SN L4-93)");
    EXPECT_EQ(told.protocol, "HTTP/1.1");
    EXPECT_EQ(told.status, 201);
    EXPECT_EQ(told.server, "RoseFHIR/7 Jetty/12");
    EXPECT_EQ(told.http_content_type, "application/fhir+json");
    EXPECT_EQ(told.request_length, 17u);
    EXPECT_EQ(told.length, 2u);
    EXPECT_EQ(told.latency_us, 3000);
    EXPECT_THAT(told.anomalies, IsEmpty());
}

TEST(Http, AnySplitGivesTheSameEvents) {
    expect_any_split_gives_the_same_events(
        open_session, {{Side::client, post + get + "HEAD / HTTP/1.0\r\n\r\n" + get},
                       {Side::server, "HTTP/1.1 100 Continue\r\n\r\n" + created + chunked +
                                          "HTTP/1.0 200 OK\r\nContent-Length: 999\r\n\r\n" +
                                          "HTTP/1.1 200 OK\r\nServer: IIS\r\n\r\nuntil the end"}});
}

TEST(Http, AnswersArriveInTheOrderOfThePipelinedRequests) {
    auto talk = bed();
    talk.client("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n" + get);
    talk.server(
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nHTTP/1.1 304 Not Modified\r\nContent-Length: "
        "7\r\n\r\n");
    talk.server(chunked);
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->url, "/a");
    EXPECT_EQ(told[0]->length, 0u);   // RFC 9110, 9.3.2: the length is that of a GET
    EXPECT_EQ(told[1]->status, 304);
    EXPECT_EQ(told[2]->url, "/index.html");
    EXPECT_EQ(told[2]->length, 11u);
}

TEST(Http, TellsOfBothLengthsBecauseTwoReadersMayDisagree) {
    auto talk = bed();
    talk.client(
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
            get)
        .end();
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_THAT(told[0]->anomalies, ElementsAre("Transfer-Encoding and Content-Length"));
    EXPECT_EQ(told[1]->url, "/index.html");
}

struct Ambiguity {
    const char* fields;
    const char* told;
};
class HttpAmbiguity : public testing::TestWithParam<Ambiguity> {};

TEST_P(HttpAmbiguity, IsTold) {
    auto talk = bed();
    talk.client(std::string{"GET / HTTP/1.1\r\n"} + GetParam().fields + "\r\n").end();
    EXPECT_THAT(talk.one<Http>().anomalies, ElementsAre(GetParam().told));
}
INSTANTIATE_TEST_SUITE_P(
    Rfc9112, HttpAmbiguity,
    testing::Values(
        Ambiguity{"Host: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n", "differing Content-Length"},
        Ambiguity{"Host: h\r\nContent-Length: +1\r\n", "Content-Length is not a number"},
        Ambiguity{"Host: h\r\nContent-Length:\r\n", "Content-Length is not a number"},
        Ambiguity{"Host: h\r\nContent-Length: 0,\r\n", "Content-Length is not a number"},
        Ambiguity{"Host: h\r\nTransfer-Encoding: xchunked\r\n", "Transfer-Encoding does not end in chunked"},
        Ambiguity{"Host: h\r\nContent-Length : 0\r\n", "space before colon"},
        Ambiguity{"Host: h\r\nX: 1\r\n  2\r\n", "folded field line"},
        Ambiguity{"Host: h\r\nX: 1\nY: 2\r\n", "bare LF"},
        Ambiguity{"Host: h\r\nHost: i\r\n", "several Host"}, Ambiguity{"X: 1\r\n", "no Host"}));

TEST(Http, ARequestWithoutVersionIsToldWithThatAnomaly) {
    auto talk = bed();
    talk.client(
        "GET /gen.php?hwid=-7741\r\nHost: 192.0.2.88\r\n\r\nGET /\r\n\r\nGET / HTTP/1.\r\nHost: "
        "h\r\n\r\n");
    const auto told = talk.end().all<Http>();
    ASSERT_EQ(told.size(), 3u);
    EXPECT_EQ(told[0]->url, "/gen.php?hwid");
    EXPECT_EQ(told[0]->hostname, "192.0.2.88");
    for (const auto* one : told) EXPECT_THAT(one->anomalies, ElementsAre("no version in the request line"));
    EXPECT_EQ(told[2]->url, "/");
}

TEST(Http, KnowsMethodsOfMicrosoft) {
    auto talk = bed();
    talk.client("RPC_IN_DATA /rpc/rpcproxy.dll?mail:6001 HTTP/1.1\r\nHost: mail\r\nContent-Length: 0\r\n\r\n")
        .end();
    EXPECT_EQ(talk.one<Http>().http_method, "RPC_IN_DATA");
}

TEST(Http, NamesCredentialsByTheirKindOnly) {
    auto talk = bed();
    talk.client(
            "GET /?token=s3cret HTTP/1.1\r\nHost: h\r\nAuthorization: Basic c2VjcmV0\r\nCookie: "
            "sid=s3cret\r\n"
            "X-API-Key: s3cret\r\n\r\nGET http://user:s3cret@h/ HTTP/1.1\r\nHost: h\r\nAuthorization: "
            "c2VjcmV0\r\n\r\n")
        .end();
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_THAT(told[0]->credentials, ElementsAre("basic", "cookie", "api-key", "query"));
    EXPECT_THAT(told[1]->credentials, ElementsAre("other", "user information"));
    EXPECT_EQ(told[1]->hostname, "h");
    EXPECT_THAT(talk.json(), Not(HasSubstr("s3cret")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("c2VjcmV0")));
}

TEST(Http, AnUpgradeBeginsAnotherProtocolWithTheRest) {
    auto talk = bed();
    talk.client("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
    talk.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x81\x01x");
    EXPECT_EQ(talk.one<Http>().upgrade, "websocket");
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(as_text(*talk.out.restart), "\x81\x01x");
}

TEST(Http, AConnectThatSucceedsIsATunnel) {
    auto talk = bed();
    talk.client("CONNECT his.example:443 HTTP/1.1\r\nHost: his.example:443\r\n\r\n");
    talk.server("HTTP/1.1 200 Connection established\r\n\r\n");
    EXPECT_EQ(talk.one<Http>().url, "his.example:443");
    ASSERT_TRUE(talk.out.restart);
    EXPECT_TRUE(talk.out.restart->empty());
}

TEST(Http, ALossWithinABodyIsCountedAsPartOfIt) {
    auto talk = bed();
    talk.client(get).server("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + std::string(1000, 'x'));
    talk.lose(Side::server, 3000).server(std::string(1000, 'x'));
    EXPECT_EQ(talk.one<Http>().length, 5000u);
    talk.client(post).server(created);
    EXPECT_EQ(talk.all<Http>().size(), 2u);
}

TEST(Http, AfterALossTheNextMessageIsFound) {
    auto talk = bed();
    talk.client(post.substr(0, 50)).lose(Side::client, 5).client("garbage").client(get).server(created);
    EXPECT_EQ(talk.one<Http>().url, "/index.html");
    EXPECT_EQ(talk.out.violation, "no HTTP message");
}

TEST(Http, AResponseWhoseRequestWasNotSeenIsToldAlone) {
    auto talk = bed();
    talk.server(created);
    EXPECT_FALSE(talk.one<Http>().request_seen);
    EXPECT_EQ(talk.one<Http>().status, 201);
    EXPECT_FALSE(talk.one<Http>().latency_us);
}

TEST(Http, ALongBodyTakesNoMemory) {
    auto talk = bed();
    talk.client(get).server("HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: 10000000\r\n\r\n");
    const std::string piece(100'000, 'x');
    for (int i = 0; i < 100; ++i) talk.server(piece);
    EXPECT_EQ(talk.one<Http>().length, 10'000'000u);
    EXPECT_LT(talk.memory(), 4096u);
}

TEST(Http, AHeaderBlockThatNeverEndsIsGivenUp) {
    auto talk = bed();
    talk.client("GET / HTTP/1.1\r\n");
    for (int i = 0; i < 2000; ++i) talk.client("X-Padding: 0123456789012345678901234567890123456789\r\n");
    EXPECT_LE(talk.memory(), limits.head_bytes_max + 8192);
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], 60'000u);
    talk.client(get).end();
    EXPECT_EQ(talk.one<Http>().url, "/index.html");
}

TEST(Http, AServerThatNeverAnswersTakesBoundedMemory) {
    auto talk = bed();
    for (int i = 0; i < 1000; ++i) talk.client(post);
    EXPECT_EQ(talk.all<Http>().size(), 1000u - limits.unanswered_max);
    EXPECT_LT(talk.memory(), 100u << 10);
    EXPECT_EQ(talk.end().all<Http>().size(), 1000u);
}

TEST(Http, ResponsesOfRequestsThatWereGivenUpAreNotThoseOfTheNext) {
    auto talk = bed();
    const auto requests = limits.unanswered_max + 8;
    for (std::size_t i = 0; i < requests; ++i) talk.client("GET /list HTTP/1.1\r\nHost: h\r\n\r\n");
    talk.client(get);
    for (std::size_t i = 0; i < requests; ++i) talk.server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    talk.server("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n").end();
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), requests + 1);
    EXPECT_FALSE(told[8]->status);
    EXPECT_EQ(told[9]->status, 200);
    EXPECT_EQ(told.back()->url, "/index.html");
    EXPECT_EQ(told.back()->status, 404);
}

/// What is told of /a and of those behind it, if this is the answer to /a.
std::vector<std::optional<std::uint16_t>> statuses_after(std::string_view answer_to_a) {
    auto talk = bed();
    talk.client("GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    while (!answer_to_a.empty()) {
        talk.server(answer_to_a.substr(0, 1460));
        answer_to_a.remove_prefix(std::min<std::size_t>(answer_to_a.size(), 1460));
    }
    for (const char* status : {"404", "500"}) {
        talk.client("GET /b HTTP/1.1\r\nHost: h\r\n\r\n");
        talk.server(std::string{"HTTP/1.1 "} + status + " X\r\nContent-Length: 0\r\n\r\n");
    }
    std::vector<std::optional<std::uint16_t>> statuses;
    for (const auto* told : talk.end().all<Http>()) statuses.push_back(told->status);
    return statuses;
}

TEST(Http, AnAnswerThatNobodyCanReadIsNotThatOfTheNextRequest) {
    const auto none_then = ElementsAre(std::nullopt, 404, 500);
    EXPECT_THAT(statuses_after("ICY 200 OK\r\n\r\n"), none_then);
    EXPECT_THAT(statuses_after("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n"), none_then);
    EXPECT_THAT(statuses_after("HTTP/1.1 200 OK\r\nX: " + std::string(70'000, 'y') + "\r\n\r\n"), none_then);
}

TEST(Http, AHeaderBlockThatIsTooLongIsNoGarbage) {
    auto talk = bed();
    talk.client(get).server("HTTP/1.1 200 OK\r\nX: " + std::string(limits.head_bytes_max, 'y'));
    talk.server("y\r\n\r\n");
    EXPECT_EQ(talk.out.violation, "");
    EXPECT_GT(talk.out.uninspected[static_cast<std::size_t>(Uninspected::cap)], limits.head_bytes_max);
}

TEST(Http, WhatIsNoWordOfHttpIsNotTold) {
    auto talk = bed();
    talk.client(
        "ZORBANEK / HTTP/1.1\r\nHost: Zorbanek:quilithe@h\r\nX-Forwarded-For: Zorbanek, 10.1.2.3, "
        "2001:db8::1\r\nContent-Type: zorbanek/x\r\nAuthorization: Zorbanek x\r\n\r\n");
    talk.server("HTTP/1.1 101 X\r\nUpgrade: Zorbanek, TLS/1.3\r\n\r\n");
    const auto& told = talk.one<Http>();
    EXPECT_EQ(told.http_method, "{other}");
    EXPECT_EQ(told.hostname, "h");
    EXPECT_EQ(told.xff, "10.1.2.3, 2001:db8::1");
    EXPECT_EQ(told.request_content_type, "");
    EXPECT_EQ(told.upgrade, "{other}, tls/1.3");
    EXPECT_THAT(told.credentials, ElementsAre("other", "user information"));
    EXPECT_THAT(talk.json(), Not(HasSubstr("orbanek")));
    EXPECT_THAT(talk.json(), Not(HasSubstr("quilithe")));
}

TEST(Http, AConnectNamesAHostOrNothing) {
    auto talk = bed();
    talk.client("CONNECT /patient/John-Smith HTTP/1.1\r\nHost: two words\r\n\r\n").end();
    EXPECT_EQ(talk.one<Http>().url, "/patient/{id}");
    EXPECT_EQ(talk.one<Http>().hostname, "");
}

TEST(Http, WhatProgramsSayOfThemselvesIsToldWithoutOtherWords) {
    auto talk = bed();
    talk.client("GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: App/1 (Zorbanek Quilithe; Linux)\r\n\r\n");
    talk.server(
        "HTTP/1.1 302 Found\r\nServer: Zorbanek Quilithe\r\nX-Powered-By: PHP/8 of "
        "Quilithe\r\nLocation: http://u:p@h@x/\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(talk.one<Http>().http_user_agent, "App/1 (Linux)");
    EXPECT_EQ(talk.one<Http>().server, "");
    EXPECT_EQ(talk.one<Http>().x_powered_by, "PHP/8");
    EXPECT_EQ(talk.one<Http>().redirect, "//x/");
    auto other = bed();
    other.client("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    other.server("HTTP/1.1 302 Found\r\nLocation: http://Zorbanek Quilithe/x\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(other.one<Http>().redirect, "/x");
}

TEST(Http, AMethodInLowerCaseIsOneToo) {   // RFC 9110, 9.1: any token
    auto talk = bed();
    talk.client("get /a HTTP/1.1\r\nHost: h\r\n\r\n" + get).end();
    EXPECT_EQ(talk.all<Http>().size(), 2u);
    EXPECT_EQ(talk.out.violation, "");
    EXPECT_EQ(probe(as_bytes("get / HTTP/1.1\r\n"), Side::client), Verdict::yes);
}

TEST(Http, ABodyThatNobodyReadsIsContent) {
    auto talk = bed();
    talk.client(get).server("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 900\r\n\r\n" +
                            std::string(900, 'x'));
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 900u);
    talk.client(post).server(created);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::content)], 900u);
}

TEST(Http, AHeaderBlockWhoseRestIsMissingIsLostToo) {
    auto talk = bed();
    talk.client(get.substr(0, 20)).lose(Side::client, 10);
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 20u);
    talk.server(created.substr(0, 30)).end();
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::gap)], 50u);
}

TEST(Http, AChunkSizeThatIsNoneEndsTheExchange) {
    auto talk = bed();
    talk.client(get).server("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    EXPECT_EQ(talk.one<Http>().status, 200);
    EXPECT_EQ(talk.out.violation, "chunk size is not a number");
}

TEST(Http, IsRecognisedByItsContent) {
    const auto client = [](std::string_view first) { return probe(as_bytes(first), Side::client); };
    const auto server = [](std::string_view first) { return probe(as_bytes(first), Side::server); };
    EXPECT_EQ(client(post), Verdict::yes);
    EXPECT_EQ(client("GET /lon"), Verdict::unsure);
    EXPECT_EQ(client("OPTIONS sip:a@b SIP/2.0\r\n"), Verdict::no);
    EXPECT_EQ(client("OPTIONS rtsp://cam/ RTSP/1.0\r\n"), Verdict::no);
    EXPECT_EQ(client("PRI * HTTP/2.0\r\n"), Verdict::no);
    EXPECT_EQ(client("\x16\x03\x01"), Verdict::no);
    EXPECT_EQ(server(created), Verdict::yes);
    EXPECT_EQ(server("HTTP/1"), Verdict::unsure);
    EXPECT_EQ(server("220 ftp"), Verdict::no);
}

}   // namespace
}   // namespace ward::protocol::http
