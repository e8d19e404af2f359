// SPDX-License-Identifier: Apache-2.0
// Where bodies end (RFC 9112, section 6.3), what they are compressed with, and what is lost of them.
#include "event/fhir.hpp"
#include "event/http.hpp"
#include "protocol/bed_test.hpp"
#include "protocol/http/http.hpp"
#include "protocol/http/inflate.hpp"

namespace ward::protocol::http {
namespace {

using event::Fhir;
using event::Http;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// A vocabulary for messages.
const std::string get = "GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string get_next = "GET /next HTTP/1.1\r\nHost: h\r\n\r\n";
const std::string no_content = "HTTP/1.1 204 No Content\r\n\r\n";
std::string post(const std::string& fields, const std::string& body) {
    return "POST /a HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n" + body;
}
std::string ok(const std::string& fields, const std::string& body = "") {
    return "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body;
}
std::string length(std::size_t bytes) { return "Content-Length: " + std::to_string(bytes) + "\r\n"; }
std::string fhir(const std::string& encoding, const std::string& body) {
    return "Content-Type: application/fhir+json\r\nContent-Encoding: " + encoding + "\r\n" +
           length(body.size()) + "\r\n" + body;
}
const std::string chunked = "Transfer-Encoding: chunked\r\n";

// {"resourceType":"Bundle", … "total":2 … } with two Observations of Patient/PID4711.
const std::string bundle =
    hex("1f8b0800000000000203b58c3d0bc2301445ffcb9d035211848ce2e26407377148e3159592c8cb8b5042febb29050777"
        "c7fb714e8130c52c9ea7e94558ec72b88e84812e39d189bf27ea5c457523ecda804165823d972f0e5b7e55c72151de4e"
        "1f313438e5e149afcbef46619821f46d6fb6557fd86fb65d875aabf98bf5523f61f70088ec000000");
// The same with four million spaces before the second Observation: 4,085 bytes, of which most are zero.
const std::string bomb =
    hex("1f8b0800000000000203edccbd4a03511006d05791a9031211842dc5265552d88945b28e1891dd70f76e20847d773704"
        "147c0439a79abf6fce5172e8c7d2e6f3e990d1c4e3d8bd7d652ca25efb21b7a5fd18b25e467ddd7e4573b788ec6a3945"
        "f372fe894773fefb6abd1bb21cb775df77737818779fd9d6ebdd7b96ec2ea1d8ccfbf9dbed66f574ffb05cc6344d8b1b") +
    std::string(3800, '\0');
// {"resourceType":"Observation","subject":{"reference":"Patient/PID4711"}} as raw deflate, and as zlib has it
const std::string observation_deflated =
    hex("ab562a4a2dce2f2d4a4e0da92c4855b252f24f2a4e2d2a4b2cc9cccf53d2512a2e4dca4a4d2e51b2aa06aa4b4b2d4acd"
        "4b06290a00caa7e695e80778ba98981b1a2ad5d60200");
const std::string observation_of_zlib = hex("78da") + observation_deflated + hex("b6841902");

const Pseudonymise by_key = [](std::string_view id) {
    return event::Pseudonym{"key:" + std::to_string(id.size())};
};
Bed bed() {
    Bed talk{open_session()};
    talk.out.pseudonymise = &by_key;
    return talk;
}
/// A whole exchange: this response to a GET.
Bed answered(const std::string& response) {
    auto talk = bed();
    talk.client(get).server(response).end();
    return talk;
}

// Chunks: RFC 9112, section 7.1.

TEST(HttpBody, AChunkExtensionIsToldWithoutItsValue) {
    const auto talk = answered(ok(chunked, "5;who=haddad\r\nhello\r\n1 ; q=\"x\"\r\n!\r\n0;end\r\n\r\n"));
    EXPECT_EQ(talk.one<Http>().length, 6u);
    EXPECT_THAT(talk.one<Http>().anomalies, ElementsAre("chunk extension"));
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

TEST(HttpBody, TrailersBelongToTheMessageAndAreNotRead) {
    auto talk = bed();
    talk.client(post(chunked, "3\r\nabc\r\n0\r\nUser-Agent: haddad\r\nContent-Length: 99\r\n\r\n") +
                get_next);
    talk.server(no_content + no_content);
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->request_length, 3u);
    EXPECT_THAT(told[0]->anomalies, IsEmpty());
    EXPECT_EQ(told[1]->url, "/next");
    EXPECT_THAT(talk.json(), Not(HasSubstr("haddad")));
}

TEST(HttpBody, ChunkSizesAreHexadecimalInBothCasesAndMayBeginWithZeros) {
    const auto talk = answered(ok(chunked, "000A\r\n0123456789\r\n0b\r\n0123456789a\r\n00\r\n\r\n"));
    EXPECT_EQ(talk.one<Http>().length, 21u);
    EXPECT_THAT(talk.one<Http>().anomalies, IsEmpty());
}

TEST(HttpBody, AChunkSizeThatIsNoNumberIsNoneInAnyDisguise) {
    const auto violation_of = [](const std::string& size) {
        return answered(ok(chunked, size + "\r\nhello\r\n0\r\n\r\n")).out.violation;
    };
    EXPECT_EQ(violation_of("0x5"), "chunk size is not a number");
    EXPECT_EQ(violation_of("+5"), "chunk size is not a number");
    EXPECT_EQ(violation_of("-5"), "chunk size is not a number");
    EXPECT_EQ(violation_of("5 5"), "chunk size is not a number");
    EXPECT_EQ(violation_of(";x"), "chunk size is not a number");
    EXPECT_EQ(violation_of("10000000000000005"), "chunk size is not a number");   // 2^64 + 5
    EXPECT_EQ(violation_of(std::string(2000, '0')), "chunk line too long");
    EXPECT_EQ(violation_of("4"), "chunk is longer than it says");
}

TEST(HttpBody, AChunkOfTheLargestSizeOnlyCounts) {
    auto talk = bed();
    talk.client(get).server(ok(chunked, "ffffffffffffffff\r\n") + std::string(100'000, 'x'));
    EXPECT_LT(talk.memory(), 4096u);
    EXPECT_EQ(talk.end().one<Http>().length, 100'000u);
}

TEST(HttpBody, ATrailerThatNeverEndsTakesNoMemory) {
    auto talk = bed();
    talk.client(get).server(ok(chunked, "0\r\n"));
    for (int i = 0; i < 10'000; ++i) talk.server("X-Trailer: 0123456789012345678901234567890123456789\r\n");
    EXPECT_LT(talk.memory(), 4096u);
    EXPECT_EQ(talk.server("\r\n").one<Http>().length, 0u);
}

// Lengths: RFC 9112, section 6.3.

TEST(HttpBody, ALengthThatIsTooLongTakesTheNextRequestIn) {
    auto talk = bed();
    talk.client(post(length(5 + get.size()), "hello") + get + get_next).end();
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->request_length, 5 + get.size());
    EXPECT_EQ(told[1]->url, "/next");
}

TEST(HttpBody, WhatIsBeyondALengthIsNoMessage) {
    auto talk = bed();
    talk.client(get + get_next).server(ok(length(3), "hello") + no_content);
    EXPECT_EQ(talk.one<Http>().length, 3u);
    EXPECT_EQ(talk.out.violation, "no HTTP message");
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)], 2 + no_content.size());
    talk.server(no_content);   // with the next packet it goes on
    EXPECT_EQ(talk.all<Http>().back()->status, 204);
}

TEST(HttpBody, ABodyShorterThanItsLengthIsToldAtTheEnd) {
    auto talk = bed();
    talk.client(get).server(ok(length(1000), "hello"));
    EXPECT_THAT(talk.out.events, IsEmpty());
    EXPECT_EQ(talk.end().one<Http>().length, 5u);
}

TEST(HttpBody, ARepeatedLengthIsOneAndAnImpossibleOneIsTold) {   // RFC 9110, section 8.6
    const auto same = answered(ok("Content-Length: 5, 5\r\n" + length(5), "hello") + "x");
    EXPECT_EQ(same.one<Http>().length, 5u);
    EXPECT_THAT(same.one<Http>().anomalies, IsEmpty());
    const auto beyond = answered(ok("Content-Length: 18446744073709551616\r\n", "hello"));
    EXPECT_EQ(beyond.one<Http>().length, 5u);
    EXPECT_THAT(beyond.one<Http>().anomalies, ElementsAre("Content-Length is not a number"));
}

TEST(HttpBody, OfBothHeadersInAResponseTheChunksDecide) {
    auto talk = bed();
    talk.client(get + get_next).server(ok(length(2) + chunked, "5\r\nhello\r\n0\r\n\r\n") + no_content);
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 2u);
    EXPECT_EQ(told[0]->length, 5u);
    EXPECT_THAT(told[0]->anomalies, ElementsAre("Transfer-Encoding and Content-Length"));
    EXPECT_EQ(told[1]->status, 204);
}

TEST(HttpBody, ATransferCodingThatIsNotChunkedLastEndsWithTheConnection) {
    const auto talk = answered(ok("Transfer-Encoding: chunked, gzip\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    EXPECT_EQ(talk.one<Http>().length, 15u);
    const auto chunks_last = answered(ok("Transfer-Encoding: gzip, Chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"));
    EXPECT_EQ(chunks_last.one<Http>().length, 5u);
    EXPECT_THAT(chunks_last.one<Http>().anomalies, IsEmpty());
}

TEST(HttpBody, ChunksInHttp10AreTold) {   // RFC 9112, section 6.1
    const auto talk = answered("HTTP/1.0 200 OK\r\n" + chunked + chunked + "\r\n0\r\n\r\n");
    EXPECT_THAT(talk.one<Http>().anomalies,
                ElementsAre("several Transfer-Encoding", "Transfer-Encoding in HTTP/1.0"));
}

TEST(HttpBody, SomeResponsesHaveNoneWhateverTheySay) {   // RFC 9112, section 6.3, item 1
    auto talk = bed();
    talk.client("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n" + get + get + get_next);
    talk.server(ok(chunked) + "HTTP/1.1 103 Early Hints\r\nContent-Length: 9\r\n\r\n");
    talk.server("HTTP/1.1 204 No Content\r\n" + length(9) + "\r\n");
    talk.server("HTTP/1.1 304 Not Modified\r\n" + chunked + "\r\n" + ok(length(2), "ok"));
    const auto told = talk.all<Http>();
    ASSERT_EQ(told.size(), 4u);
    EXPECT_EQ(told[0]->length, 0u);
    EXPECT_EQ(told[1]->status, 204);
    EXPECT_EQ(told[2]->status, 304);
    EXPECT_EQ(told[3]->url, "/next");
    EXPECT_EQ(told[3]->length, 2u);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(HttpBody, AnAnswerMayComeBeforeTheBodyIsSent) {
    auto talk = bed();
    talk.client(post(length(10), "hello")).server("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(talk.one<Http>().status, 413);
    EXPECT_EQ(talk.one<Http>().request_length, 5u);
    talk.client("world" + get_next).end();
    EXPECT_EQ(talk.all<Http>().back()->url, "/next");
}

// Compressed bodies: RFC 9110, section 8.4.1.

TEST(HttpBody, ACompressedBundleIsReadAndItsLengthIsThatOfTheWire) {
    const auto talk = answered(ok(fhir("gzip", bundle)));
    const auto& told = talk.one<Fhir>();
    EXPECT_EQ(told.response_type, "Bundle");
    EXPECT_EQ(told.total, 2u);
    EXPECT_EQ(told.entries, 2u);
    EXPECT_EQ(told.length, bundle.size());
    EXPECT_EQ(talk.one<Http>().length, bundle.size());
    EXPECT_THAT(talk.json(), Not(HasSubstr("PID4711")));
}

TEST(HttpBody, ACompressedRequestNamesThePatientByPseudonymOnly) {
    auto talk = bed();
    talk.client("POST /fhir/Observation HTTP/1.1\r\nHost: h\r\n" + fhir("deflate", observation_of_zlib));
    talk.server(no_content);
    EXPECT_EQ(talk.one<Fhir>().interaction, "create");
    EXPECT_EQ(talk.one<Fhir>().patient.text, "key:7");
    EXPECT_THAT(talk.json(), Not(HasSubstr("PID4711")));
}

TEST(HttpBody, CompressedChunksGiveTheSameEventsHoweverTheyAreCut) {
    std::string chunks;
    for (std::size_t at = 0; at < bundle.size(); at += 8) chunks += "8\r\n" + bundle.substr(at, 8) + "\r\n";
    ASSERT_EQ(bundle.size() % 8, 0u);
    const auto fields = "Content-Type: application/fhir+json\r\nContent-Encoding: GZIP\r\n" + chunked;
    const auto response = ok(fields, chunks + "0\r\n\r\n");
    EXPECT_EQ(answered(response).one<Fhir>().entries, 2u);
    expect_any_split_gives_the_same_events(open_session, {{Side::client, get}, {Side::server, response}});
}

TEST(HttpBody, ABombIsInflatedToItsLimitOnly) {
    EXPECT_EQ(inflated(bomb, limits.inflated_max).size(), limits.inflated_max);
    const auto talk = answered(ok(fhir("gzip", bomb)));
    EXPECT_EQ(talk.one<Fhir>().entries, 1u);   // the second comes after four million spaces
    EXPECT_EQ(talk.one<Fhir>().total, 2u);
    EXPECT_EQ(talk.one<Http>().length, bomb.size());
}

TEST(HttpBody, ABombThatIsLongTakesNoMoreMemoryThanIsRead) {
    auto talk = bed();
    talk.client(get).server(ok("Content-Type: application/fhir+json\r\nContent-Encoding: gzip\r\n", bomb));
    for (int i = 0; i < 1000; ++i) talk.server(std::string(1000, '\0'));
    EXPECT_LT(talk.memory(), 2 * limits.body_read_max + 4096);
    EXPECT_EQ(talk.end().one<Http>().length, bomb.size() + 1'000'000);
}

TEST(HttpBody, DeflateIsReadWithAndWithoutItsHeader) {
    const std::string observation =
        R"({"resourceType":"Observation","subject":{"reference":"Patient/PID4711"}})";
    EXPECT_EQ(inflated(observation_of_zlib, 1000), observation);
    EXPECT_EQ(inflated(observation_deflated, 1000), observation);
    EXPECT_EQ(inflated(observation_of_zlib, 10), observation.substr(0, 10));
    EXPECT_EQ(inflated("", 1000), "");
}

TEST(HttpBody, OfABodyThatIsCutTheBeginningIsInflated) {
    const auto whole = inflated(bundle, 1000);
    ASSERT_EQ(whole.size(), 236u);
    for (std::size_t cut = 0; cut < bundle.size(); ++cut)
        EXPECT_TRUE(whole.starts_with(inflated(bundle.substr(0, cut), 1000))) << cut;
}

TEST(HttpBody, ABodyThatIsNotCompressedAsItSaysIsCountedAllTheSame) {
    const auto talk = answered(ok(fhir("gzip", R"({"resourceType":"Patient"})")));
    EXPECT_EQ(talk.one<Http>().length, 26u);
    EXPECT_EQ(talk.one<Fhir>().response_type, "");
}

// Losses.

TEST(HttpBody, ALossInACompressedBodyEndsTheReadingButNotTheMessage) {
    const auto response = ok(fhir("gzip", bundle));
    const auto before = response.size() - bundle.size() + 60;
    auto talk = bed();
    talk.client(get + get_next).server(response.substr(0, before)).lose(Side::server, 40);
    talk.server(response.substr(before + 40) + no_content);
    EXPECT_EQ(talk.all<Http>().size(), 2u);
    EXPECT_EQ(talk.one<Fhir>().length, bundle.size());
    EXPECT_LT(talk.one<Fhir>().entries.value_or(0), 2u);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(HttpBody, ALossOfExactlyTheRestEndsTheMessage) {
    auto talk = bed();
    talk.client(get).server(ok(length(1000), "hello")).lose(Side::server, 995);
    EXPECT_EQ(talk.one<Http>().length, 1000u);
    talk.client(post(length(9), "1234"))
        .lose(Side::client, 5)
        .client(get_next)
        .server(no_content + no_content);
    EXPECT_EQ(talk.all<Http>()[1]->request_length, 9u);
    EXPECT_EQ(talk.all<Http>()[2]->url, "/next");
}

TEST(HttpBody, ALossWithinOneChunkIsPartOfIt) {
    auto talk = bed();
    talk.client(get).server(ok(chunked, "3e8\r\nhello")).lose(Side::server, 995).server("\r\n0\r\n\r\n");
    EXPECT_EQ(talk.one<Http>().length, 1000u);
    EXPECT_EQ(talk.out.violation, "");
}

TEST(HttpBody, ALossOverTheEndOfABodyTellsWhatWaitsWithoutIt) {
    auto talk = bed();
    talk.client(get + get_next).server(ok(length(10), "hello")).lose(Side::server, 6);
    ASSERT_EQ(talk.all<Http>().size(), 2u);
    EXPECT_EQ(talk.all<Http>()[0]->status, 200);
    EXPECT_FALSE(talk.all<Http>()[1]->status);
    talk.client(get).server(ok(length(2), "ok"));
    EXPECT_EQ(talk.all<Http>().back()->length, 2u);
}

TEST(HttpBody, ALossAnywhereInAnAnswerLeavesTheNextOne) {
    const auto response = ok(length(20), std::string(20, 'x'));
    for (std::size_t cut = 0; cut < response.size(); ++cut) {
        auto talk = bed();
        talk.client(get).server(response.substr(0, cut)).lose(Side::server, response.size() - cut);
        talk.client(get_next).server(ok(length(2), "ok")).end();
        EXPECT_EQ(talk.all<Http>().back()->url, "/next") << cut;
        EXPECT_EQ(talk.all<Http>().back()->length, 2u) << cut;
        EXPECT_EQ(talk.out.violation, "") << cut;
    }
}

// Other protocols on the same connection.

TEST(HttpBody, ATunnelHasNoBodyWhateverItSays) {   // RFC 9110, section 9.3.6
    auto talk = bed();
    talk.client("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");
    talk.server(ok(length(3) + chunked, "\x16\x03\x03"));
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(as_text(*talk.out.restart), "\x16\x03\x03");
    EXPECT_EQ(talk.one<Http>().length, 0u);
}

TEST(HttpBody, ARefusedTunnelAndARefusedUpgradeGoOnInHttp) {
    auto talk = bed();
    talk.client("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n");
    talk.server("HTTP/1.1 407 Proxy Authentication Required\r\n" + length(2) + "\r\nno");
    talk.client("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n\r\n");
    talk.server("HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.3\r\n" + length(0) + "\r\n");
    EXPECT_FALSE(talk.out.restart);
    ASSERT_EQ(talk.all<Http>().size(), 2u);
    EXPECT_EQ(talk.all<Http>()[0]->length, 2u);
    EXPECT_EQ(talk.all<Http>()[1]->upgrade, "");   // nothing else is spoken
}

TEST(HttpBody, AnUpgradeWhoseRequestWasNotSeenBeginsAnotherProtocolToo) {
    auto talk = bed();
    talk.server("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r").server("\nrest");
    EXPECT_FALSE(talk.one<Http>().request_seen);
    EXPECT_EQ(talk.one<Http>().upgrade, "h2c");
    ASSERT_TRUE(talk.out.restart);
    EXPECT_EQ(as_text(*talk.out.restart), "rest");
}

TEST(HttpBody, WhatTheWrongSideSaysIsNoMessage) {
    auto talk = bed();
    talk.server(get).client(ok(length(2), "ok")).end();
    EXPECT_THAT(talk.out.events, IsEmpty());
    EXPECT_EQ(talk.out.uninspected[static_cast<std::size_t>(Uninspected::malformed)],
              get.size() + ok(length(2), "ok").size());
}

TEST(HttpBody, ALossInsideAChunkHidesNothingOfWhatComesAfterTheNextMessage) {
    auto talk = bed();
    talk.client("POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
    talk.lose(Side::client, 100);
    talk.client("GET /first HTTP/1.1\r\nHost: a\r\n\r\n")
        .client("GET /second HTTP/1.1\r\nHost: a\r\n\r\n")
        .end();
    EXPECT_THAT(talk.json(), testing::HasSubstr("/first"));
    EXPECT_THAT(talk.json(), testing::HasSubstr("/second"));
}

}   // namespace
}   // namespace ward::protocol::http
